import Dashboard
import Engines
import Records
import Scanner
import Synchronization
import Wire

/// Where a running scan shows: results on standard output as they come, progress on standard error where that is a
/// terminal. Reports come from the jobs' threads, the tick from another.
final class ScanScreen: Sendable {
  private let table: ScanTable
  /// Of standard error.
  private let ink: Ink
  private let isJSON: Bool
  /// With `--diff` nothing but the comparison is shown.
  private let isQuiet: Bool
  private let hasProgress: Bool
  private let started = MonotonicClock.nanoseconds()
  private let state: Mutex<State>

  private struct State {
    var tally: ScanTally
    var progress: Progress
    var line = ProgressLine()
  }

  init(_ plan: ScanPlan, table: ScanTable, ink: Ink, isJSON: Bool, isQuiet: Bool) {
    self.table = table
    self.ink = ink
    self.isJSON = isJSON
    self.isQuiet = isQuiet
    hasProgress = !isJSON && ProgressBar.hasTerminal
    let jobs = Progress.Unit.things(BilingualText(en: "jobs", zh: "任务"))
    let progress = Progress(BilingualText(en: "scanning", zh: "扫描"), jobs, total: UInt64(plan.jobs.count))
    state = Mutex(State(tally: ScanTally(plan), progress: progress))
  }

  var tally: ScanTally { state.withLock { $0.tally } }

  func add(_ report: JobReport) {
    state.withLock { state in
      let whole = state.tally.add(report)
      guard !isQuiet else { return }
      let lines = isJSON ? json(report, state.tally, whole) : whole.map(blocks) ?? []
      guard !lines.isEmpty else { return }
      clear(&state)
      Console.out.line(lines.joined(separator: "\n"))
    }
  }

  private func blocks(_ places: [(ScanPlan.Place, [JobReport])]) -> [String] {
    places.flatMap { table.block($0.0, $0.1) } + ScanScreen.differences(places).map(table.difference)
  }

  private static func differences(_ places: [(ScanPlan.Place, [JobReport])]) -> [AddressDifference] {
    AddressDifference.find(
      places.map { place, reports in
        let grades = reports.compactMap { report in
          report.facts.first { $0.name == "grade" }.map { (report.job.engine, $0.value) }
        }
        return AddressDifference.Seen(
          address: place.target.address?.description ?? "", observations: reports.flatMap(\.observations),
          grades: Dictionary(grades, uniquingKeysWith: { first, _ in first }))
      })
  }

  /// Whole lines, one write for them all.
  private func json(
    _ report: JobReport, _ tally: ScanTally, _ whole: [(ScanPlan.Place, [JobReport])]?
  ) -> [String] {
    guard let index = ScanTally.place(of: report.job) else { return [] }
    let place = tally.plan.places[index]
    let address = place.target.address ?? report.counters.addresses.first
    var writer = JSONWriter()
    for observation in report.observations {
      ScanLine.write(observation, target: place.name, address: address, to: &writer)
    }
    for fact in report.facts {
      ScanLine.write(fact, engine: report.job.engine, target: place.name, address: address, to: &writer)
    }
    ScanLine.write(report, target: place.name, to: &writer)
    var lines: [String] = []
    for difference in whole.map(ScanScreen.differences) ?? [] {
      let values = Dictionary(difference.values.map { ($0.address, $0.value) }, uniquingKeysWith: { first, _ in first })
      let line = ScanLine.Differs(target: place.name, name: difference.name, values: values)
      if let text = try? RecordJSON.line(line) { lines.append(text) }
    }
    return [writer.text + lines.joined(separator: "\n")]
  }

  // MARK: progress

  /// Draws the line anew; called a few times a second.
  func tick(_ scanner: Scanner) {
    guard hasProgress else { return }
    let (running, seconds) = (scanner.status.running, Double(MonotonicClock.nanoseconds() - started) / 1e9)
    state.withLock { state in
      let (done, targets) = (state.tally.targetsDone, state.tally.plan.groups)
      state.progress.more = [
        BilingualText(en: "\(done) of \(targets) targets", zh: "目标 \(done) / \(targets)"),
        BilingualText(en: "\(running) running", zh: "\(running) 个进行中"),
      ]
      state.progress.note(UInt64(state.tally.jobsDone), at: seconds)
      guard seconds >= Progress.patience, let columns = Console.error.columns else { return }
      Console.error.write(state.line.draw(state.progress, ink, columns: columns))
    }
  }

  /// Takes the line away.
  func end() { state.withLock { clear(&$0) } }

  private func clear(_ state: inout State) {
    let bytes = state.line.erase(columns: Console.error.columns ?? 0)
    if !bytes.isEmpty { Console.error.write(bytes) }
  }
}

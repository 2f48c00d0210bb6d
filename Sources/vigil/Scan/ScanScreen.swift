import Engines
import Hub
import Records
import Scanner
import Synchronization
import Wire

/// Where a running scan shows: results on standard output as they come, progress on standard error where that is a
/// terminal. Reports come from the jobs' threads, the tick from another.
final class ScanScreen: Sendable {
  private let table: ScanTable
  private let isJSON: Bool
  /// With `--diff` nothing but the comparison is shown.
  private let isQuiet: Bool
  private let hasProgress: Bool
  private let started = MonotonicClock.nanoseconds()
  private let state: Mutex<State>

  private struct State {
    var tally: ScanTally
    var isDrawn = false
  }

  init(_ plan: ScanPlan, table: ScanTable, isJSON: Bool, isQuiet: Bool) {
    self.table = table
    self.isJSON = isJSON
    self.isQuiet = isQuiet
    hasProgress = Console.error.isTerminal && DataFolder.environment("TERM") != "dumb"
    state = Mutex(State(tally: ScanTally(plan)))
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
      if let text = try? RecordJSON.text(line) { lines.append(text) }
    }
    return [writer.text + lines.joined(separator: "\n")]
  }

  // MARK: progress

  /// Draws the line anew; called a few times a second.
  func tick(_ scanner: Scanner) {
    guard hasProgress else { return }
    let running = scanner.status.running
    state.withLock { state in
      var progress = state.tally.progress
      progress.running = running
      progress.elapsedNanoseconds = MonotonicClock.nanoseconds() - started
      Console.error.write("\r\u{1b}[K" + progress.line(columns: (Console.error.columns ?? 80) - 1))
      state.isDrawn = true
    }
  }

  /// Takes the line away.
  func end() { state.withLock { clear(&$0) } }

  private func clear(_ state: inout State) {
    guard state.isDrawn else { return }
    Console.error.write("\r\u{1b}[K")
    state.isDrawn = false
  }
}

import Engines
import Records
import Scanner
import Wire

/// What has come in: which target has reported whole, what was found, and what a baseline is written from.
struct ScanTally {
  let plan: ScanPlan
  private var reports: [[JobReport]]
  private var open: [Int]
  private var seen: [SeenTarget]
  private(set) var failed = 0
  private(set) var isStopped = false
  private(set) var findings: [Severity: Int] = [:]
  private(set) var notDetermined = 0
  private(set) var jobsDone = 0
  private(set) var targetsDone = 0

  init(_ plan: ScanPlan) {
    self.plan = plan
    reports = Array(repeating: [], count: plan.places.count)
    seen = plan.places.map { SeenTarget(key: $0.key) }
    open = Array(repeating: 0, count: (plan.places.map(\.group).max() ?? -1) + 1)
    for place in plan.places { open[place.group] += place.jobs.count }
  }

  var targets: [SeenTarget] { seen }
  var worst: Severity? { findings.keys.max() }

  /// The index of the report's place: jobs are numbered by it.
  static func place(of job: ScanJob) -> Int? { job.id.split(separator: " ").first.flatMap { Int($0) } }

  /// The places of a target whose last report this was, with all of their reports; they are not kept.
  mutating func add(_ report: JobReport) -> [(ScanPlan.Place, [JobReport])]? {
    guard let index = ScanTally.place(of: report.job), plan.places.indices.contains(index) else { return nil }
    count(report)
    seen[index].observations += report.observations
    if let memory = report.memory { seen[index].memories[memory.engine] = memory.body }
    reports[index].append(report)
    let group = plan.places[index].group
    open[group] -= 1
    jobsDone += 1
    guard open[group] == 0 else { return nil }
    targetsDone += 1
    return places(beside: index).map { index in
      defer { reports[index] = [] }
      return (plan.places[index], ordered(reports[index]))
    }
  }

  /// The places of one target stand side by side.
  private func places(beside index: Int) -> ClosedRange<Int> {
    let group = plan.places[index].group
    var (first, last) = (index, index)
    while first > 0, plan.places[first - 1].group == group { first -= 1 }
    while last + 1 < plan.places.count, plan.places[last + 1].group == group { last += 1 }
    return first...last
  }

  private mutating func count(_ report: JobReport) {
    switch report.outcome.status {
    case .completed, .partial: break
    case .failed, .refused: failed += 1
    case .stopped: (failed, isStopped) = (failed + 1, true)
    }
    for observation in report.observations {
      switch observation.answer {
      case .yes: findings[observation.severity, default: 0] += 1
      case .notDetermined: notDetermined += 1
      case .no: break
      }
    }
  }

  private func ordered(_ reports: [JobReport]) -> [JobReport] {
    let order = Dictionary(uniqueKeysWithValues: plan.engines.enumerated().map { ($1.name, $0) })
    return reports.sorted { order[$0.job.engine, default: 0] < order[$1.job.engine, default: 0] }
  }
}

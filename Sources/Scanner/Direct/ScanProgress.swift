/// How far a scan by hand is, as a line for a terminal. A value: the clock and the terminal are the caller's.
package struct ScanProgress: Sendable, Hashable {
  package var targets: Int
  package var targetsDone = 0
  package var jobs: Int
  package var jobsDone = 0
  package var running = 0
  package var elapsedNanoseconds: Int64 = 0

  package init(targets: Int, jobs: Int) { (self.targets, self.jobs) = (targets, jobs) }

  /// Fewer jobs say nothing of how long the rest takes.
  private static let sample = 3

  /// As many of its parts as fit into `columns`.
  package func line(columns: Int) -> String {
    var parts = ["\(targetsDone) of \(targets) targets", "\(jobsDone) of \(jobs) jobs", "\(running) running"]
    if let rate { parts.append(rate) }
    if let remaining { parts.append("about \(ScanProgress.span(remaining)) left") }
    while parts.count > 1, ScanProgress.width(parts) > columns { parts.removeLast() }
    return String(parts.joined(separator: ", ").prefix(max(columns, 0)))
  }

  private static func width(_ parts: [String]) -> Int { parts.joined(separator: ", ").count }

  private var seconds: Double { Double(elapsedNanoseconds) / 1e9 }

  private var rate: String? {
    guard jobsDone >= ScanProgress.sample, seconds > 0 else { return nil }
    let perSecond = Double(jobsDone) / seconds
    return perSecond >= 1
      ? "\(ScanProgress.tenths(perSecond)) jobs/s" : "\(ScanProgress.tenths(perSecond * 60)) jobs/min"
  }

  private var remaining: Int? {
    guard jobsDone >= ScanProgress.sample, seconds > 0, jobsDone < jobs else { return nil }
    let left = seconds / Double(jobsDone) * Double(jobs - jobsDone)
    return left < 360_000 ? Int(left.rounded(.up)) : nil
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int(min(value * 10, 1e9).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func span(_ seconds: Int) -> String {
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
  }
}

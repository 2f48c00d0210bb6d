package import Records

/// How fast rows were answered: nearest-rank median and 95th percentile.
package enum AnswerMath {
  package static func statistics(_ answers: [DutyAnswer], clocks: DutyClocks) -> AnswerStatistics {
    let sorted = answers.map(\.seconds).sorted()
    return AnswerStatistics(
      count: sorted.count, median: rank(sorted, 0.5), p95: rank(sorted, 0.95),
      late: answers.count { $0.seconds > clocks.acknowledge($0.severity) })
  }

  package static func rank(_ sorted: [Double], _ part: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let place = Int((part * Double(sorted.count)).rounded(.up)) - 1
    return sorted[min(max(place, 0), sorted.count - 1)]
  }
}

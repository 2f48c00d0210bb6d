internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// Rankings as they were told at the end of each month, kept to be held against the log ever after.
struct KeptRanking: Codable, Hashable {
  /// `2026-03`, in the watch's own time.
  var month: String
  var from: Timestamp
  var until: Timestamp
  /// Of the indicators: tables of another tree have other scores.
  var tree: String
  var lines: [RankingLine]
}

extension HubCore {
  private static let rankingKind = "ranking"
  /// A hub that was away for longer begins with the last year.
  private static let mostMonths = 12

  /// Once a day: months that have ended and are not kept. A table made late is the same: it is of the log alone.
  func keepRankings(_ now: Timestamp) throws {
    guard rankingDay != postureDay, postureDay != nil else { return }
    let kept = Set(try store.documents(KeptRanking.self, kind: HubCore.rankingKind).map(\.month))
    let missing = HubCore.months(before: now).filter { !kept.contains($0.month) }
    if !missing.isEmpty {
      let tables = try tables(of: missing.map { $0.from..<$0.until })
      for (month, table) in zip(missing, tables) where table.began {
        let ranking = KeptRanking(
          month: month.month, from: month.from, until: month.until, tree: board.tree.digest, lines: table.lines)
        try store.put(kind: HubCore.rankingKind, [(id: month.month, value: ranking)])
      }
    }
    rankingDay = postureDay
  }

  /// Every kept table made again from the log.
  func checkRankings() throws -> PostureCheck.Rankings {
    let all = try store.documents(KeptRanking.self, kind: HubCore.rankingKind)
    let kept = all.filter { $0.tree == board.tree.digest }
    let again = try tables(of: kept.map { $0.from..<$0.until })
    var check = PostureCheck.Rankings(same: 0, different: [], otherTree: all.count - kept.count)
    for (ranking, table) in zip(kept, again) {
      if ranking.lines == table.lines { check.same += 1 } else { check.different.append(ranking.month) }
    }
    return check
  }

  /// In one walk over the log; `began`: the log had begun before the period's end.
  private func tables(of periods: [Range<Timestamp>]) throws -> [(began: Bool, lines: [RankingLine])] {
    var rankings = periods.map { Ranking(tree: board.tree, period: $0) }
    var first: Timestamp?
    try store.eachPostureEvent { event in
      first = first ?? event.time
      for index in rankings.indices { rankings[index].take(event) }
    }
    return zip(periods, rankings).map { period, ranking in
      (first.map { $0 < period.upperBound } ?? false, ranking.table())
    }
  }

  /// The ended months before `now`, the oldest first, by the watch's own midnights.
  private static func months(before now: Timestamp) -> [(month: String, from: Timestamp, until: Timestamp)] {
    let offset = LocalTime.utcOffset(at: now)
    func midnight(_ day: Int64) -> Timestamp { Timestamp(seconds: day * 86_400 - offset) }
    var day = PostureHistory.day(of: now, utcOffset: offset)
    var firsts: [Int64] = []
    while firsts.count <= mostMonths {
      if LocalTime.text(day: day).hasSuffix("-01") { firsts.append(day) }
      day -= 1
    }
    return zip(firsts.dropFirst(), firsts).map { first, next in
      (String(LocalTime.text(day: first).prefix(7)), midnight(first), midnight(next))
    }.reversed()
  }
}

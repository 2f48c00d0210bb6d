package import Records
package import Wire

extension PostureDay {
  init(_ day: Int64, _ board: inout PostureBoard) {
    self.init(day: day, tree: board.tree.digest, city: board.city())
    for id in board.organisations { organisations[id] = board.posture(ofOrganisation: id) }
    for id in board.sites { sites[id] = board.posture(ofSite: id).score }
  }
}

/// The log folded into days and a ranking. Feed it in the log's order; times that go back (a corrected clock) count
/// with the line before them, so that a day once told is never told otherwise.
package struct PostureHistory: Sendable {
  private var board: PostureBoard
  private var latest: Timestamp?
  private let offset: Int64

  /// `utcOffset`: seconds that the watch's clock is ahead of UTC; a day ends at its midnight.
  package init(tree: IndicatorTree, utcOffset: Int64) {
    board = PostureBoard(tree: tree)
    offset = min(max(utcOffset, -86_400), 86_400)
  }

  package static func day(of time: Timestamp, utcOffset: Int64) -> Int64 {
    let seconds = time.seconds &+ utcOffset
    return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
  }

  /// The days that this line ends, in order; none while it belongs to the running day. Days without a line are told
  /// too, for at most `gapLimit` of them: a clock that leaps years ahead costs a bounded answer.
  package mutating func take(_ event: PostureEvent) -> [PostureDay] {
    let time = max(event.time, latest ?? event.time)
    let ended = end(before: time)
    latest = time
    board.apply(event)
    return ended
  }

  static let gapLimit: Int64 = 1_000

  /// The days that have passed at `now` and were not told yet.
  package mutating func end(before now: Timestamp) -> [PostureDay] {
    guard let latest else { return [] }
    let (first, next) = (day(latest), day(now))
    guard next > first else { return [] }
    let last = min(next - 1, first + PostureHistory.gapLimit)
    let days = (first...last).map { PostureDay($0, &board) }
    self.latest = now
    return days
  }

  private func day(_ time: Timestamp) -> Int64 { PostureHistory.day(of: time, utcOffset: offset) }
}

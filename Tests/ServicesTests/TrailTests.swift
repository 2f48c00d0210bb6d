import Records
import Services
import Testing
import Wire

struct TrailTests {
  private func event(_ second: Int64, _ change: PostureEvent.Change) -> PostureEvent {
    PostureEvent(number: second, time: Timestamp(seconds: second), change: change)
  }
  private func row(_ id: Int64, _ wing: Wing, first: Int64, last: Int64, count: Int64 = 1) -> QueueRow {
    QueueRow(
      id: id, wing: wing, key: FoldKey(rawValue: "\(id)"), title: BilingualText("row \(id)"), severity: .high,
      site: "a", subject: "a", check: wing == .sensor ? "1:7" : "git", count: count,
      firstSeen: Timestamp(seconds: first), lastSeen: Timestamp(seconds: last))
  }

  @Test("What was found lies before the first alert, what was done after the last, and all on one line of time")
  func phases() {
    let events = [
      event(1, .site(PostureEvent.Member(id: "a", organisation: nil, criticality: .ordinary))),
      event(2, .tested(site: "a")),
      event(3, SmallTree.row(1, "a", "git", .high)), event(3, SmallTree.row(1, "a", "git", .high)),
      event(11, SmallTree.row(2, "a", "1:7", .high)), event(14, SmallTree.row(1, "a", "git", .critical)),
      event(30, SmallTree.row(2, "a", "1:7", .high, isOpen: false)),
      event(40, SmallTree.row(1, "a", "git", .critical, isOpen: false, isVerified: true)),
      event(50, SmallTree.row(1, "a", "git", .critical)),
      event(60, SmallTree.row(1, "a", "git", .critical, isOpen: false)),
    ]
    let act = AuditEntry(
      time: Timestamp(seconds: 15), actor: Actor(name: "li", origin: "here"), act: "acknowledge", subject: "queue/2")
    let lines = Trail.lines(
      events: events, rows: [row(1, .scanner, first: 3, last: 50), row(2, .sensor, first: 10, last: 20, count: 9)],
      acts: [(row: 2, entry: act)])
    #expect(
      lines.map(\.kind) == [
        .tested, .opened, .attacked, .changed, .act, .lastAttack, .settled, .verified, .returned, .settled,
      ])
    #expect(
      lines.map(\.phase) == [
        .before, .before, .during, .during, .during, .during, .after, .after, .after, .after,
      ])
    #expect(lines.map(\.time.seconds) == [2, 3, 10, 14, 15, 20, 30, 40, 50, 60])
    #expect(lines[5].text.en == "row 2 (9 times)" && lines[4].text.en == "acknowledge, li")
  }

  @Test("A site that was never attacked has no during")
  func quiet() {
    let lines = Trail.lines(events: [event(1, SmallTree.row(1, "a", "git", .high))], rows: [], acts: [])
    #expect(lines.map(\.phase) == [.before] && lines.first?.text.en == "git")
  }
}

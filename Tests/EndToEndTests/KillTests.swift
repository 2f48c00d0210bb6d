import Foundation
import Glibc
import Testing

extension EndToEnd {
  /// SIGKILL at random moments while attacks pass. `VIGIL_DRILL=20` makes it twenty (script/drill).
  @Suite(.serialized, .enabled(if: Network.works, Comment(rawValue: Network.reason)), .timeLimit(.minutes(5)))
  struct KillTests {
    static let kills = ProcessInfo.processInfo.environment["VIGIL_DRILL"].flatMap { Int($0) } ?? 3

    @Test("a sensor killed again and again is back within a second and loses or doubles nothing that it had read")
    func sensor() async throws {
      let watch = try await RunningWatch()
      let tail = try watch.tail()
      let stream = AttackStream(watch.link)
      try await require("the first alerts", within: 20) { tail.times.count > 20 }
      var kills: [Double] = []
      for _ in 0..<Self.kills {
        try await Task.sleep(for: .milliseconds(Int.random(in: 300...1500)))
        let moment = try await watch.murder("sensor")
        kills.append(moment)
        // A second of packets that were surely sent after the kill, until one of them is an alert.
        try await require("sight again", within: 15) {
          stream.sent.with { sent in tail.times.keys.contains { sent[$0] > moment } }
        }
      }
      stream.stop()
      let sent = stream.sent.with { $0 }
      try await require("the last alert", within: 15) { tail.times[sent.count - 1] != nil }
      try await require("the blind intervals", within: 15) { blindness(tail).count >= kills.count }
      _ = try await watch.stop()
      let seen = tail.times
      #expect(tail.doubled.isEmpty)
      let eve = Set(watch.eveLines().compactMap(Attack.number))
      #expect(eve.subtracting(seen.keys).isEmpty, "written to EVE and never told")
      var back: [Double] = []
      var lost = 0
      for (index, moment) in kills.enumerated() {
        let end = index + 1 < kills.count ? kills[index + 1] : .infinity
        let first = try #require(sent.indices.first { sent[$0] > moment && seen[$0] != nil })
        back.append(sent[first] - moment)
        let missing = sent.indices.filter { sent[$0] < end - AttackStream.ring && sent[$0] > moment && seen[$0] == nil }
        lost += missing.count
        // Once it sees again it sees everything, until the next kill (less what lay unread in the kernel's ring).
        #expect(missing.allSatisfy { $0 < first }, "attacks \(missing.filter { $0 > first }) were not seen")
      }
      #expect(sent.indices.prefix { sent[$0] < kills[0] - AttackStream.ring }.allSatisfy { seen[$0] != nil })
      let stated = blindness(tail)
      print("figure: sensor killed \(kills.count) times; capture back after \(Figures(back).milliseconds)")
      let delays = Figures(seen.map { $0.value - sent[$0.key] })
      print("figure: at a steady pace, kills among them: packet to line of vigil tail: \(delays.milliseconds)")
      print(
        "figure: \(sent.count) attacks sent, \(seen.count) told, none twice, \(sent.count - seen.count) unseen "
          + "(\((sent.count - seen.count) * AttackStream.packets) packets); stated: "
          + "\(String(format: "%.2f", stated.map(\.seconds).reduce(0, +))) s, \(stated.map(\.packets).reduce(0, +)) packets"
      )
      #expect(Figures(back).most < 3)
      #expect(stated.allSatisfy { $0.seconds < 3 })
    }

    @Test("a hub killed again and again loses and doubles nothing, and what was acknowledged stays so")
    func hub() async throws {
      let watch = try await RunningWatch()
      let tail = try watch.tail()
      let stream = AttackStream(watch.link)
      try await require("the first alerts", within: 20) { tail.times.count > 20 }
      var away: [Double] = []
      for _ in 0..<Self.kills {
        try await Task.sleep(for: .milliseconds(Int.random(in: 300...1500)))
        let moment = try await watch.murder("hub")
        try await require("the hub again", within: 20) {
          stream.sent.with { sent in tail.times.keys.contains { sent[$0] > moment } }
        }
        away.append(Moment.now - moment)
      }
      stream.stop()
      let sent = stream.sent.with { $0 }
      try await require("every alert", within: 20) { tail.times.count == sent.count }
      #expect(tail.doubled.isEmpty)
      print(
        "figure: hub killed \(away.count) times; \(sent.count) attacks, \(tail.times.count) told, none twice; "
          + "lines again after \(Figures(away).milliseconds)")
      // Only now: while the count rises tenfold an acknowledged row rightly comes back as new.
      let row = try #require(try await firstRow(watch))
      #expect(try await watch.ask(["alerts", "ack", String(row), "-m", "seen by the test"]).status == 0)
      try await watch.restart()
      #expect(try await state(watch, row) == "acknowledged")
      let rows = try await watch.objects("alerts", "show", String(row))
      let item = (rows.first?["item"] as? [String: Any])?["row"] as? [String: Any]
      #expect(item?["count"] as? Int == sent.count)
    }

    private func firstRow(_ watch: RunningWatch) async throws -> Int? {
      try await watch.objects("alerts", "list").compactMap { $0["row"] as? [String: Any] }
        .first { "\($0["title"] ?? "")".contains("E2E attack") }?["id"] as? Int
    }

    private func state(_ watch: RunningWatch, _ id: Int) async throws -> String? {
      let rows = try await watch.objects("alerts", "list").compactMap { $0["row"] as? [String: Any] }
      let triage = rows.first { $0["id"] as? Int == id }?["triage"] as? [String: Any]
      return triage?["state"] as? String
    }

    /// The sentences in which Vigil says how long nobody looked.
    private func blindness(_ tail: Tail) -> [(seconds: Double, packets: Int)] {
      tail.others.compactMap { line in
        guard line.contains("\"alert\""),
          let found = line.firstMatch(of: /was blind for ([0-9.]+) s(?:, about (\d+) packets)?/)
        else { return nil }
        return (Double(found.1) ?? .nan, found.2.flatMap { Int($0) } ?? 0)
      }
    }
  }
}

/// Attacks at a steady pace from a thread, each stamped when its last packet was sent.
final class AttackStream: Sendable {
  /// Packets of one attack's conversation.
  static let packets = Attack.frames(0).count
  /// How long a packet may lie in the kernel's ring before it is read, generously.
  static let ring = 0.3
  private static let pace: UInt32 = 5000
  let sent = Guarded<[Double]>([])
  private let isOver = Guarded(false)
  private let done = Guarded(false)

  init(_ link: RawLink) {
    let (sent, isOver, done) = (sent, isOver, done)
    Thread.detachNewThread {
      var number = 0
      while !isOver.with({ $0 }) {
        for frame in Attack.frames(number) { try? link.send(frame) }
        let now = Moment.now
        sent.with { $0.append(now) }
        number += 1
        usleep(AttackStream.pace)
      }
      done.with { $0 = true }
    }
  }

  func stop() {
    isOver.with { $0 = true }
    while !done.with({ $0 }) { usleep(1000) }
  }
}

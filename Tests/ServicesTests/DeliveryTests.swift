import Records
import Testing
import Wire

@testable import Services

@Suite struct DeliveryTests {
  private func time(_ seconds: Double) -> Timestamp { Timestamp(seconds: 1_795_000_000).advanced(seconds: seconds) }

  private func dispatch(_ text: String, link: String? = "https://vigil.example.gov/n/abc", id: String = "n-1")
    -> Dispatch
  {
    Dispatch(
      id: id, kind: .notice, address: ContactAddress(.mail, "a@example.gov"), language: "en", subject: "s", text: text,
      link: link, created: time(0))
  }

  @Test(
    "a text that holds any URL but its link never leaves",
    arguments: [
      ("read https://vigil.example.gov/n/abc", true), ("链接：https://vigil.example.gov/n/abc。", true),
      ("(https://vigil.example.gov/n/abc).", true), ("nothing", true), ("tax.example.gov is the site", true),
      ("https://vigil.example.gov/n/abcd", false), ("https://vigil.example.gov/n/abc/x", false),
      ("see http://tax.example.gov/admin.php", false), ("HTTPS://TAX.example", false), ("ftp://x", false),
      ("www.tax.example.gov", false), ("ｈｔｔｐ：／／tax", false), ("a://b", false), ("http:\\\\tax\\x", false),
      ("https://vigil.example.gov/n/abc https://tax.example.gov/.git", false),
      ("https://vigil.example.gov/n/abc?x=https://tax", false),
    ])
  func url(_ text: String, _ passes: Bool) {
    #expect((DispatchCheck.refusal(dispatch(text)) == nil) == passes)
    var subject = dispatch("t")
    subject.subject = text
    #expect((DispatchCheck.refusal(subject) == nil) == passes)
  }

  @Test("ids, links and sizes are held to what every channel can carry")
  func form() {
    for id in ["", "a b", "a\r\nb", "é", String(repeating: "a", count: 401)] {
      #expect(DispatchCheck.refusal(dispatch("t", id: id)) != nil)
    }
    for link in ["ftp://x", "https://x y", "https://x\r\n", "javascript:x", "https://x\"", "https://税务"] {
      #expect(DispatchCheck.refusal(dispatch("t", link: link)) != nil)
    }
    #expect(DispatchCheck.refusal(dispatch(String(repeating: "税", count: 6000))) != nil)
    var drill = dispatch("t")
    drill.isDrill = true
    #expect(DispatchCheck.refusal(drill) == "drill")
  }

  @Test("answers count as tries, silence does not, and age ends both")
  func tries() {
    let rule = RetryRule(attempts: 3, ageSeconds: 1000, shortest: 2, longest: 900)
    var entry = OutboxEntry(channel: "x", body: "", created: time(0), due: time(0))
    var waits: [Int64] = []
    for _ in 0..<3 {
      entry = rule.settled(entry, .failed("404", after: nil), now: time(0), random: 1)
      waits.append(entry.due.nanoseconds(since: time(0)) / 1_000_000_000)
    }
    #expect(waits == [2, 4, 8] && entry.state == .dead && entry.lastError == "404")
    entry = OutboxEntry(channel: "x", body: "", created: time(0), due: time(0))
    for _ in 0..<100 { entry = rule.settled(entry, .unavailable("refused", after: nil), now: time(999), random: 0) }
    #expect(entry.state == .waiting && entry.attempts == 0)
    #expect(rule.settled(entry, .unavailable("refused", after: nil), now: time(1001), random: 0).state == .dead)
    #expect(rule.settled(entry, .accepted, now: time(1001), random: 0).state == .delivered)
    #expect(rule.settled(entry, .bounced("550"), now: time(1), random: 0).state == .dead)
    #expect(rule.pause(afterFailures: 60, random: 1) == 900 && rule.pause(afterFailures: 60, random: 0) == 450)
    let asked = rule.settled(entry, .failed("429", after: 1e12), now: time(0), random: 0)
    #expect(asked.due == time(RetryRule.longestAsked), "no receiver puts us off for ever")
  }

  @Test("a receiver that is down is asked once in a while, and works again with its first yes")
  func circuit() {
    var lane = DeliveryLane(rule: RetryRule(), perMinute: nil)
    func room(_ now: Timestamp) -> Int { lane.room(now: now) }
    #expect(room(time(0)) == 16)
    lane.ended(.unavailable("refused", after: nil), now: time(0), random: 1)
    #expect(lane.state == .resting(until: time(2)) && lane.downSince == time(0))
    #expect(room(time(1.9)) == 0)
    #expect(room(time(2)) == 1)
    #expect(room(time(2)) == 0, "one at a time")
    lane.ended(.unavailable("refused", after: nil), now: time(3), random: 1)
    #expect(lane.state == .resting(until: time(7)) && lane.downSince == time(0))
    #expect(room(time(7)) == 1)
    lane.foundNothing(now: time(7))
    #expect(room(time(7)) == 1)
    lane.wasCutOff(now: time(7))
    #expect(room(time(7)) == 1)
    lane.ended(.accepted, now: time(8), random: 1)
    #expect(lane.state == .flowing && lane.downSince == nil && lane.lastAccepted == time(8) && lane.lastError == nil)
  }

  @Test("five answers in a row that are no yes are the receiver's fault, one is the message's")
  func inARow() {
    var lane = DeliveryLane(rule: RetryRule(), perMinute: nil)
    for _ in 0..<4 { lane.ended(.failed("500", after: nil), now: time(0), random: 0) }
    #expect(lane.state == .flowing)
    lane.ended(.accepted, now: time(0), random: 0)
    for _ in 0..<5 { lane.ended(.failed("500", after: nil), now: time(0), random: 0) }
    #expect(lane.downSince == time(0))
    lane.ended(.refused("400"), now: time(9), random: 0)
    #expect(lane.state == .flowing && lane.lastError == "400")
  }

  @Test("no minute has more than the limit, whatever happens, clocks set back included")
  func pace() {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed: \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<50 {
      let limit = Int.random(in: 1...40, using: &random)
      var lane = DeliveryLane(rule: RetryRule(shortest: 0.1, longest: 1), perMinute: limit)
      var now = 0.0
      var sent: [Double] = []
      for _ in 0..<400 {
        now += Double.random(in: 0...3, using: &random)
        let room = lane.room(now: time(now))
        #expect(room <= min(16, limit))
        if room == 0 { continue }
        for _ in 0..<Int.random(in: 1...room, using: &random) {
          sent.append(now)
          lane.ended(Bool.random(using: &random) ? .accepted : .unavailable("x", after: nil), now: time(now), random: 0)
          if lane.state != .flowing { break }
        }
      }
      for (index, moment) in sent.enumerated() {
        #expect(sent[index...].prefix { $0 < moment + 59.999 }.count <= limit)
      }
      let back = lane.room(now: time(-86_400))
      #expect(back >= 0)
    }
  }
}

import Records
import Testing
import Wire

@testable import Services

@Suite struct OwnerPageTests {
  private func time(_ seconds: Double) -> Timestamp { Timestamp(seconds: 1_795_000_000).advanced(seconds: seconds) }

  @Test(
    "the client behind our proxies is the last address that is none of them; whoever is no proxy names nobody",
    arguments: [
      ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"), ("127.0.0.1", ["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
      ("127.0.0.1", ["203.0.113.9, 127.0.0.1"], "203.0.113.9"),
      ("127.0.0.1", ["1.2.3.4", "203.0.113.9"], "203.0.113.9"),
      ("127.0.0.1", ["nonsense"], "127.0.0.1"), ("127.0.0.1", [], "127.0.0.1"),
      ("127.0.0.1", ["1.2.3.4, x"], "127.0.0.1"),
      ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"),
    ])
  func client(_ peer: String, _ forwarded: [String], _ expected: String) throws {
    let proxies = [try #require(IPPrefix("127.0.0.0/8"))]
    let found = OwnerLink.client(peer: try #require(IPAddress(peer)), forwarded: forwarded, proxies: proxies)
    #expect("\(found)" == expected)
  }

  @Test("numbers used once are kept within a bound, and none is ever taken twice (seed printed)")
  func nonces() {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed: \(seed)")
    var random = SeededRandom(seed: seed)
    var nonces = FormNonces(key: Array(repeating: 7, count: 32))
    var made: [(nonce: String, link: String)] = []
    var taken: Set<String> = []
    var now = 0.0
    for _ in 0..<3000 {
      now += Double.random(in: 0...20, using: &random)
      let link = "link\(Int.random(in: 0...3, using: &random))"
      if Bool.random(using: &random) || made.isEmpty {
        let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        made.append((nonces.issue(link: link, now: time(now), random: bytes), link))
      } else {
        let (nonce, own) = made.randomElement(using: &random) ?? ("", "")
        let verdict = nonces.redeem(nonce, link: link, now: time(now))
        if link != own { #expect(verdict == .foreign) }
        if verdict == .good { #expect(taken.insert(nonce).inserted) }
      }
    }
    #expect(taken.count > 10)
  }

  @Test("a number from tomorrow, or from before the table was full, is not taken")
  func bounds() {
    var nonces = FormNonces(key: Array(repeating: 7, count: 32))
    let ahead = nonces.issue(link: "l", now: time(3600), random: [1])
    let early = nonces.redeem(ahead, link: "l", now: time(0))
    #expect(early == .expired)
    let first = nonces.issue(link: "l", now: time(0), random: [2])
    for index in 0...FormNonces.most {
      let bytes = [UInt8(index & 255), UInt8(index >> 8 & 255), UInt8(index >> 16)]
      let nonce = nonces.issue(link: "l", now: time(Double(index) / 100), random: bytes)
      let verdict = nonces.redeem(nonce, link: "l", now: time(Double(index) / 100))
      #expect(verdict == .good)
    }
    let old = nonces.redeem(first, link: "l", now: time(300))
    #expect(old == .expired, "older than what is remembered")
  }

  @Test("a hundred thousand visitors are not remembered")
  func visitors() {
    var rate = VisitRate(burst: 2, perMinute: 60, most: 1000)
    for index in 0..<100_000 { _ = rate.admits("\(index)", now: time(Double(index) / 1000)) }
    #expect(rate.remembered <= 1000)
    let admitted = (0..<5).map { _ in rate.admits("a", now: time(200)) }
    #expect(admitted == [true, true, false, false, false])
    let (later, back) = (rate.admits("a", now: time(201)), rate.admits("a", now: time(100)))
    #expect(later)
    #expect(!back, "a clock that was set back gives nothing")
  }
}

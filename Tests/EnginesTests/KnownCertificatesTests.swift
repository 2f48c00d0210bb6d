import Testing
import Wire

@testable import Engines

/// What a target is known by, over time.
@Suite struct KnownCertificatesTests {
  private func chain(_ until: Int, _ issuer: Identity) throws -> ServedChain {
    try #require(ServedChain([try Identity("site.test", until: until * 86_400, issuer: issuer).der]))
  }

  @Test("a change that went away is said for a week, and what was accepted is no change when it comes back")
  func week() throws {
    let (root, other) = (try Identity("Root", isAuthority: true), try Identity("Other", isAuthority: true))
    let (first, second) = (try chain(90, root), try chain(91, other))
    let start = Timestamp(seconds: 1_795_000_000)
    var known = KnownCertificates()
    known.see([first], at: start)
    #expect(known.changes.isEmpty)
    known.see([second], at: start)
    #expect(known.changes.map(\.isRenewal) == [false])
    known.see([first], at: start)
    #expect(known.changes.count == 1)
    let kept = try #require(KnownCertificates(known.memory))
    #expect(kept == known)
    known.see([first], at: start.advanced(seconds: 7 * 86_400))
    #expect(known.changes.count == 1)
    known.see([first], at: start.advanced(seconds: 7 * 86_400 + 1))
    #expect(known.changes.isEmpty)
  }

  @Test("a change is said as long as it is shown, until somebody accepts it; a renewal for a week") func accepted()
    throws
  {
    let (root, other) = (try Identity("Root", isAuthority: true), try Identity("Other", isAuthority: true))
    let (first, second, third) = (try chain(90, root), try chain(91, other), try chain(99, other))
    let start = Timestamp(seconds: 1_795_000_000)
    var known = KnownCertificates()
    known.see([first], at: start)
    known.see([second], at: start)
    for day in [1.0, 8, 30] {
      known.see([second], at: start.advanced(seconds: day * 86_400))
      #expect(known.changes.map(\.isRenewal) == [false], "day \(day)")
    }
    var renewed = known
    renewed.see([third], at: start.advanced(seconds: 31 * 86_400))
    #expect(renewed.changes.map(\.isRenewal) == [false], "a renewal of what nobody accepted is a change still")
    known.see([second], at: start.advanced(seconds: 32 * 86_400), accepts: true)
    #expect(known.changes.isEmpty)
    known.see([third], at: start.advanced(seconds: 33 * 86_400))
    #expect(known.changes.map(\.isRenewal) == [true])
    known.see([third], at: start.advanced(seconds: 41 * 86_400))
    #expect(known.changes.isEmpty)
    known.see([first], at: start.advanced(seconds: 42 * 86_400))
    #expect(known.changes.isEmpty, "it was accepted once")
  }

  @Test("memory stays small, whatever a site shows") func bounded() throws {
    let root = try Identity("Root", isAuthority: true)
    var known = KnownCertificates()
    for day in 1...20 { known.see([try chain(day, root)], at: Timestamp(seconds: 1_795_000_000)) }
    #expect(known.entries.count == 8)
    #expect(known.changes.count == 4)
    #expect((known.memory ?? "").utf8.count < 8192)
  }

  @Test("two keys of one organisation are one authority, the same name without an organisation is not") func authority()
    throws
  {
    let city = try ["E5", "E6"].map { try Identity($0, isAuthority: true, organisation: "City") }
    var known = KnownCertificates()
    known.see([try chain(60, city[0])], at: Timestamp(seconds: 1_795_000_000))
    known.see([try chain(90, city[1])], at: Timestamp(seconds: 1_795_000_000))
    #expect(known.changes.map(\.isRenewal) == [true])
    known.see([try chain(80, city[1])], at: Timestamp(seconds: 1_795_000_000))
    #expect(known.changes.map(\.isRenewal) == [false, true], "a shorter life is no renewal")
  }
}

import Records
import Testing
import Wire

@testable import Store

/// The body of an alert group, written without an encoder, is read as what it was.
struct GroupBodyTests {
  static let words = [
    "", "a", "192.0.2.1", "/x?q=\"1\"", "back\\slash", "line\nfeed\r\t", "\u{1}\u{8}\u{c}\u{1f}\u{7f}", "市政府",
    "\u{202e}x",
    "\u{2028}", "😀", String(repeating: "长", count: 200),
  ]

  static func group(_ random: inout SeededRandom) -> AlertGroup {
    func facet() -> Facet {
      var facet = Facet()
      for _ in 0..<Int(random.next() % 80) {
        facet.add(
          (words.randomElement(using: &random) ?? "") + "\(random.next() % 50)", count: Int64(random.next() % 1000))
      }
      return facet
    }
    let row = QueueRow(
      wing: .sensor, key: FoldKey(rawValue: "k"), title: BilingualText(en: "t", zh: "t"), severity: .high,
      outcome: .attempted, site: nil, organisation: nil, subject: "s", check: "1:1", count: 1, firstSeen: Sample.start,
      lastSeen: Sample.start)
    return AlertGroup(
      row: row,
      signature: AlertRecord.Signature(
        gid: 1, sid: 7, rev: 1, message: words.randomElement(using: &random) ?? "", category: "c", severity: .high),
      facets: AlertFacets(
        sources: facet(), targets: facet(), sensors: facet(), urls: facet(),
        sites: random.next() % 2 == 0 ? facet() : nil, rules: random.next() % 2 == 0 ? Facet() : nil),
      rate: HourlyRate(hour: 3), weakness: random.next() % 2 == 0 ? 9 : nil, machine: .succeeded,
      hidesSuccess: random.next() % 2 == 0 ? true : nil)
  }

  @Test("Facets of any words come back the same, and from memory as from the text")
  func again() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    let bodies = GroupBodies()
    for id in 0..<300 as Range<Int64> {
      let group = Self.group(&random)
      let text = try GroupBody.text(group)
      bodies.note(id % 50, text, group)
      for body in [try RecordJSON.decode(GroupBody.self, from: text), try bodies.body(id % 50, text)] {
        #expect(body.facets == group.facets && body.signature == group.signature, "seed \(seed)")
        #expect(body.weakness == group.weakness && body.machine == group.machine && body.rate == group.rate)
        #expect(body.hidesSuccess == group.hidesSuccess)
      }
    }
  }

  @Test("A body that the store has changed meanwhile is read anew")
  func changed() throws {
    var random = SeededRandom(seed: 1)
    let bodies = GroupBodies()
    let (one, other) = (Self.group(&random), Self.group(&random))
    bodies.note(1, try GroupBody.text(one), one)
    #expect(try bodies.body(1, GroupBody.text(other)).facets == other.facets)
  }
}

import Testing

@testable import Records

struct KeyTests {
  @Test("SHA-256 and HMAC give the published answers")
  func digests() {
    #expect(
      SHA256.hex(SHA256.digest(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let mac = unsafe Array("what do ya want for nothing?".utf8).withUnsafeBytes {
      unsafe SHA256.authenticate($0, key: Array("Jefe".utf8))
    }
    #expect(SHA256.hex(mac) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test("Fields are kept apart by their lengths")
  func lengths() {
    #expect(FoldKey(version: "v1", ["ab", "c"]) != FoldKey(version: "v1", ["a", "bc"]))
    #expect(FoldKey(version: "v1", ["a"]) != FoldKey(version: "v2", ["a"]))
    #expect(FoldKey(version: "v1", ["a"]) != FoldKey(version: "v1", ["a", ""]))
  }

  @Test("A weakness is the same with and without www, over http and https, and for each number in a path")
  func findings() {
    func key(_ scheme: String, _ host: String, _ port: UInt16, _ path: String) -> FoldKey {
      .finding(site: "s", weakness: "w", scheme: scheme, host: host, port: port, path: path, parameter: nil)
    }
    let base = key("https", "www.Example.org", 443, "/a/17?x=1")
    #expect(base == key("http", "example.org", 80, "/a/18"))
    #expect(base != key("https", "example.org", 8443, "/a/17"))
    #expect(base != key("https", "example.org", 443, "/b/17"))
  }

  @Test("A site's row and an address's row never share a key")
  func alertGroups() {
    #expect(
      FoldKey.alertGroup(rule: "1:1", site: "a", protected: "b") != .alertGroup(rule: "1:1", site: nil, protected: "a"))
    #expect(
      FoldKey.alertGroup(rule: "1:1", site: "a", protected: "b") == .alertGroup(rule: "1:1", site: "a", protected: "c"))
  }

  @Test("A facet counts exactly while it has room, and keeps the frequent after that")
  func facets() {
    var facet = Facet()
    for round in 0..<500 {
      facet.add("often")
      facet.add("rare \(round)")
    }
    #expect(facet.total == 1000)
    #expect(facet.entries.count == Facet.capacity)
    #expect(facet.top.first?.value == "often")
    #expect(facet.top.count == Facet.shown)
    var small = Facet()
    for value in ["a", "b", "a"] { small.add(value) }
    #expect(small.top == [.init(value: "a", count: 2), .init(value: "b", count: 1)])
    small.add(String(repeating: "u", count: 5000))
    #expect(small.entries.allSatisfy { $0.value.utf8.count <= Facet.valueLimit })
  }

  @Test("Severity follows EVE's number, and the rule's own word for critical")
  func severity() {
    #expect([1, 2, 3, 4, 255].map { Severity(eve: $0) } == [.high, .medium, .low, .info, .info])
    #expect(Severity(eve: 2, signatureSeverity: "Critical") == .critical)
    #expect(Severity.allCases.map { Severity(rank: $0.rank) } == Severity.allCases)
    #expect(Outcome.allCases.map { Outcome(rank: $0.rank) } == Outcome.allCases)
  }
}

import Documents
import Records
import Scheduling
import Testing
import Wire

/// What third parties hand in to deceive or to exhaust: refused, or taken without its sting, with a reason and a place.
@Suite struct InventoryHostileTests {
  private func yaml(_ text: String, over existing: Inventory = Inventory()) throws -> InventoryImport {
    InventoryImport.document(try YAMLDocument.parse(text, file: "i.yaml"), over: existing)
  }

  @Test(
    "an address that no scan may go to is told with its line, in any clothes",
    arguments: [
      ("127.0.0.1", "loopback"), ("10.0.0.1", "private"), ("169.254.169.254", "metadata"),
      ("[::ffff:10.0.0.1]", "private"), ("[64:ff9b::7f00:1]", "loopback"), ("[2002:a9fe:a9fe::1]", "metadata"),
      ("100.64.0.1", "CGNAT"), ("[fe80::1]", "link-local"), ("[::1]", "loopback"), ("0.0.0.0", "unspecified"),
    ]) func refused(host: String, reason: String) throws
  {
    let read = try InventoryImport.csv("id,url\na,https://\(host)\n", file: "i.csv")
    let warning = try #require(read.warnings.first { $0.message.contains("will not be scanned") })
    #expect(warning.message.contains(" is \(reason) "), "\(warning)")
    #expect(warning.position == SourcePosition(file: "i.csv", line: 2, column: 3))
    let allowed = AddressPolicy(allowed: [try #require(IPPrefix("127.0.0.0/8"))])
    let permitted = try InventoryImport.csv("url\nhttps://127.0.0.1\n", file: "i.csv", addresses: allowed)
    #expect(!permitted.warnings.contains { $0.message.contains("loopback") })
  }

  @Test(
    "numbers that a resolver would read as an address are no host",
    arguments: ["2130706433", "0x7f000001", "0177.1", "127.1", "1.2.3.4.5"]) func disguised(host: String) throws
  {
    let read = try InventoryImport.csv("url\nhttps://\(host)/\n", file: "i.csv")
    #expect(read.inventory.sites.isEmpty)
    #expect(read.errors.first?.position.line == 2)
  }

  @Test(
    "a name of mixed scripts, or that looks like another, is told in both forms",
    arguments: [
      ("https://gоv.cn", "gоv.cn (xn--gv-jbc.cn) mixes Cyrillic and Latin letters in one label"),
      ("https://асе.cn", "асе.cn (xn--80ak6a.cn) looks like ace.cn"),
      ("https://xn--a.cn", "xn--a.cn has a label that is no valid encoding of a name"),
    ]) func homographs(url: String, sentence: String) throws
  {
    let read = try yaml("sites: [\"\(url)\"]\n")
    let host = try #require(read.inventory.sites.first?.host)
    let expected = sentence.replacingFirst("(xn--", upTo: ")", with: "(\(host)")
    #expect(read.warnings.map(\.message).contains(expected), "\(read.warnings.map(\.message))")
  }

  @Test("ordinary names of one script, or of Chinese with Latin, are not suspected")
  func ordinaryNames() throws {
    let read = try yaml("sites: [政府.cn, 深圳gov.cn, bücher.example, 例え.jp, ελλάδα.gr, правительство.рф]\n")
    #expect(read.errors.isEmpty)
    #expect(
      read.warnings.allSatisfy { $0.message.contains("no authorisation names") }, "\(read.warnings.map(\.message))")
  }

  @Test("a look-alike of a site that is there names that site") func lookalike() throws {
    let existing = Inventory(sites: [Site(try SiteAddress(parsing: "ace.cn"))])
    let read = try yaml("sites: [\"асе.cn\"]\n", over: existing)
    #expect(read.warnings.contains { $0.message.hasSuffix("looks like ace.cn, which is another site") })
  }

  @Test(
    "characters that deceive the reader are refused with their number and place",
    arguments: [
      ("\u{202e}", "U+202E"), ("\u{200b}", "U+200B"), ("\u{7}", "U+0007"), ("\u{2066}", "U+2066"),
      ("\u{feff}", "U+FEFF"),
      ("\u{2028}", "U+2028"), ("\u{e0041}", "U+E0041"),
    ]) func deceptive(scalar: String, number: String) throws
  {
    let read = try InventoryImport.csv("noun,id,name\norganisation,a,x\(scalar)y\n", file: "i.csv")
    #expect(
      read.errors.map(\.description) == [
        "i.csv:2:16: the text has a control or invisible character, \(number) (take it out)"
      ])
  }

  @Test("lines of a megabyte are told and cost no more than their length") func longLines() throws {
    let long = String(repeating: "a", count: 1 << 20)
    let table = try InventoryImport.csv("id,url\na,https://\(long).cn\nb,https://b.cn\n", file: "i.csv")
    #expect(table.inventory.sites.map(\.id) == ["b"])
    #expect(table.errors.map(\.position.line) == [2, 2])
    let fields = String(repeating: ",", count: 1 << 20)
    #expect(try InventoryImport.csv("id,url\n\(fields)\nb,https://b.cn\n", file: "i.csv").inventory.sites.count == 1)
    let document = try yaml("organisations: [{id: a, name: \"\(long)\"}]\nsites: [\"\(long)\"]\n")
    #expect(document.inventory == Inventory())
    #expect(
      document.errors.map(\.message) == [
        "the text has more than 200 characters, the limit", "the address has more than 2048 bytes, the limit",
      ])
  }

  @Test("deep nesting and multiplying aliases end at a limit") func depth() throws {
    for opening in ["[", "{a: "] {
      let deep = String(repeating: opening, count: 50_000)
      #expect(throws: DocumentError.self) { try YAMLDocument.parse(deep, file: "i.yaml") }
    }
    let deep = String(repeating: "[", count: 200_000)
    #expect { try JSONDocument.parse(deep, file: "i.json") } throws: { ($0 as? DocumentError)?.code == .tooDeep }
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      bomb += "a\(level): &a\(level) [" + (0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", ") + "]\n"
    }
    #expect { try YAMLDocument.parse(bomb, file: "i.yaml") } throws: {
      ($0 as? DocumentError)?.code == .tooManyValues
    }
  }

  @Test("more entries than any city has are refused from the limit on, and the mistakes told are bounded")
  func counts() throws {
    let count = InventoryLimits.organisations + 500
    let rows = (0..<count).map { "organisation,o\($0)" }.joined(separator: "\n")
    let read = try InventoryImport.csv("noun,id\n\(rows)\n", file: "i.csv")
    #expect(read.inventory.organisations.count == InventoryLimits.organisations)
    #expect(read.errors.count == InventoryLimits.problems + 1)
    #expect(read.errors.last?.message == "from here on 300 more of the kind")
    #expect(read.errors.first?.message == "more than 5000 organisations, the limit")
  }

  @Test("parents that go in a circle, that are missing, or that are too many above each other are told by line")
  func tree() throws {
    let read = try yaml(
      """
      organisations:
        - {id: city}
        - {id: a, parent: c}
        - {id: b, parent: a}
        - {id: c, parent: b}
        - {id: d, parent: nobody}
        - {id: e, parent: d}
        - {id: f, parent: city}
        - {id: g, parent: g}
      """)
    #expect(read.inventory.organisations.map(\.id) == ["city", "f"])
    #expect(
      read.errors.map { "\($0.position.line) \($0.message)" } == [
        "3 the parents of \"a\" go in a circle: a > c > b > a", "4 the parents of \"b\" go in a circle: b > a > c > b",
        "5 the parents of \"c\" go in a circle: c > b > a > c",
        "6 the parent \"nobody\" of the organisation \"d\" is not described",
        "7 the parent \"nobody\" of the organisation \"d\" is not described",
        "9 the parents of \"g\" go in a circle: g > g",
      ])
    let chain = (1...20).map { "organisation,o\($0),o\($0 - 1)" }.joined(separator: "\n")
    let deep = try InventoryImport.csv("noun,id,parent\norganisation,o0,\n\(chain)\n", file: "i.csv")
    #expect(deep.inventory.organisations.count == InventoryLimits.depth + 1)
    #expect(deep.errors.first?.message == "more than 16 organisations stand above \"o17\", the limit")
  }

  @Test("a parent that the inventory has already may be named") func knownParent() throws {
    let existing = Inventory(organisations: [Organisation(id: "city", name: BilingualText("city"))])
    #expect(try yaml("organisations: [{id: a, parent: city}]\n", over: existing).errors.isEmpty)
    let csv = "url,organisation\na.cn,city\n"
    #expect(try InventoryImport.csv(csv, file: "i.csv", over: existing).inventory.organisations.isEmpty)
  }
}

extension String {
  fileprivate func replacingFirst(_ start: String, upTo end: Character, with text: String) -> String {
    guard let from = firstRange(of: start)?.lowerBound, let until = self[from...].firstIndex(of: end) else {
      return self
    }
    return String(self[..<from]) + text + self[until...]
  }
}

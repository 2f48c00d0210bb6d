import Documents
import Records
import Scheduling
import Testing
import Wire

@Suite struct InventoryTests {
  @Test(
    "a site's address gets its normal form",
    arguments: [
      ("example.cn", "https://example.cn/"), ("HTTP://Example.CN:80", "http://example.cn/"),
      ("https://example.cn:8443/a/../b/./c/", "https://example.cn:8443/b/c/"),
      ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"), ("192.0.2.7", "https://192.0.2.7/"),
      ("https://bücher.example.", "https://xn--bcher-kva.example/"), ("政府.cn", "https://xn--mxtq1m.cn/"),
      ("https://x.cn/路", "https://x.cn/%E8%B7%AF"), ("例え。jp", "https://xn--r8jz45g.jp/"),
    ]) func normalForm(text: String, expected: String) throws
  {
    #expect(try SiteAddress(parsing: text).description == expected)
  }

  @Test(
    "what is no site, or hides an address, is refused",
    arguments: [
      "", "ftp://a.cn", "https://", "https://u:p@a.cn", "https://a.cn/?q", "a..cn", "-a.cn", "a.cn:0", "a.cn:70000",
      "2130706433", "0x7f.1", "127.1", "a b.cn", "1.2.3.4.5", "https://[::1", "https://a.cn:1:2", "a\u{202e}.cn",
      "ａ.cn", "https://\(String(repeating: "a", count: 64)).cn", "javascript:alert(1)",
    ]) func refused(text: String)
  {
    #expect(throws: SiteAddress.Malformed.self) { try SiteAddress(parsing: text) }
  }

  static let csv = """
    url,id,organisation,organisation_name,criticality,tags,cadence,authorised_by,document,from,until,up_to
    https://www.a.cn,a,edu,教育局,critical,web;school,12h,City Office,no. 7,2026-01-01,2026-12-31,probe
    https://www.b.cn,,edu,,,,,City Office,no. 7,2026-01-01,2026-12-31,probe
    ftp://c.cn,,edu,,,,,,,,,
    https://d.cn,a,edu,,,,,,,,,
    https://e.cn,,edu,,high,,,,,,,
    https://f.cn,,edu,,,,,City Office,no. 8,2026-12-31,2026-01-01,
    https://g.cn,,edu,,,,,,,,,

    """

  @Test("a table gives sites, organisations and shared authorisations, and errors by line") func table() throws {
    let read = try InventoryImport.csv(Self.csv, file: "s.csv")
    #expect(read.inventory.sites.map(\.id) == ["a", "www.b.cn", "g.cn"])
    #expect(read.inventory.sites.first?.cadence == 43_200)
    #expect(read.inventory.sites.first?.tags == ["web", "school"])
    #expect(read.inventory.organisations.map(\.name.zh) == ["教育局"])
    #expect(read.inventory.authorisations.count == 1)
    #expect(read.inventory.authorisations.first?.hosts == ["www.a.cn", "www.b.cn"])
    #expect(read.inventory.authorisations.first?.until == Timestamp(text: "2027-01-01T00:00:00Z"))
    #expect(
      read.errors.map(\.description) == [
        "s.csv:4:1: the scheme \"ftp\" is not http or https",
        "s.csv:5:1: the site \"a\" is already there (give it an id)",
        "s.csv:6:20: \"high\" is no criticality (ordinary, important or critical)",
        "s.csv:7:23: the authorisation \"City Office no. 8 2026-12-31 2026-01-01 observe\" ends before it begins",
      ])
    #expect(read.warnings.map(\.message) == ["no authorisation names g.cn: it will not be scanned"])
  }

  static let yaml = """
    organisations:
      - {id: city, name: {en: City, zh: 市}}
      - {id: edu, name: Education, parent: city, contact: x@y.cn}
    authorisations:
      - id: a1
        granted_by: City Office
        document: no. 7
        hosts: ["*.a.cn", b.cn]
        networks: [192.0.2.0/24]
        from: 2026-01-01
        until: 2026-12-31T16:00:00+08:00
        up_to: probe
      - {id: a2, granted_by: x, hosts: ["*.cn"], from: 2026-01-01, until: 2026-02-01}
    sites:
      - https://www.a.cn
      - {url: b.cn, organisation: edy, criticality: critical, addresses: [10.0.0.1], cadence: 1h}
      - {url: b.cn, id: again}
      - {uri: c.cn}

    """

  @Test("a document gives the same nouns, with the place of each mistake") func document() throws {
    let read = InventoryImport.document(try YAMLDocument.parse(Self.yaml, file: "s.yaml"))
    #expect(read.inventory.sites.map(\.url) == ["https://www.a.cn/", "https://b.cn/"])
    #expect(read.inventory.authorisations.map(\.id) == ["a1"])
    #expect(read.inventory.authorisations.first?.hosts == ["*.a.cn", "b.cn"])
    #expect(read.inventory.authorisations.first?.until == Timestamp(text: "2026-12-31T08:00:00Z"))
    #expect(
      read.errors.map(\.message) == [
        "\"*.cn\" would permit a whole top-level domain", "https://b.cn/ is already the site \"b.cn\"",
        "the key \"url\" is missing",
      ])
    #expect(
      read.warnings.map(\.message) == [
        "unknown key \"uri\"", "the organisation \"edy\" of b.cn is not described",
        "10.0.0.1 is private and will not be scanned",
      ])
  }

  @Test("the difference of two inventories is what a dry run shows") func difference() throws {
    let old = try InventoryImport.csv(Self.csv, file: "s").inventory
    var new = old
    new.sites.removeFirst()
    new.sites[0].cadence = 60
    new.organisations.append(Organisation(id: "x", name: BilingualText("x")))
    #expect(
      InventoryDifference(from: old, to: new).lines.map(\.description) == [
        "added organisation x", "removed site a", "changed site www.b.cn",
      ])
    #expect(InventoryDifference(from: old, to: old).isEmpty)
  }
}

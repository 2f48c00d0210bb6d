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
        "s.csv:6:20: \"high\" is no criticality (ordinary, important, critical)",
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
        "the organisation \"edy\" of b.cn is not described", "10.0.0.1 is private and will not be scanned",
        "unknown key \"uri\"",
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
    #expect(
      InventoryDifference(from: old, to: new).lines.last?.fields == [.init(name: "cadence", old: nil, new: "60s")])
    #expect(InventoryDifference(from: old, to: old).isEmpty)
  }

  @Test("organisations, contacts, platforms, papers and windows are read from a document and from a table alike")
  func wholeInventory() throws {
    let read = InventoryImport.document(try YAMLDocument.parse(Self.whole, file: "s.yaml"))
    #expect(read.errors == [] && read.warnings == [])
    let tax = try #require(read.inventory.organisations.last)
    #expect(tax.kind == .government && tax.level == .city && tax.region == "440300")
    #expect(tax.primary?.name == "Li" && tax.backup?.phone == "+86 755 1")
    #expect(read.inventory.platforms.first?.connectsPerSecond == 2.5)
    let site = try #require(read.inventory.sites.first)
    #expect(site.engineCadence == ["tls": 43_200])
    #expect(site.maintenance.map(\.description) == ["sat,sun 22:00-06:00 +08:00", "daily 02:00-03:00 UTC"])
    #expect(read.inventory.authorisations.first?.documentNumber == "7")
    let table = InventoryExport.text(read.inventory, as: .csv)
    #expect(try InventoryImport.csv(table, file: "s.csv").inventory == read.inventory)
  }

  static let whole = """
    organisations:
      - {id: city, name: {en: City, zh: 市}}
      - id: tax
        name: Tax
        parent: city
        kind: government
        level: city
        region: "440300"
        contacts:
          - {name: Li, role: duty officer, email: li@tax.cn, rank: primary}
          - {name: Wang, phone: "+86 755 1", rank: backup}
    platforms:
      - {id: cloud, name: City cloud, owner: city, networks: [203.0.113.0/24], connects_per_second: 2.5}
    authorisations:
      - {id: a, granted_by: city, document: Letter, document_number: "7", document_date: 2026-01-01, hosts: ["*.tax.cn"], from: 2026-01-01, until: 2026-12-31}
    sites:
      - url: www.tax.cn
        organisation: tax
        platform: cloud
        engine_cadence: {tls: 12h}
        maintenance:
          - sat,sun 22:00-06:00 +08:00
          - {days: [daily], from: "02:00", until: "03:00"}

    """

  @Test("the contacts of the first inventories, and stored entries without the newer fields, are still read")
  func oldEntries() throws {
    let text = #"{"id":"a","name":{"en":"A","zh":"A"},"contact":"x@y.cn","backupContact":"Wang, 12345"}"#
    let old = try RecordJSON.decode(Organisation.self, from: text)
    #expect(old.kind == .other && old.primary?.email == "x@y.cn" && old.backup?.name == "Wang, 12345")
    let site = try RecordJSON.decode(
      Site.self,
      from:
        #"{"id":"a","url":"https://a.cn/","scheme":"https","host":"a.cn","port":443,"path":"/","criticality":"ordinary","tags":[],"engines":[],"addresses":[]}"#
    )
    #expect(site.maintenance == [] && site.engineCadence == [:])
    let platform = try RecordJSON.decode(Platform.self, from: #"{"id":"p","name":"P","networks":[]}"#)
    #expect(platform.owner == nil)
  }

  @Test("sites that may be one are found with the reason, and others are not") func duplicates() throws {
    let inventory = Inventory(
      sites: try ["https://a.cn", "https://www.a.cn", "http://a.cn", "https://b.cn", "https://c.cn", "https://d.cn"].map
      {
        Site(try SiteAddress(parsing: $0), id: $0)
      })
    let found = inventory.duplicates(
      names: ["https://b.cn": ["b.cn", "c.cn"], "https://c.cn": ["c.cn", "b.cn"], "https://d.cn": ["d.cn"]],
      addresses: ["https://b.cn": ["192.0.2.1"], "https://c.cn": ["192.0.2.1"], "https://d.cn": ["192.0.2.1"]])
    #expect(
      found.map { "\($0.reason.rawValue) \($0.sites.joined(separator: " "))" } == [
        "plainAndSecure http://a.cn https://a.cn", "sameServer https://b.cn https://c.cn",
        "withAndWithoutWWW https://a.cn https://www.a.cn",
      ])
  }

  @Test("a sighting is proposed unless the inventory has it; yes makes a site of the same organisation, nothing else")
  func proposals() throws {
    var site = Site(try SiteAddress(parsing: "https://a.cn"))
    site.organisation = "edu"
    let inventory = Inventory(sites: [site, Site(try SiteAddress(parsing: "https://known.cn"))])
    let rules = ProposalRules(inventory, addresses: AddressPolicy())
    func found(_ kind: Sighting.Kind, _ values: [String]) -> [Proposal] {
      rules.proposals(of: Sighting(site: "a.cn", engine: "e", kind: kind, values: values, time: .at(0)))
    }
    let names = found(
      .certificateName, ["a.cn", "*.a.cn", "known.cn", "B.cn", "b.cn.", "b.cn", "bad name", "localhost", "10.0.0.1"])
    #expect(names.map(\.value) == ["b.cn"])
    #expect(found(.redirectHost, ["c.cn:8443"]).map(\.value) == ["c.cn"])
    #expect(
      found(.address, ["203.0.113.9", "2001:db8:1::1", "127.0.0.1", "x"]).map(\.value) == [
        "203.0.113.9", "2001:db8:1::1",
      ])
    #expect(
      rules.proposals(of: Sighting(site: "gone", engine: "e", kind: .address, values: ["203.0.113.9"], time: .at(0)))
        == [])
    let name = try #require(names.first)
    let next = try #require(inventory.accepting(name))
    #expect(next.sites.last?.url == "https://b.cn/" && next.sites.last?.organisation == "edu")
    #expect(next.authorisations == inventory.authorisations)
    #expect(next.accepting(name) == nil)
    let address = try #require(found(.address, ["203.0.113.9"]).first)
    let widened = try #require(inventory.accepting(address))
    #expect(widened.sites.map(\.addresses.count) == [1, 0])
  }

  @Test("a permission is announced thirty days ahead, and what is not scanned is listed") func review() throws {
    let inventory = Inventory(
      organisations: [Organisation(id: "o", name: BilingualText("o"), contacts: [Contact("x", rank: .primary)])],
      sites: [Site(try SiteAddress(parsing: "https://a.cn")), Site(try SiteAddress(parsing: "https://10.0.0.1"))],
      authorisations: [
        authorisation("soon", hosts: ["a.cn"], until: 86_400 * 29.5),
        authorisation("later", hosts: ["a.cn"], until: 86_400 * 31),
        authorisation("over", hosts: ["b.cn"], until: -1),
      ])
    let review = InventoryReview(inventory, addresses: AddressPolicy(), now: .at(0))
    #expect(
      review.remarks.map { "\($0.kind.rawValue) \($0.subject)" } == [
        "expired authorisation/over", "expires authorisation/soon", "noBackup organisation/o",
        "noOrganisation site/a.cn",
        "notAuthorised site/10.0.0.1", "refusedAddress site/10.0.0.1", "noOrganisation site/10.0.0.1",
      ])
    #expect(review.remarks[1].text.en.contains("ends in 30 days"))
  }

  @Test("hosts that any of thousands of permissions names are found as each alone would find them")
  func authorisedHosts() throws {
    let all = [
      authorisation(hosts: ["a.cn", "*.b.cn"]),
      authorisation(hosts: [], networks: [try #require(IPPrefix("203.0.113.0/24"))]),
    ]
    let index = AuthorisedHosts(all)
    for host in ["a.cn", "A.cn", "x.a.cn", "b.cn", "x.b.cn", "x.y.b.cn", "xb.cn", "203.0.113.7", "203.0.114.7", "cn"] {
      #expect(index.covers(host: host, address: nil) == all.contains { $0.covers(host: host) }, "\(host)")
    }
  }

  @Test("every name is encoded and decoded to itself, and no bytes trap the decoder") func punycode() throws {
    #expect(HostName.unicode("xn--mxtq1m.cn") == "政府.cn")
    #expect(HostName.bothForms("xn--mxtq1m.cn") == "政府.cn (xn--mxtq1m.cn)")
    for label in ["政府", "bücher", "ελλάδα", "правительство", "例え", "a政b府c"] {
      let host = try SiteAddress(parsing: "\(label).cn").host
      #expect(HostName.unicode(host) == "\(label).cn")
    }
    var random = SeededRandom(seed: UInt64.random(in: 0 ... .max))
    print("punycode seed \(random)")
    for _ in 0..<20_000 {
      let length = Int.random(in: 0...70, using: &random)
      let letters = Array("abcxyz019-")
      let label = String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
      _ = HostName.unicode("xn--\(label).cn")
    }
  }
}

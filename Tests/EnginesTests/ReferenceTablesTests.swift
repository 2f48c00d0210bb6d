import Documents
import Foundation
import Records
import Testing
import Wire

@testable import Engines

/// The tables that come as files: the same as ever, and told with place where they are wrong.
@Suite struct ReferenceTablesTests {
  private static let endOfSupport: [(String, String)] = [
    ("Apache", "1.3=2010-02-03 2.0=2013-07-10 2.2=2017-07-11"),
    (
      "nginx",
      "0=2011-04-12 1.0=2012-04-23 1.1=2012-04-23 1.2=2013-04-24 1.3=2013-04-24 1.4=2014-04-24 1.5=2014-04-24 1.6=2015-04-21 1.7=2015-04-21 1.8=2016-04-26 1.9=2016-04-26 1.10=2017-04-12 1.11=2017-04-12 1.12=2018-04-17 1.13=2018-04-17 1.14=2019-04-23 1.15=2019-04-23 1.16=2020-04-21 1.17=2020-04-21 1.18=2021-04-20 1.19=2021-04-20 1.20=2022-05-24 1.21=2022-05-24 1.22=2023-04-11 1.23=2023-04-11 1.24=2024-04-23 1.25=2024-04-23 1.26=2025-04-23 1.27=2025-04-23"
    ),
    (
      "PHP",
      "4=2008-08-07 5.0=2005-09-05 5.1=2006-08-24 5.2=2011-01-06 5.3=2014-08-14 5.4=2015-09-03 5.5=2016-07-21 5.6=2018-12-31 7.0=2019-01-10 7.1=2019-12-01 7.2=2020-11-30 7.3=2021-12-06 7.4=2022-11-28 8.0=2023-11-26 8.1=2025-12-31 8.2=2026-12-31 8.3=2027-12-31 8.4=2028-12-31 8.5=2029-12-31"
    ),
    ("Microsoft-IIS", "5=2010-07-13 6=2015-07-14 7=2020-01-14 8=2023-10-10"),
    ("Tomcat", "5.5=2012-09-30 6=2016-12-31 7=2021-03-31 8.0=2018-06-30 8.5=2024-03-31 9.0=2027-03-31 10.0=2022-10-31"),
    (
      "OpenSSL",
      "0.9=2015-12-31 1.0.0=2015-12-31 1.0.1=2016-12-31 1.0.2=2019-12-31 1.1.0=2019-09-11 1.1.1=2023-09-11 3.0=2026-09-07 3.1=2025-03-14 3.2=2025-11-23 3.3=2026-04-09 3.4=2026-10-22 3.5=2030-04-08"
    ),
    ("Jetty", "9.3=2020-12-07 10=2025-01-01 11=2025-01-01"),
    (
      "Python",
      "2=2020-01-01 3.5=2020-09-30 3.6=2021-12-23 3.7=2023-06-27 3.8=2024-10-07 3.9=2025-10-31 3.11=2027-10-31 3.12=2028-10-31 3.13=2029-10-31"
    ),
    ("Drupal", "6=2016-02-24 7=2025-01-05 8=2021-11-02 9=2023-11-01"),
    ("Bootstrap", "3=2019-07-24 4=2023-01-01"),
    ("AngularJS", "1=2021-12-31"),
    ("Vue", "2=2023-12-31"),
  ]

  @Test("the file of ends of support says what the program said") func products() throws {
    let table = try shippedTables().endOfSupport
    let found = Dictionary(grouping: table.entries, by: \.product).mapValues { entries in
      Set(entries.map { "\($0.branch)=\($0.end)" })
    }
    let wanted = Dictionary(
      uniqueKeysWithValues: Self.endOfSupport.map { ($0.0, Set($0.1.split(separator: " ").map(String.init))) })
    #expect(found == wanted)
    #expect(table.entry(.init(name: "Apache-Tomcat", version: "8.5.1"))?.end == "2024-03-31")
    #expect(table.entry(.init(name: "Apache-Coyote", version: "1.1")) == nil)
  }

  @Test("the file of profiles says what the program said") func profiles() throws {
    let modern: Set<UInt16> = [0x1301, 0x1302, 0x1303]
    let intermediate = modern.union([0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009e, 0x009f, 0xccaa])
    let old = intermediate.union([
      0xc023, 0xc027, 0xc009, 0xc013, 0xc024, 0xc028, 0xc00a, 0xc014, 0x0067, 0x006b, 0x009c, 0x009d, 0x003c, 0x003d,
      0x002f, 0x0035, 0x000a,
    ])
    let wanted: [TLSProfiles.Profile] = [
      profile("modern", [.tls13], modern, nil), profile("intermediate", [.tls13, .tls12], intermediate, 2048),
      profile("old", [.tls13, .tls12, .tls11, .tls10], old, 1024),
    ]
    #expect(try shippedTables().profiles.all == wanted)
  }

  private func profile(_ name: String, _ versions: Set<TLSVersion>, _ suites: Set<UInt16>, _ bits: Int?)
    -> TLSProfiles.Profile
  {
    TLSProfiles.Profile(
      name: name, versions: versions, suites: Set(suites.map(TLSCipherSuite.init(rawValue:))), dhBits: bits)
  }

  @Test(
    "what is wrong in a table is told with file, line and column",
    arguments: [
      ("products", "products: 1", "t.yaml:1:11: expected a list, found \"1\""),
      (
        "products", "products:\n  - product: A\n    branches: {\"1.0\": soon}\n",
        "t.yaml:3:23: \"soon\" is no day (for example 2026-03-15)"
      ),
      (
        "products", "products:\n  - product: A\n    branches: {\"1.x\": 2026-01-01}\n",
        "t.yaml:3:16: \"1.x\" is no version (for example \"7.4\")"
      ),
      (
        "products", "products:\n  - {product: A, branches: {}}\n  - {product: a, branches: {}}\n",
        "t.yaml:3:5: a stands twice (put its branches together)"
      ),
      ("limits", "limits: []\nmore: 1\n", "t.yaml:2:1: unknown key \"more\" (known here: limits)"),
      (
        "limits", "limits:\n  - {since: 2020-09-01, days: 398}\n  - {since: 2018-03-01, days: 825}\n",
        "t.yaml:3:13: \"2018-03-01\" is not later than the day before it (the oldest first)"
      ),
      ("limits", "limits:\n  - {since: 2020-09-01, days: 0}\n", "t.yaml:2:31: 0 is outside 1 to 3660"),
      (
        "profiles", "groups: [x25519]\nprofiles:\n  - {name: a, versions: [TLS 1.4], suites: []}\n",
        "t.yaml:3:26: \"TLS 1.4\" is no version of TLS that Vigil knows"
      ),
      ("profiles", "groups: [x]\nprofiles: []\n", "t.yaml:1:10: \"x\" is no group of TLS that Vigil knows"),
    ])
  func faults(table: String, text: String, sentence: String) throws {
    let root = try YAMLDocument.parse(text, file: "t.yaml")
    let error = #expect(throws: DocumentError.self) {
      switch table {
      case "products": _ = try EndOfSupport(root)
      case "limits": _ = try LifetimeLimits(root)
      default: _ = try TLSProfiles(root)
      }
    }
    #expect(error?.description == sentence)
  }

  @Test("without tables nothing is called sound") func empty() throws {
    let none = ReferenceTables()
    let now = try #require(Timestamp(text: "2026-11-25T00:00:00Z"))
    let answer = none.endOfSupport.answer([.init(name: "PHP", version: "5.6")], at: now)
    #expect(answer.answer == .notDetermined(reason: "does not apply: no end of support is known of PHP 5.6"))
    #expect(none.lifetimes.days(issued: 1_900_000_000) == nil)
  }
}

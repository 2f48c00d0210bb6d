import Records
import Scheduling
import Testing
import Wire

/// Inventories at random, as far as an import would let them in: texts that begin like formulas, quotes, Chinese,
/// names in two scripts, every field set and not set.
struct InventoryRandom {
  var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func inventory() -> Inventory {
    var inventory = Inventory()
    for index in 0..<below(12) { inventory.organisations.append(organisation(index, inventory.organisations)) }
    for index in 0..<below(4) { inventory.platforms.append(platform(index, inventory.organisations)) }
    for index in 0..<below(30) { inventory.sites.append(site(index, inventory)) }
    for index in 0..<below(6) { inventory.authorisations.append(authorisation(index, inventory.sites)) }
    return inventory
  }

  // MARK: parts

  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
  mutating func flip() -> Bool { Bool.random(using: &random) }
  mutating func some<T>(_ make: (inout InventoryRandom) -> T) -> T? { flip() ? make(&self) : nil }
  mutating func several<T>(_ limit: Int, _ make: (inout InventoryRandom) -> T) -> [T] {
    (0..<below(limit + 1)).map { _ in make(&self) }
  }

  mutating func text() -> String {
    let starts = [
      "=1+1", "+86 755", "-x", "@SUM(A1)", "'", "''=", "a", "市", "\"q\"", "#", "no", "2026-01-01", "~", "[", "*a",
    ]
    let rests = ["", " b", ",c", ";d", "|e", "\\n", "\"", "'", ": ", " #f", "政府", "é", "\u{1f600}", "%0A"]
    return starts[below(starts.count)] + (0..<below(4)).map { _ in rests[below(rests.count)] }.joined() + "."
  }

  mutating func organisation(_ index: Int, _ above: [Organisation]) -> Organisation {
    var organisation = Organisation(id: "\(text()) o\(index)", name: BilingualText(en: text(), zh: text()))
    if flip() { organisation.name = BilingualText(text()) }
    organisation.parent = above.isEmpty ? nil : some { above[$0.below(above.count)].id }
    organisation.kind = OrganisationKind.allCases[below(5)]
    organisation.level = some { AdministrativeLevel.allCases[$0.below(5)] }
    organisation.region = some { $0.text() }
    organisation.contacts = several(3) { me in
      Contact(
        name: me.text(), role: me.some { $0.text() }, email: me.some { $0.text() + "@x.cn" },
        phone: me.some { $0.text() }, chat: me.some { $0.text() }, rank: Contact.Rank.allCases[me.below(3)])
    }
    return organisation
  }

  mutating func platform(_ index: Int, _ owners: [Organisation]) -> Platform {
    Platform(
      id: "\(text()) p\(index)", name: text(), networks: several(3) { $0.network() },
      owner: owners.isEmpty ? nil : some { owners[$0.below(owners.count)].id },
      connectsPerSecond: some { Double($0.below(99) + 1) / 10 },
      requestsPerSecond: some { Double($0.below(99) + 1) / 7 }, proxies: several(2) { $0.network() })
  }

  mutating func network() -> IPPrefix {
    let text = flip() ? "203.\(below(256)).0.0/\(16 + below(17))" : "2001:db8:\(below(9999))::/\(48 + below(80))"
    return IPPrefix(text) ?? IPPrefix("192.0.2.0/24")!
  }

  mutating func site(_ index: Int, _ inventory: Inventory) -> Site {
    let hosts = ["a\(index).example.cn", "xn--mxtq1m.s\(index).cn", "203.0.113.\(index)", "2001:db8::\(index + 1)"]
    let scheme = flip() ? "https" : "http"
    let path = ["/", "/a/", "/a%20b/c", "/=x,\"y\""][below(4)]
    let port = UInt16([80, 443, 8080 + index][below(3)])
    var site = Site(
      SiteAddress(scheme: scheme, host: hosts[below(4)], port: port, path: path),
      id: some { "\($0.text()) s\(index)" })
    site.organisation =
      inventory.organisations.isEmpty ? nil : inventory.organisations[below(inventory.organisations.count)].id
    site.platform =
      inventory.platforms.isEmpty ? nil : some { inventory.platforms[$0.below(inventory.platforms.count)].id }
    site.criticality = Criticality.allCases[below(3)]
    site.tags = several(3) { ["=tag", "-a", "学校", "'x", "a:b"][$0.below(5)] }
    site.engines = several(2) { ["tls", "http"][$0.below(2)] }
    site.cadence = some { 60 + $0.below(1_000_000) }
    for engine in several(2, { ["tls", "dns", "-x"][$0.below(3)] }) { site.engineCadence[engine] = 60 + below(9999) }
    site.maintenance = several(3) { $0.window() }
    site.proxies = several(2) { $0.network() }
    site.addresses = several(2) { IPAddress("198.51.100.\($0.below(256))")! }
    return site
  }

  mutating func window() -> MaintenanceWindow {
    let days = Set(several(4) { MaintenanceWindow.Weekday.allCases[$0.below(7)] } + [.mon])
    let from = below(1440)
    let zone = FixedZone(minutes: below(1561) - 720) ?? .utc
    let weekly = MaintenanceWindow(.weekly(days: days, from: from, until: (from + 1 + below(1000)) % 1440), zone: zone)
    let dated = MaintenanceWindow(.dated(from: .at(Double(below(1000))), until: .at(2000.5)))
    return flip() ? weekly ?? dated! : dated!
  }

  mutating func authorisation(_ index: Int, _ sites: [Site]) -> Authorisation {
    var hosts = several(5) { "h\($0.below(99)).example.cn" } + (flip() ? ["*.example.cn"] : [])
    let networks = several(2) { $0.network() }
    if hosts.isEmpty, networks.isEmpty { hosts = ["x.cn"] }
    return Authorisation(
      id: "\(text()) a\(index)", grantedBy: text(), document: flip() ? text() : "", hosts: hosts, networks: networks,
      from: .at(Double(below(1000))), until: .at(2000 + Double(below(1000)) / 8), upTo: ProbeClass.allCases[below(3)],
      documentNumber: some { $0.text() }, documentDate: some { .at(Double($0.below(9)) * 86_400) },
      documentHash: some { SHA256.hex(SHA256.digest([UInt8($0.below(256))])) })
  }
}

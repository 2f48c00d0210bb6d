import Documents
import Records
import Scheduling
import Testing
import Wire

@testable import DemoCity

@Suite("The city's table and what is written of it")
struct TableTests {
  @Test("about fifty sites with ids, hosts and places of their own, and every weakness at one of them")
  func table() {
    let sites = CityTable.sites
    #expect((48...56).contains(sites.count))
    #expect(Set(sites.map(\.id)).count == sites.count)
    #expect(Set(sites.map { "\($0.scheme) \($0.host)" }).count == sites.count)
    #expect(Set(sites.map { "\($0.scheme) \($0.address)" }).count == sites.count)
    #expect(Set(sites.flatMap(\.weaknesses)) == Set(Weakness.allCases))
    #expect(sites.filter { $0.weaknesses.isEmpty }.count >= 8)
    #expect(CityTable.organisations.count == 8)
    let labels = Set(CityTable.organisations.map(\.label))
    #expect(sites.allSatisfy { labels.contains($0.organisation) })
    #expect(Set(CityTable.organisations.filter { !$0.isPermitted }.map(\.label)) == ["sport", "help"])
    let network = IPPrefix(CityTable.network)
    #expect(sites.allSatisfy { site in IPAddress(site.address).map { network?.contains($0) == true } == true })
  }

  private static let now = 1_795_000_000

  private func inventory() throws -> InventoryImport {
    let text = CityText.inventory(ports: CityPorts(tls: 8443, plain: 8080), now: Self.now)
    let document = try YAMLDocument.parse(text, file: "inventory.yaml")
    return InventoryImport.document(
      document, addresses: AddressPolicy(allowed: [IPPrefix("127.0.0.0/8")].compactMap(\.self)))
  }

  @Test("the inventory is read without a mistake, and holds what the table holds")
  func inventoryReads() throws {
    let read = try inventory()
    #expect(read.errors.map(\.description) == [])
    #expect(read.inventory.sites.map(\.id) == CityTable.sites.map(\.id))
    #expect(read.inventory.organisations.count == 9)
    #expect(
      read.inventory.organisations.first { $0.id == "edu" }?.name == BilingualText(en: "Education Bureau", zh: "教育局"))
    #expect(read.inventory.sites.first?.url == "https://www.gov.shuguang.test:8443/")
    #expect(
      Set(read.warnings.map(\.message))
        == Set(
          ["www", "blood", "elderly"].map { "no authorisation names \($0).help.shuguang.test: it will not be scanned" })
    )
  }

  @Test("who is permitted by the table is permitted by the inventory, and nobody else", arguments: CityTable.sites)
  func permission(site: CitySite) throws {
    let inventory = try inventory().inventory
    let organisation = CityTable.organisations.first { $0.label == site.organisation }
    let address = try #require(IPAddress(site.address))
    let verdict = AuthorisationVerdict.judge(
      host: site.host, address: address, probe: .observe, at: Timestamp(seconds: Int64(Self.now)),
      by: inventory.authorisations)
    switch verdict {
    case .granted(let authorisation):
      #expect(organisation?.isPermitted == true)
      #expect(authorisation.networks.contains { $0.contains(address) } != site.hasMoved)
    case .denied(let reason, _):
      #expect(organisation?.isPermitted == false)
      #expect(
        reason.hasPrefix(site.organisation == "help" ? "no authorisation names" : "the authorisation demo-sport ended"))
    }
  }

  @Test("the configuration is YAML with the folder, the home networks and loopback allowed")
  func configuration() throws {
    let text = CityText.configuration(CityFolder(path: "/x \"y\""), user: "demo")
    let root = try YAMLDocument.parse(text, file: "vigil.yaml")
    #expect(try root["data"]?.string() == "/x \"y\"")
    #expect(try root["scan"]?["allow"]?.strings() == ["127.0.0.0/8"])
    #expect(try root["sensor"]?["enabled"]?.bool() == false)
    #expect(try root["rules"]?["variables"]?["HOME_NET"]?.string() == "[127.8.0.0/16,192.0.2.0/24]")
  }

  @Test("writing the folder again keeps the root and the sites' ids")
  func again() throws {
    let folder = try TemporaryFolder()
    let city = CityFolder(path: folder.path)
    try city.write(ports: CityPorts(tls: 1, plain: 2), user: "demo", now: Self.now)
    let authority = try city.readAuthority()
    try city.write(ports: CityPorts(tls: 3, plain: 4), user: "demo", now: Self.now)
    #expect(try city.readAuthority() == authority)
    #expect(authority.contains("BEGIN CERTIFICATE") && authority.contains("PRIVATE KEY"))
    let read = try InventoryImport.read(path: city.inventory)
    #expect(read.inventory.sites.map(\.id) == CityTable.sites.map(\.id))
    #expect(read.inventory.sites.first?.port == 3)
  }

  @Test("a taken port moves the whole city to the next pair; none free is told")
  func ports() throws {
    let running = try RunningCity.get().server.ports
    let next = CityPorts(tls: running.tls &+ 200, plain: running.plain &+ 200)
    #expect(try CityPorts.free(among: [running, next], patienceMilliseconds: 0) == next)
    let error = #expect(throws: DemoError.self) { try CityPorts.free(among: [running], patienceMilliseconds: 0) }
    #expect(error?.hint == "see who holds them: ss -ltnp")
  }
}

import Documents
import Records
import Scheduling
import Testing
import Wire

@testable import DemoCity

/// A seed of this run, printed so that a failure can be had again.
let drawnSeed: UInt64 = {
  let seed = UInt64.random(in: 0...UInt64(UInt32.max))
  print("planned city of the tests: seed \(seed)")
  return seed
}()

@Suite("The planned city's plan")
struct PlanTests {
  private let plan = CityPlan(seed: drawnSeed, sites: 2000)

  @Test("the same seed gives the same city, and another seed another one")
  func determinism() {
    #expect(CityPlan(seed: drawnSeed, sites: 2000).sites == plan.sites, "seed \(drawnSeed)")
    #expect(CityPlan(seed: drawnSeed ^ 1, sites: 2000).sites != plan.sites)
    #expect(plan.openingLine.hasPrefix("seed \(drawnSeed), 2000 sites"))
  }

  @Test("the plan of a seed is the same for ever")
  func lasting() {
    let site = CityPlan(seed: 7, sites: 50).sites[41]
    #expect(site.host == "service41.housing-lake.xincheng.test")
    #expect(site.address == "127.32.0.42")
  }

  @Test("a larger city begins with the sites of a smaller one")
  func prefix() {
    #expect(Array(plan.sites.prefix(300)) == CityPlan(seed: drawnSeed, sites: 300).sites)
  }

  @Test("every trait occurs in 2,000 sites, and most sites are fairly good")
  func distribution() {
    let seen = plan.sites.reduce(into: Set<SiteTrait>()) { $0.formUnion($1.traits) }
    let missing = Set(SiteTrait.allCases).subtracting(seen).subtracting([.stalls, .endless])
    #expect(missing.isEmpty, "seed \(drawnSeed): \(missing)")
    #expect(plan.sites.count { $0.traits.count <= 1 } > 1000)
    #expect(plan.sites.contains { $0.traits.count >= 3 })
  }

  @Test("each trait but those that hide their site has a check that must say yes")
  func checks() {
    for trait in SiteTrait.allCases where trait.checks.isEmpty {
      #expect([.garbage, .plainOnTLS, .endless, .resets].contains(trait), "\(trait)")
    }
  }

  @Test("110 organisations and more with names in two languages, each under one that is there")
  func organisations() {
    #expect(plan.organisations.count >= 110)
    let labels = Set(plan.organisations.map(\.label))
    #expect(labels.count == plan.organisations.count)
    for body in plan.organisations {
      #expect(body.parent.isEmpty || labels.contains(body.parent))
      #expect(!body.chinese.isEmpty && !body.english.isEmpty)
    }
    #expect(Set(plan.organisations.map(\.kind)) == ["government", "party", "people", "enterprise"])
  }

  @Test("ids and names are single, addresses are loopback, and platforms are shared by many names")
  func places() {
    #expect(Set(plan.sites.map(\.id)).count == plan.sites.count)
    #expect(Set(plan.sites.map(\.host)).count == plan.sites.count)
    let networks = CityPlan.networks.compactMap { IPPrefix($0) }
    for site in plan.sites {
      let address = IPAddress(site.address)
      #expect(address.map { place in networks.contains { $0.contains(place) } } == true, "\(site.address)")
    }
    let byAddress = Dictionary(grouping: plan.sites, by: \.address)
    for platform in plan.platforms { #expect((2...25).contains(byAddress[platform.address]?.count ?? 0)) }
    #expect(byAddress.filter { $0.value.count > 1 }.count == plan.platforms.count)
  }

  @Test("the inventory is imported without an error, from YAML and from CSV, and both name the same sites")
  func inventory() throws {
    let folder = try TemporaryFolder()
    _ = try PlannedCityFolder(path: folder.path).write(LiveCity(plan, ports: CityPorts(tls: 9443, plain: 9080)))
    let policy = AddressPolicy(allowed: CityPlan.networks.compactMap { IPPrefix($0) })
    let tree = try InventoryImport.read(path: folder.path + "/inventory.yaml", addresses: policy)
    let table = try InventoryImport.read(path: folder.path + "/inventory.csv", addresses: policy)
    for read in [tree, table] {
      #expect(read.errors.isEmpty, "\(read.errors.prefix(3))")
      #expect(read.warnings.isEmpty, "\(read.warnings.prefix(3))")
      #expect(read.inventory.sites.count == plan.sites.count)
    }
    #expect(Set(tree.inventory.sites.map(\.url)) == Set(table.inventory.sites.map(\.url)))
    #expect(tree.inventory.platforms.count == plan.platforms.count)
    #expect(tree.inventory.organisations.count == plan.organisations.count)
  }

  @Test("5 % of the sites change in a round, and the truth of those alone, each in what the change says")
  func changes() {
    let changes = plan.changes(round: 2)
    #expect(changes.count == 100)
    #expect(changes == plan.changes(round: 2))
    #expect(changes != plan.changes(round: 3))
    #expect(Set(changes.map(\.site)).count == changes.count)
    let city = LiveCity(plan, ports: CityPorts(tls: 9443, plain: 9080))
    city.apply(changes)
    let touched = Set(changes.map(\.site))
    for site in plan.sites {
      let (before, after) = (CityTruth(site, site.traits), CityTruth(site, city.traits(of: site.number)))
      #expect((before != after) == touched.contains(site.number), "seed \(drawnSeed), \(site.id)")
    }
  }

  @Test("with faults a share of the sites is mute, and of those nothing is claimed")
  func faults() {
    let faulty = CityPlan(seed: drawnSeed, sites: 1000, faults: 100)
    let mute = faulty.sites.filter { $0.traits.contains(where: \.isMute) }
    #expect((40...140).contains(mute.count), "seed \(drawnSeed)")
    for site in mute {
      let truth = CityTruth(site, site.traits)
      #expect(truth.answer("tls.version.tls1_0") == .notDetermined)
      #expect(truth.answer("content.defacement") == .notDetermined)
    }
  }
}

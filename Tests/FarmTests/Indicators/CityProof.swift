import Engines
import Foundation
import Records
import Scanner
import Synchronization
import Testing
import Wire

@testable import DemoCity

/// Every plant of the city at a site of its own, all looked at three times: without it, with it, and without it again.
enum CityProof {
  /// All that ask a web site; names and ports have farms of their own.
  private static let engines = ["availability", "tls", "certificate", "http", "content"]

  static func proofs(_ plants: [(Plant, traits: Set<SiteTrait>, beside: Set<SiteTrait>)]) throws -> [Proof] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "vigil-proof-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let seed = UInt64.random(in: 0...UInt64.max)
    print("indicators: the city's seed is \(seed)")
    let server = try served(CityPlan(seed: seed, sites: 2 * plants.count), folder)
    defer { server.stop() }
    let city = server.city
    let seats = Array(city.plan.sites.filter { $0.platform == nil && !$0.isPlain }.prefix(plants.count))
    try #require(seats.count == plants.count)
    city.apply(
      zip(seats, plants).map { site, plant in
        CityChange(
          site: site.number, kind: .better, added: plant.beside, removed: site.traits.subtracting(plant.beside))
      })
    let clean = looks(at: seats, city.ports, folder)
    city.apply(
      zip(seats, plants).map { CityChange(site: $0.number, kind: .worse, added: $1.traits, removed: $1.beside) })
    let weak = looks(at: seats, city.ports, folder)
    city.apply(
      zip(seats, plants).map { CityChange(site: $0.number, kind: .better, added: $1.beside, removed: $1.traits) })
    let again = looks(at: seats, city.ports, folder)
    return try zip(seats, plants).map { site, plant in
      try Proof(
        plant.0, clean: clean[site.id] ?? [], weak: weak[site.id] ?? [], again: again[site.id] ?? [])
    }
  }

  static func served(_ plan: CityPlan, _ folder: String) throws -> PlannedCityServer {
    var last: any Error = Farm.Failure(description: "no ports were tried")
    for _ in 0..<40 {
      let port = UInt16.random(in: 12_000...15_900)
      do {
        let city = LiveCity(plan, ports: CityPorts(tls: port, plain: port + 1))
        let server = try PlannedCityServer(
          trust: try PlannedCityFolder(path: folder).write(city), city: city, opensServices: false)
        try server.start()
        return server
      } catch { last = error }
    }
    throw last
  }

  /// By site. Every engine at every site, as `vigil scan --lab` would.
  private static func looks(at sites: [PlannedSite], _ ports: CityPorts, _ folder: String) -> [String: [Observation]] {
    var configuration = Scanner.Configuration()
    configuration.settings.policy = AddressPolicy(allowed: [IPPrefix("127.0.0.0/8")].compactMap(\.self))
    configuration.settings.limits = .lab
    configuration.settings.trustFile = folder + "/trust.pem"
    let jobs = sites.flatMap { site in
      engines.map { engine in
        ScanJob(
          id: "\(site.id) \(engine)", engine: engine, site: site.id,
          target: Target(
            scheme: "https", host: site.host, address: IPAddress(site.address), port: site.port(ports),
            serverName: site.host), probeClass: .probe, authorisation: "the city", options: ScanOptions(pages: 1))
      }
    }
    let seen = Mutex([String: [Observation]]())
    Scanner.scan(jobs: jobs, configuration: configuration) { report in
      seen.withLock { $0[report.job.site ?? "", default: []] += report.observations }
    }
    return seen.withLock { $0 }
  }
}

import Testing

@testable import DemoCity

/// Two sites of the test city on loopback, each of another body: the one whose weakness goes round, and a good one.
struct LoopCity {
  let site: PlannedSite
  let neighbour: PlannedSite
  /// PEM of the root that their certificates lead to.
  let trust: String
  private let server: PlannedCityServer

  init(in folder: String) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("the loop's city has the seed \(seed)")
    server = try CityProof.served(CityPlan(seed: seed, sites: 80), folder)
    trust = folder + "/trust.pem"
    let sites = server.city.plan.sites.filter { $0.platform == nil && !$0.isPlain }
    let site = try #require(sites.first)
    self.site = site
    neighbour = try #require(sites.first { $0.organisation != site.organisation })
    server.city.apply(
      [site, neighbour].map { CityChange(site: $0.number, kind: .better, removed: $0.traits) })
  }

  func stop() { server.stop() }

  func url(of site: PlannedSite) -> String { site.url(server.city.ports) }

  /// From the next connection on.
  func add(_ traits: Set<SiteTrait>) {
    server.city.apply([CityChange(site: site.number, kind: .worse, added: traits)])
  }
  func remove(_ traits: Set<SiteTrait>) {
    server.city.apply([CityChange(site: site.number, kind: .better, removed: traits)])
  }

  static let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

  /// What somebody gets who says that it is `agent`.
  func visit(_ path: String, as agent: String) async throws -> Curl.Answer {
    let port = site.port(server.city.ports)
    return try await Curl.run([
      "--cacert", trust, "-A", agent, "--resolve", "\(site.host):\(port):\(site.address)",
      "https://\(site.host):\(port)\(path)",
    ])
  }
}

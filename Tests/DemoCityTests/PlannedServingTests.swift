import COpenSSL
import Glibc
import Synchronization
import Testing

@testable import DemoCity

/// A planned city served for all tests of this process: small, and with every trait.
enum RunningPlan {
  struct Parts {
    let folder: TemporaryFolder
    let city: LiveCity
    let server: PlannedCityServer
    var trust: String { folder.path + "/trust.pem" }
  }

  static let sites = 1300

  nonisolated(unsafe) private static let parts = Result<Parts, any Error> { try make(sites) }

  static func get() throws -> Parts { unsafe try parts.get() }

  private static let next = Atomic<UInt16>(0)

  /// On ports of its own.
  static func make(_ count: Int, opensServices: Bool = false) throws -> Parts {
    let folder = try TemporaryFolder()
    var last: (any Error)?
    for _ in 0..<40 {
      let base =
        24_000 + UInt16(truncatingIfNeeded: Int(getpid()) % 3000) * 2 + next.add(2, ordering: .relaxed).oldValue
      let city = LiveCity(
        CityPlan(seed: drawnSeed, sites: count, faults: 10), ports: CityPorts(tls: base, plain: base + 1))
      do {
        let server = try PlannedCityServer(
          trust: try PlannedCityFolder(path: folder.path).write(city), city: city, log: folder.path + "/access.log",
          opensServices: opensServices)
        try server.start()
        return Parts(folder: folder, city: city, server: server)
      } catch { last = error }
    }
    throw last ?? Failure("no free port")
  }

  static func visit(_ site: PlannedSite, _ offer: TLSVisit.Offer = .init()) throws -> TLSVisit {
    let parts = try get()
    return try TLSVisit(site.host, at: site.address, parts.city.ports.tls, trust: parts.trust, offer)
  }

  /// The site that has this trait and no other.
  static func site(_ trait: SiteTrait) throws -> PlannedSite {
    let sites = try get().city.plan.sites
    return try #require(
      sites.first { $0.traits == [trait] && !$0.isPlain }, "seed \(drawnSeed): no site with \(trait) alone")
  }
}

/// What a plain client of OpenSSL sees, which knows neither the plan nor an engine.
@Suite("The planned city as served", .serialized)
struct PlannedServingTests {
  private static let verdicts: [(SiteTrait, Int32)] = [
    (.expired, X509_V_ERR_CERT_HAS_EXPIRED), (.notYetValid, X509_V_ERR_CERT_NOT_YET_VALID),
    (.selfSigned, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT), (.wrongName, X509_V_ERR_HOSTNAME_MISMATCH),
    (.chainExpired, X509_V_ERR_CERT_HAS_EXPIRED), (.wrongUsage, X509_V_ERR_INVALID_PURPOSE), (.chainOrder, X509_V_OK),
    (.chainDuplicate, X509_V_OK), (.chainRoot, X509_V_OK), (.expiresSoon, X509_V_OK), (.stapleMissing, X509_V_OK),
    (.suffixWildcard, X509_V_OK), (.noHSTS, X509_V_OK),
  ]

  @Test("OpenSSL's verdict on a certificate is that of its site's trait", arguments: verdicts)
  func verdict(trait: SiteTrait, expected: Int32) throws {
    let site = try RunningPlan.site(trait)
    #expect(try RunningPlan.visit(site).verdict == Int(expected), "seed \(drawnSeed), \(site.id)")
    let truth = CityTruth(site, site.traits)
    let isUntrusted = truth.answer("certificate.untrusted") == .yes
    #expect(isUntrusted == [.selfSigned, .wrongUsage].contains(trait))
  }

  @Test(
    "versions are accepted where the truth says so, and only there",
    arguments: [
      SiteTrait.tlsOld, .tlsOnlyOld, .tlsNo13, .noHSTS,
    ])
  func versions(trait: SiteTrait) throws {
    let site = try RunningPlan.site(trait)
    let truth = CityTruth(site, site.traits)
    func accepts(_ version: Int32) -> Bool { (try? RunningPlan.visit(site, .init(versions: version...version))) != nil }
    #expect(accepts(TLS1_VERSION) == (truth.answer("tls.version.tls1_0") == .yes))
    #expect(accepts(TLS1_1_VERSION) == (truth.answer("tls.version.tls1_1") == .yes))
    #expect(accepts(TLS1_2_VERSION) == (truth.answer("tls.version.no_modern") == .no))
    #expect(accepts(TLS1_3_VERSION) == (truth.answer("tls.version.no_tls1_3") == .no))
  }

  @Test(
    "weak suites are accepted where the truth says so, and only there",
    arguments: [
      (SiteTrait.tlsNull, "eNULL", "tls.suite.null"), (.tlsAnonymous, "aNULL", "tls.suite.anonymous"),
      (.tlsNoForwardSecrecy, "kRSA", "tls.suite.no_forward_secrecy"),
      (.tlsWeakGroup, "DHE", "tls.key_exchange.weak_dh"),
    ])
  func suites(trait: SiteTrait, suites: String, check: String) throws {
    for site in [try RunningPlan.site(trait), try RunningPlan.site(.noHSTS)] {
      let offer = TLSVisit.Offer(versions: TLS1_2_VERSION...TLS1_2_VERSION, suites: suites + ":@SECLEVEL=0")
      let isAccepted = (try? RunningPlan.visit(site, offer)) != nil
      #expect(isAccepted == (CityTruth(site, site.traits).answer(check) == .yes), "\(site.id)")
    }
  }

  private func head(_ site: PlannedSite, _ path: String = "/") throws -> String {
    try RunningPlan.visit(site).get(site.host, path)
  }

  @Test(
    "a page's head lacks what its site's trait says, and a good site's lacks nothing",
    arguments: [
      (SiteTrait.noHSTS, "Strict-Transport-Security:"), (.noPolicy, "Content-Security-Policy:"),
      (.noSniffing, "X-Content-Type-Options:"), (.noFraming, "X-Frame-Options:"), (.noReferrer, "Referrer-Policy:"),
      (.noOpenerPolicy, "Cross-Origin-Opener-Policy:"), (.cookieNoHTTPOnly, "HttpOnly"), (.cookieNoSecure, "; Secure"),
    ])
  func heads(trait: SiteTrait, line: String) throws {
    #expect(try !head(RunningPlan.site(trait)).contains(line))
    #expect(try head(RunningPlan.site(.exposedGit)).contains(line))
  }

  @Test(
    "each exposed file is there where it was planted, and is 404 elsewhere", arguments: PlannedFiles.all.keys.sorted())
  func files(trait: SiteTrait) throws {
    let file = try #require(PlannedFiles.all[trait])
    #expect(try head(RunningPlan.site(trait), file.path).hasPrefix("HTTP/1.1 200 "))
    #expect(try head(RunningPlan.site(.noHSTS), file.path).hasPrefix("HTTP/1.1 404 "))
  }

  @Test("names that share an address have certificates of their own")
  func sharing() throws {
    let parts = try RunningPlan.get()
    let platform = try #require(parts.city.plan.platforms.first)
    let plain = { (site: PlannedSite) in site.traits.allSatisfy { $0.part != .certificate && $0.part != .fault } }
    let tenants = parts.city.plan.sites.filter { $0.platform == platform.id && plain($0) }.prefix(4)
    #expect(tenants.count > 1)
    for tenant in tenants { #expect(try RunningPlan.visit(tenant).verdict == Int(X509_V_OK), "\(tenant.id)") }
  }

  @Test("an address of the network where no site lives is turned away")
  func strangers() throws {
    let port = try RunningPlan.get().city.ports.plain
    let descriptor = try connected("127.32.250.250", port)
    defer { close(descriptor) }
    var byte: UInt8 = 0
    #expect(unsafe recv(descriptor, &byte, 1, 0) <= 0)
  }

  @Test("news change by themselves at every look, and nothing else of a page does")
  func news() throws {
    let site = try RunningPlan.site(.noHSTS)
    let (one, two) = (try head(site), try head(site))
    #expect(one != two)
    func still(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter {
        !$0.contains("访问量") && !$0.contains("<li>") && !$0.contains("Content-Length")
      }
    }
    #expect(still(one) == still(two))
  }

  @Test("a site that changes during a round says when, and every visitor after that meets the change")
  func change() throws {
    let parts = try RunningPlan.make(50)
    defer { parts.server.stop() }
    let site = try #require(parts.city.plan.sites.first { $0.traits.isEmpty && !$0.isPlain })
    func page() -> String? {
      try? TLSVisit(site.host, at: site.address, parts.city.ports.tls, trust: parts.trust).get(site.host)
    }
    #expect(page()?.contains("Hacked by") == false)
    let event = try #require(
      parts.city.apply([CityChange(site: site.number, kind: .defaced, added: [.defaced])]).first)
    #expect(page()?.contains("Hacked by") == true)
    #expect(CityBooks.line(event).contains("\"site\":\"\(site.id)\",\"what\":\"defaced\""))
    #expect(abs(event.time / 1_000_000_000 - Int64(time(nil))) <= 2)
    parts.city.apply([CityChange(site: site.number, kind: .down, added: [.serverError])])
    #expect(page()?.hasPrefix("HTTP/1.1 500") == true)
    #expect(parts.city.restore(.down).count == 1)
    #expect(page()?.contains("Hacked by") == true)
    #expect(parts.city.events.map(\.what) == ["defaced", "down", "better"])
  }

  @Test("5,000 sites are held by a handful of sockets, and a thousand connections at once are served")
  func crowd() throws {
    let parts = try RunningPlan.make(5000)
    defer { parts.server.stop() }
    let sites = parts.city.plan.sites.filter { !$0.isPlain && $0.traits.isEmpty }
    let crowd = try (0..<1000).map { try connected(sites[$0 * 3 % sites.count].address, parts.city.ports.tls) }
    defer { for descriptor in crowd { close(descriptor) } }
    let end = time(nil) + 20
    while parts.server.connectionsOpen < 1000, time(nil) < end { usleep(2000) }
    #expect(parts.server.connectionsOpen == 1000)
    let last = try #require(sites.last)
    let visit = try TLSVisit(last.host, at: last.address, parts.city.ports.tls, trust: parts.trust)
    #expect(visit.get(last.host).hasPrefix("HTTP/1.1 200 "))
  }

  @Test("a service left open is open at its site, and closed at the next address")
  func services() throws {
    let parts = try RunningPlan.make(RunningPlan.sites, opensServices: true)
    defer { parts.server.stop() }
    let site = try #require(parts.city.plan.sites.first { $0.traits == [.openManagement] })
    let descriptor = try connected(site.address, PlannedService.vnc.port)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 12)
    #expect(unsafe recv(descriptor, &bytes, bytes.count, Int32(MSG_WAITALL)) == 12)
    #expect(bytes == Array("RFB 003.008\n".utf8))
    let other = try #require(parts.city.plan.sites.first { $0.service == nil })
    #expect(throws: Failure.self) { try connected(other.address, PlannedService.vnc.port) }
  }

  @Test("the access log has every connection and request, and how many were open at once")
  func log() throws {
    let parts = try RunningPlan.make(50)
    defer { parts.server.stop() }
    let site = try #require(parts.city.plan.sites.first { $0.traits.isEmpty && !$0.isPlain })
    func visit() throws -> TLSVisit {
      try TLSVisit(site.host, at: site.address, parts.city.ports.tls, trust: parts.trust)
    }
    let first = try visit()
    #expect(try visit().get(site.host, "/news").hasPrefix("HTTP/1.1 200 "))
    _ = first.get(site.host)
    parts.server.flushLog()
    let text = try String(contentsOfFile: parts.folder.path + "/access.log")
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
    let place = "\(site.address) \(parts.city.ports.tls)"
    #expect(lines.contains("\(place) connect 1") && lines.contains("\(place) connect 2"))
    #expect(lines.contains("\(place) request GET /news") && lines.contains("\(place) request GET /"))
  }

  @Test("what is told to a served city is done, and what is not understood changes nothing")
  func control() throws {
    let parts = try RunningPlan.make(200)
    defer { parts.server.stop() }
    let control = CityControl(parts.server, PlannedCityFolder(path: parts.folder.path))
    #expect(control.answer("down 4").count == 5)
    #expect(parts.city.traits.count { $0.contains(.serverError) } >= 4)
    #expect(control.answer("change 2 100").last == "{\"type\":\"done\"}")
    #expect(parts.city.events.count == 4 + 20)
    for line in ["", "down", "down x", "truth ../x", "burn 4"] {
      #expect(control.answer(line).first?.contains("mistake") == true, "\(line)")
    }
    #expect(parts.city.events.count == 24)
  }
}

extension String {
  fileprivate init(contentsOfFile path: String) throws {
    let file = try unsafe #require(fopen(path, "r"))
    defer { unsafe fclose(file) }
    var (bytes, chunk): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 4096))
    while case let count = unsafe fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk.prefix(count) }
    self = String(decoding: bytes, as: UTF8.self)
  }
}

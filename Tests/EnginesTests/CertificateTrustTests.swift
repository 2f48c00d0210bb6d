import COpenSSL
import Glibc
import Records
import Testing
import Wire

@testable import Engines

/// Several stores, what is asked of publicly trusted chains, names: judged without a network.
@Suite(.serialized) struct CertificateTrustTests {
  /// A folder of stores that goes with the value.
  private final class Stores {
    var paths: [String] = []
    func source(_ name: String, _ root: Identity, isPublic: Bool = false) throws -> TrustStoreSource {
      let path = try #require(try settings(trust: root).trustFile)
      paths.append(path)
      return TrustStoreSource(name: name, path: path, isPublic: isPublic)
    }
    deinit { for path in paths { unsafe unlink(path) } }
  }

  private func judge(
    _ identities: [Identity], name: String = "site.test", staple: CertificateSighting.Companion = .none,
    timestamps: CertificateSighting.Companion = .none, _ stores: [TrustStoreSource]
  ) throws -> [String: CheckAnswer] {
    var settings = ScanContext.Settings()
    settings.tables = try shippedTables()
    settings.trustStores = stores
    let chain = try #require(ServedChain(identities.map(\.der)))
    let sighting = CertificateSighting(chains: [chain], staple: staple, timestamps: timestamps)
    let judgement = CertificateJudgement(sighting, name: name, settings: settings)
    return Dictionary(judgement.answers.map { ($0.check, $0) }) { first, _ in first }
  }

  @Test("each store says its own, and the first decides") func several() throws {
    let (city, other) = (try Identity("City Root", isAuthority: true), try Identity("Other", isAuthority: true))
    let stores = Stores()
    var settings = ScanContext.Settings()
    settings.trustStores = [
      try stores.source("other", other), try stores.source("city", city),
      TrustStoreSource(name: "lost", path: "/nonexistent/roots.pem"),
    ]
    let chain = try #require(ServedChain([try Identity("site.test", names: ["site.test"], issuer: city).der]))
    let judgement = CertificateJudgement(.init(chains: [chain]), name: "site.test", settings: settings)
    let facts = Dictionary(judgement.facts.map { ($0.name, $0.value) }) { first, _ in first }
    #expect(facts["trust: city"] == "trusted")
    #expect(facts["trust: other"] == "unable to get local issuer certificate")
    #expect(facts["trust: lost"] == "the trust store /nonexistent/roots.pem could not be read")
    #expect(judgement.answers.first { $0.check == "certificate.untrusted" }?.answer == .yes)
    settings.trustStores.swapAt(0, 1)
    let trusted = CertificateJudgement(.init(chains: [chain]), name: "site.test", settings: settings)
    #expect(trusted.answers.first { $0.check == "certificate.untrusted" }?.answer == .no)
    #expect(trusted.facts.contains(Fact("trusted by", "CN=City Root")))
  }

  @Test("a store that cannot be read leaves trust open, and a store is read again when its file has changed")
  func rereading() throws {
    let root = try Identity("City Root", isAuthority: true)
    let leaf = try Identity("site.test", names: ["site.test"], issuer: root)
    let path = "/tmp/vigil-store-\(getpid())-\(UInt64.random(in: 0...(.max))).pem"
    let source = TrustStoreSource(name: "city", path: path)
    defer { unsafe unlink(path) }
    func trust() throws -> Observation.Answer? { try judge([leaf], [source])["certificate.untrusted"]?.answer }
    #expect(try trust() == .notDetermined(reason: "the trust store \(path) could not be read"))
    func write(_ text: String) {
      let descriptor = unsafe open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
      _ = unsafe Glibc.write(descriptor, text, text.utf8.count)
      close(descriptor)
    }
    write(try Identity("Other", isAuthority: true).pem)
    #expect(try trust() == .yes)
    write(root.pem + root.pem)
    #expect(try trust() == .no)
  }

  @Test("lifetime and timestamps are asked of publicly trusted chains alone") func publicOnly() throws {
    let root = try Identity("Public Root", isAuthority: true)
    let stores = Stores()
    let open = [try stores.source("public", root, isPublic: true)]
    let closed = [try stores.source("private", root)]
    let long = try Identity("site.test", names: ["site.test"], until: 500 * 86_400, issuer: root)
    let found = try judge([long], open)
    #expect(found["certificate.lifetime"]?.answer == .yes)
    #expect(found["certificate.lifetime"]?.evidence == "502 days, at most 200 for its day of issue")
    #expect(found["certificate.sct_missing"]?.answer == .yes)
    let held = try judge([long], closed)
    for id in ["certificate.lifetime", "certificate.sct_missing"] {
      let why = "does not apply: the chain is not publicly trusted"
      #expect(held[id]?.answer == .notDetermined(reason: why))
    }
    let short = try Identity("site.test", names: ["site.test"], issuer: root, extensions: [Staples.embedded(2)])
    let good = try judge([short], open)
    #expect(good["certificate.lifetime"]?.answer == .no)
    #expect(good["certificate.sct_missing"]?.answer == .no)
    #expect(
      good["certificate.sct_missing"]?.evidence == "2 logs of 2 (embedded: 2; signatures not verified)")
  }

  @Test("timestamps count from wherever they come, each log once", arguments: [0, 1, 2, 3] as [UInt8])
  func timestamps(count: UInt8) throws {
    let root = try Identity("Public Root", isAuthority: true)
    let stores = Stores()
    let open = [try stores.source("public", root, isPublic: true)]
    let leaf = try Identity("site.test", names: ["site.test"], issuer: root, extensions: [Staples.embedded(1)])
    let list = count == 0 ? CertificateSighting.Companion.none : .bytes(Staples.timestamps(count))
    #expect(try judge([leaf], timestamps: list, open)["certificate.sct_missing"]?.answer == (count < 2 ? .yes : .no))
    let unseen = try judge([leaf], timestamps: .notSeen("reset"), open)["certificate.sct_missing"]?.answer
    #expect(unseen == .notDetermined(reason: "embedded: 1; signatures not verified; TLS extension: reset"))
    let broken = try judge([leaf], timestamps: .bytes([0, 1, 0]), open)["certificate.sct_missing"]
    #expect(broken?.answer == .yes && broken?.evidence.contains("TLS extension: cannot be read") == true)
  }

  @Test("the TLS extension's timestamps reach judgement", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func served(version: Int32) throws {
    let root = try Identity("Public Root", isAuthority: true)
    var wanted = TLSServer.Settings()
    (wanted.versions, wanted.timestamps) = (version...version, Staples.timestamps(2))
    let server = try TLSServer(try Identity("site.test", names: ["site.test"], issuer: root), wanted)
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    #expect(asked.fact("certificate timestamps") == "TLS extension: 2; signatures not verified")
  }

  @Test(
    "names match as RFC 6125 says",
    arguments: [
      ("site.test", "site.test", true), ("SITE.test", "site.TEST.", true), ("*.site.test", "www.site.test", true),
      ("*.site.test", "site.test", false), ("*.site.test", "a.b.site.test", false),
      ("w*.site.test", "www.site.test", false),
      ("*.test", "site.test", false), ("xn--fiq228c.test", "中文.test", true),
      ("*.xn--fiq228c.test", "www.中文.test", true),
      ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
    ])
  func names(certified: String, asked: String, isMatch: Bool) throws {
    let found = try judge([try Identity("other.test", names: [certified])], name: asked, [])
    #expect(found["certificate.name_mismatch"]?.answer == (isMatch ? .no : .yes))
  }

  @Test(
    "a wildcard over what a registry sells is wide, one over a name is not",
    arguments: [
      ("*.com", true), ("*.com.cn", true), ("*.gov.cn", true), ("*", true), ("*.xn--55qx5d.cn", true),
      ("*.city.gov.cn", false), ("*.site.test", false), ("*.lan", false), ("com.cn", false), ("*.", false),
    ])
  func wildcards(name: String, isWide: Bool) {
    #expect(CertificateName.isWildcardOverPublicSuffix(name) == isWide)
  }

  @Test(
    "how long a certificate may live depends on its day",
    arguments: [
      (1_500_000_000, nil), (1_519_862_400, 825), (1_598_918_400, 398), (1_773_532_799, 398), (1_773_532_800, 200),
      (1_805_068_800, 100), (1_868_227_199, 100), (1_868_227_200, 47),
    ] as [(Int64, Int?)])
  func limits(second: Int64, days: Int?) throws {
    #expect(try shippedTables().lifetimes.days(issued: second) == days)
  }

  @Test("every root of the system is read by Wire as OpenSSL reads it") func systemRoots() throws {
    guard let bio = unsafe BIO_new_file("/etc/ssl/certs/ca-certificates.crt", "r") else { return }
    defer { unsafe BIO_free(bio) }
    var count = 0
    while let pointer = unsafe PEM_read_bio_X509(bio, nil, nil, nil) {
      defer { unsafe X509_free(pointer) }
      let der = unsafe OpenSSLEncoding.der(pointer) ?? []
      let read = try #require(ServedChain([der]), "root \(count)")
      #expect(read.leaf.isSelfIssued && read.leaf.isAuthority)
      #expect(unsafe read.leaf.notAfter == Timestamp(unsafe X509_get0_notAfter(pointer)))
      #expect(unsafe read.leaf.key.bits == Int(EVP_PKEY_get_bits(X509_get0_pubkey(pointer))))
      count += 1
    }
    ERR_clear_error()
    #expect(count > 50)
  }
}

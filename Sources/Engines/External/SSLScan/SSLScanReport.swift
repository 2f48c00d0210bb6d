package import Documents
internal import Records

/// The XML of sslscan 2 (`--xml=`): `document > ssltest > protocol, cipher, group, certificates, ...`.
package enum SSLScanReport {
  package static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport {
    var limits = DocumentLimits()
    (limits.bytes, limits.depth, limits.values) = (ToolReport.bytesLimit, 32, 500_000)
    let root = try XMLDocument.parse(bytes, file: file, limits: limits)
    guard root.name == "document", root["title"]?.hasPrefix("SSLScan") == true else {
      throw DocumentError(.badValue, SourcePosition(file: file), "this is no report of sslscan", hint: "use --xml=FILE")
    }
    var report = ToolReport()
    report.version = root["version"]
    let tests = root.all("ssltest")
    // One that could not connect writes an `error` element and no test.
    report.isWhole = !tests.isEmpty && root.first("error") == nil
    for test in tests { SSLScanTest(test).statements.forEach { report.add($0) } }
    if let test = tests.first { report.facts = SSLScanTest(test).facts }
    return report
  }
}

/// One host's part.
private struct SSLScanTest {
  private let test: XMLElement
  private let place: ToolPlace
  private let ciphers: [SSLScanCipher]

  init(_ test: XMLElement) {
    self.test = test
    let name = test["sniname"].flatMap { $0.isEmpty ? nil : $0 } ?? test["host"]
    place = ToolPlace(scheme: "https", host: name, port: test["port"].flatMap { UInt16($0) })
    ciphers = test.all("cipher").compactMap(SSLScanCipher.init)
  }

  var statements: [ToolStatement] { versions + behaviour + suites + keyExchange + certificates }

  var facts: [Fact] {
    let versions = test.all("protocol").filter { $0["enabled"] == "1" }.compactMap { protocolName($0) }
    return versions.isEmpty ? [] : [Fact("versions", versions.joined(separator: ", "))]
  }

  private func say(_ id: String, _ isThere: Bool, _ evidence: String = "") -> ToolStatement {
    ToolStatement(id, isThere ? .yes : .no, evidence: evidence, place: place)
  }

  private func protocolName(_ element: XMLElement) -> String? {
    guard let type = element["type"], let version = element["version"] else { return nil }
    return "\(type.uppercased())v\(version)"
  }

  /// "0" and "1"; anything else says nothing.
  private func flag(_ text: String?) -> Bool? { text == "1" ? true : text == "0" ? false : nil }

  private var versions: [ToolStatement] {
    var enabled: [String: Bool] = [:]
    var result: [ToolStatement] = []
    for element in test.all("protocol") {
      guard let type = element["type"], let version = element["version"], let isOn = flag(element["enabled"]) else {
        continue
      }
      enabled["\(type).\(version)"] = isOn
      if ["ssl.2", "ssl.3", "tls.1.0", "tls.1.1"].contains("\(type).\(version)") {
        result.append(say("protocol.\(type).\(version)", isOn))
      }
    }
    // A server that accepts nothing at all did not talk to us.
    guard enabled.values.contains(true) else { return [] }
    if let newest = enabled["tls.1.3"] {
      result.append(say("no_tls_1.3", !newest))
      if let modern = enabled["tls.1.2"] { result.append(say("no_modern_protocol", !newest && !modern)) }
    }
    return result
  }

  private var behaviour: [ToolStatement] {
    var result: [ToolStatement] = []
    if let isOn = flag(test.first("compression")?["supported"]) { result.append(say("compression", isOn)) }
    if let isOn = flag(test.first("fallback")?["supported"]) { result.append(say("no_fallback_scsv", !isOn)) }
    // `supported="0"` is also what sslscan writes where it could not tell.
    if let element = test.first("renegotiation"), element["supported"] == "1", let secure = flag(element["secure"]) {
      result.append(say("insecure_renegotiation", !secure))
    }
    let bleeding = test.all("heartbleed").compactMap { flag($0["vulnerable"]) }
    if !bleeding.isEmpty { result.append(say("heartbleed", bleeding.contains(true))) }
    return result
  }

  private var suites: [ToolStatement] {
    guard !ciphers.isEmpty else { return [] }
    return SSLScanCipher.kinds.map { id, isMeant in
      let meant = ciphers.filter(isMeant).map(\.name)
      return say(id, !meant.isEmpty, list(meant))
    }
  }

  private var keyExchange: [ToolStatement] {
    var result: [ToolStatement] = []
    if !ciphers.isEmpty {
      let weak = ciphers.filter { ($0.dhBits ?? 2048) < 2048 }
      result.append(say("weak_dh", !weak.isEmpty, list(weak.map { "\($0.name) with \($0.dhBits ?? 0) bits" })))
    }
    // sslscan writes a curve's strength: 112 is that of 224 bits.
    let groups = test.all("group").compactMap { group in group["bits"].flatMap { Int($0) }.map { (group, $0) } }
    let curves = groups.filter { !($0.0["name"] ?? "").hasPrefix("ffdhe") }
    if !groups.isEmpty {
      let weak = curves.filter { $0.1 < 112 }.compactMap { $0.0["name"] }
      result.append(say("weak_curve", !weak.isEmpty, list(weak)))
    }
    return result
  }

  /// The leaf of each kind of key.
  private var certificates: [ToolStatement] {
    var result: [ToolStatement] = []
    for certificate in test.first("certificates")?.all("certificate") ?? [] {
      func word(_ name: String) -> String? { certificate.first(name)?.text.trimmingSpace }
      if let text = word("expired"), text == "true" || text == "false" {
        result.append(say("certificate.expired", text == "true", "until \(word("not-valid-after") ?? "?")"))
      }
      // Its word for "issuer and subject are equal", which a root of one's own has too.
      if word("self-signed") == "false" { result.append(say("certificate.self_signed", false)) }
      if let algorithm = word("signature-algorithm")?.lowercased() {
        let isWeak = ["md5", "sha1with", "sha-1", "with-sha1"].contains { algorithm.contains($0) }
        result.append(say("certificate.weak_signature", isWeak, algorithm))
      }
    }
    return result
  }

  private func list(_ names: [String]) -> String {
    Set(names).sorted().prefix(12).joined(separator: ", ") + (Set(names).count > 12 ? ", ..." : "")
  }
}

/// An accepted suite by OpenSSL's name, or IANA's where OpenSSL has none.
private struct SSLScanCipher {
  var name: String
  var version: String
  var strength: String
  var dhBits: Int?

  init?(_ element: XMLElement) {
    guard let name = element["cipher"], element["status"] == "accepted" || element["status"] == "preferred" else {
      return nil
    }
    self.name = name
    version = element["sslversion"] ?? ""
    strength = element["strength"] ?? ""
    dhBits = element["dhebits"].flatMap { Int($0) }
  }

  private func has(_ words: String...) -> Bool { words.contains { name.uppercased().contains($0) } }

  private var isAnonymous: Bool { strength == "anonymous" || has("ADH-", "AECDH-", "_ANON_") }
  private var isTripleDES: Bool { has("3DES", "DES-CBC3") }
  private var hasForwardSecrecy: Bool {
    version == "TLSv1.3" || has("ECDHE", "DHE-", "DHE_", "EDH-", "ADH-", "AECDH-", "_ANON_")
  }

  static let kinds: [(String, @Sendable (SSLScanCipher) -> Bool)] = [
    ("cipher.null", { $0.strength == "null" || $0.has("NULL-", "-NULL", "_NULL_") }),
    ("cipher.anonymous", { $0.isAnonymous }),
    ("cipher.export", { $0.has("EXP-", "EXP1024", "_EXPORT") }),
    ("cipher.rc4", { $0.has("RC4") }),
    ("cipher.des", { !$0.isTripleDES && $0.has("DES-CBC", "_DES_", "_DES40_", "RC2") }),
    ("cipher.3des", { $0.isTripleDES }),
    ("cipher.no_forward_secrecy", { !$0.hasForwardSecrecy }),
  ]
}

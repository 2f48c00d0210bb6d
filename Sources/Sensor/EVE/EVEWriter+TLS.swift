package import AppLayer
package import Flow
internal import Records
package import Wire

/// EVE's `tls` record, and the object of that name that alerts carry.
extension EVEWriter {
  package mutating func tls(
    _ transaction: TLSTransaction, _ flow: borrowing FlowRecord, at time: Timestamp, number: UInt64
  ) {
    begin("tls", at: time, flow: flow.id, number: number)
    ends(of: flow)
    community(flow)
    tlsObject(transaction)
    end()
  }

  mutating func tlsObject(_ transaction: TLSTransaction) {
    json.beginObject("tls")
    if settings.tls.custom.isEmpty {
      tlsUsual(transaction)
    } else {
      for name in TLSField.allCases where settings.tls.custom.contains(name.rawValue) { tls(name, transaction) }
    }
    if settings.tls.ja4, !settings.tls.custom.isEmpty, !settings.tls.custom.contains("ja4") { tls(.ja4, transaction) }
    json.endObject()
  }

  private mutating func tlsUsual(_ transaction: TLSTransaction) {
    tls(.subject, transaction)
    tls(.issuer, transaction)
    if settings.tls.sessionResumption { tls(.sessionResumed, transaction) }
    guard settings.tls.extended else { return }
    for field in TLSField.extended { tls(field, transaction) }
  }

  /// The words of `tls: custom: [...]`, in the order in which they are written.
  enum TLSField: String, CaseIterable {
    case subject, issuer
    case sessionResumed = "session_resumed"
    case serial, fingerprint, sni, version
    case notBefore = "not_before"
    case notAfter = "not_after"
    case certificate, chain, ja3, ja3s, ja4, client, subjectaltname
    case clientALPNs = "client_alpns"
    case serverALPNs = "server_alpns"
    case clientHandshake = "client_handshake"
    case serverHandshake = "server_handshake"

    static let extended: [TLSField] = [
      .serial, .fingerprint, .sni, .version, .notBefore, .notAfter, .ja3, .ja3s, .ja4, .client, .clientALPNs,
      .serverALPNs,
    ]
  }

  private mutating func tls(_ field: TLSField, _ transaction: TLSTransaction) {
    let server = transaction.server
    switch field {
    case .subject: if let text = server.subject { json.field("subject", text) }
    case .issuer: if let text = server.issuer { json.field("issuerdn", text) }
    case .sessionResumed: if transaction.isSessionResumed { json.field("session_resumed", true) }
    case .serial: if let text = server.serial { json.field("serial", text) }
    case .fingerprint: if !server.fingerprint.isEmpty { json.field("fingerprint", server.fingerprint) }
    case .sni: if let name = transaction.sni { json.field("sni", name) }
    case .version: if let version = transaction.version { json.field("version", TLSNames.version(version)) }
    case .notBefore: if let time = server.leaf?.notBefore { json.field("notbefore", TLSNames.date(time)) }
    case .notAfter: if let time = server.leaf?.notAfter { json.field("notafter", TLSNames.date(time)) }
    case .certificate: certificate(server)
    case .chain: chain(server)
    case .ja3: fingerprint("ja3", transaction.ja3Hash, transaction.ja3String)
    case .ja3s: fingerprint("ja3s", transaction.ja3sHash, transaction.ja3sString)
    case .ja4: if !transaction.ja4.isEmpty { json.field("ja4", transaction.ja4) }
    case .client: clientCertificate(transaction.client)
    case .subjectaltname: alternativeNames(transaction)
    case .clientALPNs: names("client_alpns", transaction.client.alpns)
    case .serverALPNs: names("server_alpns", transaction.server.alpns)
    case .clientHandshake: handshake("client_handshake", transaction.client, suite: nil)
    case .serverHandshake: handshake("server_handshake", transaction.server, suite: transaction.cipherSuite)
    }
  }

  private mutating func certificate(_ side: TLSTransaction.Side) {
    if let first = side.certificates.first { json.field("certificate", base64: unsafe first.span.bytes) }
  }

  private mutating func chain(_ side: TLSTransaction.Side) {
    guard !side.certificates.isEmpty else { return }
    json.beginArray("chain")
    for certificate in side.certificates { json.element(Base64Text.of(certificate)) }
    json.endArray()
  }

  private mutating func fingerprint(_ name: StaticString, _ hash: [UInt8], _ text: [UInt8]) {
    guard !hash.isEmpty else { return }
    json.beginObject(name)
    json.field("hash", hash)
    json.field("string", text)
    json.endObject()
  }

  private mutating func clientCertificate(_ side: TLSTransaction.Side) {
    guard let leaf = side.leaf else { return }
    json.beginObject("client")
    if let text = side.subject { json.field("subject", text) }
    if let text = side.issuer { json.field("issuerdn", text) }
    if !side.fingerprint.isEmpty { json.field("fingerprint", side.fingerprint) }
    if let text = side.serial { json.field("serial", text) }
    json.field("notbefore", TLSNames.date(leaf.notBefore))
    json.field("notafter", TLSNames.date(leaf.notAfter))
    if settings.tls.custom.contains("certificate") { certificate(side) }
    if settings.tls.custom.contains("chain") { chain(side) }
    json.endObject()
  }

  private mutating func alternativeNames(_ transaction: TLSTransaction) {
    guard unsafe transaction.bytes(.tlsSubjectAltName, 0, .toClient) != nil else { return }
    json.beginArray("subjectaltname")
    var index = 0
    while let name = unsafe transaction.bytes(.tlsSubjectAltName, index, .toClient) {
      unsafe json.element(name)
      index += 1
    }
    json.endArray()
  }

  private mutating func names(_ field: StaticString, _ values: [[UInt8]]) {
    guard !values.isEmpty else { return }
    json.beginArray(field)
    for value in values { json.element(unsafe value.span.bytes) }
    json.endArray()
  }

  private mutating func handshake(_ field: StaticString, _ side: TLSTransaction.Side, suite: UInt16?) {
    guard let version = side.helloVersion else { return }
    json.beginObject(field)
    json.field("version", TLSNames.version(version))
    if let suite {
      json.field("cipher", suite)
    } else {
      json.beginArray("ciphers")
      for suite in side.cipherSuites { json.element(suite) }
      json.endArray()
    }
    json.beginArray("exts")
    for number in side.extensions { json.element(number) }
    json.endArray()
    json.endObject()
  }
}

/// Words of EVE's `tls`.
enum TLSNames {
  static func version(_ version: TLSVersion) -> String {
    switch version.rawValue {
    case 0x0002: "SSLv2"
    case 0x0300: "SSLv3"
    case 0x0301: "TLSv1"
    case 0x0302: "TLS 1.1"
    case 0x0303: "TLS 1.2"
    case 0x0304: "TLS 1.3"
    case 0x7f00...0x7fff: "TLS 1.3 draft-\(version.rawValue & 0xff)"
    default: "UNDETERMINED"
    }
  }

  /// `2026-11-22T03:04:05`: certificates have no fractions, and are in UTC.
  static func date(_ time: Timestamp) -> String { time.secondText }
}

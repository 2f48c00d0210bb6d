internal import Wire

extension TLSParser {
  func message(_ type: UInt8, _ body: RawSpan, _ direction: Direction, _ session: AppSession) {
    switch type {
    case TLSNumber.Handshake.clientHello: clientHello(body, direction, session)
    case TLSNumber.Handshake.serverHello: serverHello(body, direction, session)
    case TLSNumber.Handshake.certificate: certificates(body, direction, session)
    case TLSNumber.Handshake.clientKeyExchange: transaction.state.insert(.clientKeyExchange)
    case TLSNumber.Handshake.serverKeyExchange: transaction.state.insert(.serverKeyExchange)
    case 0, 3, 5, 6, 8, 13, 14, 15, 20, 21, 22, 23, 24, 25, 67: break
    case TLSNumber.Handshake.newSessionTicket: break
    default: session.raise(.tlsInvalidSslRecord, transaction, direction)
    }
  }

  private func clientHello(_ body: RawSpan, _ direction: Direction, _ session: AppSession) {
    guard let hello = TLSClientHello(body) else {
      return session.raise(.tlsInvalidHandshakeMessage, transaction, direction)
    }
    report(hello.extensions.faults, direction, session)
    transaction.state.insert(.clientHello)
    // After a HelloRetryRequest the client says the same once more.
    guard transaction.client.random.isEmpty else { return }
    transaction.client.random = hello.random
    transaction.client.alpns = hello.extensions.applicationProtocols
    transaction.client.helloVersion = TLSVersion(rawValue: hello.legacyVersion)
    transaction.client.cipherSuites = hello.cipherSuites
    transaction.client.extensions = hello.extensions.types
    transaction.sni = hello.extensions.serverName
    if transaction.version == nil { transaction.version = hello.highestVersion }
    if settings.computesJA3 {
      transaction.ja3String = TLSFingerprint.ja3(hello)
      transaction.ja3Hash = hexText(FileDigests.md5(transaction.ja3String))
    }
    if settings.computesJA4 { transaction.ja4 = ja4(hello) }
    transaction.advance(.toServer, to: AppProgress.hello)
  }

  private func ja4(_ hello: TLSClientHello) -> [UInt8] {
    let parts = TLSFingerprint.ja4(hello)
    func digest(_ text: [UInt8]) -> [UInt8] {
      text.isEmpty ? Array("000000000000".utf8) : Array(hexText(FileDigests.sha256(text)).prefix(12))
    }
    let line = UInt8(ascii: "_")
    return parts.head + [line] + digest(parts.ciphers) + [line] + digest(parts.extensions)
  }

  private func serverHello(_ body: RawSpan, _ direction: Direction, _ session: AppSession) {
    guard let hello = TLSServerHello(body) else {
      return session.raise(.tlsInvalidHandshakeMessage, transaction, direction)
    }
    guard !hello.isRetryRequest else { return }
    transaction.state.insert(.serverHello)
    transaction.version = hello.version
    transaction.cipherSuite = hello.cipherSuite
    transaction.server.random = hello.random
    transaction.server.helloVersion = TLSVersion(rawValue: hello.legacyVersion)
    transaction.server.alpns = hello.extensions.applicationProtocols
    transaction.server.cipherSuites = [hello.cipherSuite]
    transaction.server.extensions = hello.extensions.types
    if hello.extensions.selectsPreSharedKey { transaction.isSessionResumed = true }
    if settings.computesJA3 {
      transaction.ja3sString = TLSFingerprint.ja3s(hello)
      transaction.ja3sHash = hexText(FileDigests.md5(transaction.ja3sString))
    }
    transaction.advance(.toClient, to: AppProgress.hello)
  }

  private func certificates(_ body: RawSpan, _ direction: Direction, _ session: AppSession) {
    guard let list = TLSCertificateList(body, limit: settings.certificateLimit) else {
      return session.raise(.tlsInvalidCertificate, transaction, direction)
    }
    var side = direction == .toServer ? transaction.client : transaction.server
    guard side.certificates.isEmpty else { return }
    side.certificates = list.certificates
    if let leaf = list.certificates.first { readLeaf(leaf, &side, direction, session) }
    if direction == .toServer { transaction.client = side } else { transaction.server = side }
    transaction.advance(direction, to: AppProgress.certificate)
  }

  private func readLeaf(
    _ bytes: [UInt8], _ side: inout TLSTransaction.Side, _ direction: Direction, _ session: AppSession
  ) {
    let colon = UInt8(ascii: ":")
    side.fingerprint = hexText(FileDigests.sha1(bytes), separator: colon)
    guard let leaf = bytes.withBytes({ Certificate($0) }) else {
      return session.raise(.tlsInvalidCertificate, transaction, direction)
    }
    side.leaf = leaf
    side.subject = Array(leaf.subject.description.utf8)
    side.issuer = Array(leaf.issuer.description.utf8)
    side.serial = Array(String(decoding: hexText(leaf.serial, separator: colon), as: UTF8.self).uppercased().utf8)
  }

  private func report(_ faults: TLSExtensions.Faults, _ direction: Direction, _ session: AppSession) {
    if faults.contains(.manyServerNames) { session.raise(.tlsMultipleSniExtensions, transaction, direction) }
    if faults.contains(.serverNameType) { session.raise(.tlsInvalidSniType, transaction, direction) }
    if faults.contains(.serverNameLength) { session.raise(.tlsInvalidSniLength, transaction, direction) }
    if faults.contains(.malformed) { session.raise(.tlsInvalidHandshakeMessage, transaction, direction) }
  }
}

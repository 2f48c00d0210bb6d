package import Wire

/// Messages of application protocols, for the conversations of tests and benchmarks.
package enum MessageBuilder {
  package static func httpRequest(
    _ method: String = "GET", _ target: String = "/", host: String = "portal.example.test",
    headers: [String] = ["User-Agent: Browser/1.0", "Accept: */*"], body: String = ""
  ) -> [UInt8] {
    let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
    let head = ["\(method) \(target) HTTP/1.1", "Host: \(host)"] + headers + length
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }

  package static func httpResponse(
    _ status: String = "200 OK", type: String = "text/html", headers: [String] = ["Server: Mock"], body: [UInt8] = []
  ) -> [UInt8] {
    let head = ["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)"] + headers
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }

  // MARK: TLS

  /// A client hello as browsers send it, with versions as given (empty: TLS 1.2 and below by the legacy field).
  package static func clientHello(
    name: String = "portal.example.test", legacy: TLSVersion = .tls12, versions: [UInt16] = [0x0304, 0x0303]
  ) -> [UInt8] {
    var writer = TLSClientHelloWriter(
      random: Array(0..<32), cipherSuites: [0x1301, 0x1302, 0xc02f, 0xc030, 0x009c, 0x002f] as [UInt16])
    writer.legacyVersion = legacy
    writer.serverName = name
    writer.applicationProtocols = ["h2", "http/1.1"]
    writer.versions = versions
    writer.groups = [29, 23]
    writer.keyShares = versions.isEmpty ? nil : [(29 as UInt16, [UInt8](repeating: 9, count: 32))]
    return writer.record()
  }

  package static func serverHello(_ version: TLSVersion = .tls12, suite: UInt16 = 0xc02f) -> [UInt8] {
    let legacy = min(version.rawValue, 0x0303)
    var body = legacy.wire + [UInt8](repeating: 7, count: 32) + [0] + suite.wire + [0]
    if version.rawValue > 0x0303 { body += UInt16(6).wire + UInt16(43).wire + UInt16(2).wire + version.rawValue.wire }
    return handshake(2, body, version: legacy)
  }

  package static func certificateMessage(_ certificates: [[UInt8]] = [certificate], version: UInt16 = 0x0303) -> [UInt8]
  {
    let list = certificates.flatMap { three($0.count) + $0 }
    return handshake(11, three(list.count) + list, version: version)
  }

  package static let helloDone = handshake(14, [], version: 0x0303)

  /// Change of cipher and a finished message that nobody can read.
  package static func finished(version: UInt16 = 0x0303) -> [UInt8] {
    record(20, [1], version: version) + record(22, [UInt8](repeating: 0xa5, count: 40), version: version)
  }

  package static func applicationData(_ count: Int) -> [UInt8] {
    var out: [UInt8] = []
    for start in stride(from: 0, to: count, by: 16_000) {
      out += record(23, (0..<min(16_000, count - start)).map { UInt8(truncatingIfNeeded: $0 &* 31) }, version: 0x0303)
    }
    return out
  }

  package static func handshake(_ type: UInt8, _ body: [UInt8], version: UInt16) -> [UInt8] {
    record(22, [type] + three(body.count) + body, version: version)
  }

  private static func record(_ type: UInt8, _ body: [UInt8], version: UInt16) -> [UInt8] {
    [type] + version.wire + UInt16(body.count).wire + body
  }

  private static func three(_ count: Int) -> [UInt8] {
    [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)]
  }

  // MARK: DNS

  /// Empty where `name` is no DNS name.
  package static func dnsQuery(_ name: String, id: UInt16 = 7, type: DNSType = .a) -> [UInt8] {
    DNSQueryWriter.query(name: name, type: type, id: id, payloadSize: nil) ?? []
  }

  /// The answer to `dnsQuery` with one address.
  package static func dnsAnswer(
    _ name: String, id: UInt16 = 7, address: [UInt8] = [203, 0, 113, 5], code: UInt16 = 0
  ) -> [UInt8] {
    let count: UInt16 = code == 0 ? 1 : 0
    var out = id.wire + (0x8180 | code).wire + UInt16(1).wire + count.wire + UInt16(0).wire + UInt16(0).wire
    out += (DNSQueryWriter.encode(name: name) ?? [0]) + UInt16(1).wire + UInt16(1).wire
    guard code == 0 else { return out }
    return out + [0xc0, 12] + UInt16(1).wire + UInt16(1).wire + UInt32(300).wire + UInt16(4).wire + address
  }
}

/// The hellos that the enumeration sends: each asks for one version with a list of suites and nothing to fall back on.
struct ClientHello {
  var version: ProtocolVersion
  var suites: [CipherSuite]
  var serverName: String?

  /// Hybrids and modern curves first; no ffdhe below TLS 1.3, behind which RFC 7919 lets a server hide its own DH.
  private static let curves: [UInt16] = [0x001d, 0x0017, 0x001e, 0x0018, 0x0019]
  private static let groups13: [UInt16] = [0x11ec, 0x11eb, 0x11ed] + curves + [0x0100, 0x0101, 0x0102, 0x0103, 0x0104]
  private static let signatures: [UInt16] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
    0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0202, 0x0101, 0x0708,
  ]

  /// The whole record. Below TLS 1.3 it offers compression and secure renegotiation, so that their answers come free.
  var record: [UInt8] {
    if version == .ssl2 { return ClientHello.ssl2 }
    let legacy = version == .tls13 ? ProtocolVersion.tls12.rawValue : version.rawValue
    var body = ClientHello.u16(legacy) + (0..<32).map { _ in UInt8.random(in: 0...255) }
    body += version == .tls13 ? [32] + (0..<32).map { _ in UInt8.random(in: 0...255) } : [0]
    let codes = suites.map(\.rawValue) + (version == .tls13 ? [] : [0x00ff])
    body += ClientHello.u16(UInt16(codes.count * 2)) + codes.flatMap(ClientHello.u16)
    body += version == .tls13 || version == .ssl3 ? [1, 0] : [2, 1, 0]
    if version != .ssl3 { body += extensions(before: body.count) }
    let handshake = [1, 0] + ClientHello.u16(UInt16(body.count)) + body
    let outer = min(legacy, ProtocolVersion.tls10.rawValue)
    return [22] + ClientHello.u16(outer) + ClientHello.u16(UInt16(handshake.count)) + handshake
  }

  private func extensions(before: Int) -> [UInt8] {
    var list: [UInt8] = []
    func add(_ type: UInt16, _ body: [UInt8]) {
      list += ClientHello.u16(type) + ClientHello.u16(UInt16(body.count)) + body
    }
    func vector(_ codes: [UInt16]) -> [UInt8] {
      ClientHello.u16(UInt16(codes.count * 2)) + codes.flatMap(ClientHello.u16)
    }
    if let serverName, serverName.utf8.count < 256 {
      let name = Array(serverName.utf8)
      let entry = [0] + ClientHello.u16(UInt16(name.count)) + name
      add(0, ClientHello.u16(UInt16(entry.count)) + entry)
    }
    add(10, vector(version == .tls13 ? ClientHello.groups13 : ClientHello.curves))
    if version != .tls13 { add(11, [1, 0]) }
    if version == .tls12 || version == .tls13 { add(13, vector(ClientHello.signatures)) }
    if version == .tls13 {
      add(43, [2] + ClientHello.u16(version.rawValue))
      add(51, [0, 0])
    }
    // Some load balancers drop hellos of 256 to 511 bytes (RFC 7685).
    let length = before + 2 + list.count + 4
    if (252..<512).contains(length) { add(21, [UInt8](repeating: 0, count: max(0, 512 - length - 4))) }
    return ClientHello.u16(UInt16(list.count)) + list
  }

  /// Draft Hickman, 1995: all seven kinds, a challenge of 16 bytes.
  private static let ssl2: [UInt8] = {
    let specs: [UInt8] = [1, 0, 128, 2, 0, 128, 3, 0, 128, 4, 0, 128, 5, 0, 128, 6, 0, 64, 7, 0, 192]
    let body = [1, 0, 2] + u16(UInt16(specs.count)) + [0, 0, 0, 16] + specs + [UInt8](repeating: 0x5a, count: 16)
    return [0x80, UInt8(body.count)] + body
  }()

  static func u16(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
}

internal import Wire

/// TLS conversations as far as they are in clear.
enum TLSTraffic {
  static let ssl3: UInt16 = 0x0300
  static let tls10: UInt16 = 0x0301
  static let tls11: UInt16 = 0x0302
  static let tls12: UInt16 = 0x0303
  static let tls13: UInt16 = 0x0304

  /// Hello, hello with the certificates, and what follows, encrypted (it is noise).
  static func turns(name: String, version: UInt16, certificates: [[UInt8]], seed: UInt8) -> [(
    isClient: Bool, bytes: [UInt8]
  )] {
    var server = record(22, version, serverHello(version, seed))
    if version < tls13, !certificates.isEmpty {
      server += record(22, version, message(11, counted(3, certificates.flatMap { counted(3, $0) })))
      server += record(22, version, message(14, []))
    }
    let keys = version < tls13 ? record(22, version, message(16, counted(2, noise(128, seed)))) : []
    let finished = record(20, version, [1]) + record(version < tls13 ? 22 : 23, version, noise(40, seed &+ 1))
    return [
      (true, clientHello(name, version, seed)), (false, server), (true, keys + finished), (false, finished),
      (true, record(23, version, noise(300, seed &+ 2))), (false, record(23, version, noise(2200, seed &+ 3))),
    ]
  }

  private static func clientHello(_ name: String, _ version: UInt16, _ seed: UInt8) -> [UInt8] {
    let suites: [UInt16] =
      version >= tls12 ? [0x1301, 0x1302, 0xc02b, 0xc02f, 0xc02c, 0xc030] : [0xc009, 0xc013, 0x002f, 0x0035]
    var hello = TLSClientHelloWriter(random: noise(32, seed), cipherSuites: suites)
    hello.legacyVersion = TLSVersion(rawValue: min(version, tls12))
    guard version != ssl3 else {
      hello.omitsExtensions = true
      return hello.record()
    }
    hello.serverName = name
    hello.groups = [0x001d, 0x0017, 0x0018]
    if version < tls12 { hello.signatureSchemes = [] }
    if version >= tls12 { hello.applicationProtocols = ["h2", "http/1.1"] }
    if version == tls13 {
      hello.versions = [tls13, tls12]
      hello.keyShares = [(0x001d, noise(32, seed &+ 4))]
    }
    return hello.record()
  }

  private static func serverHello(_ version: UInt16, _ seed: UInt8) -> [UInt8] {
    let suite: UInt16 = version == tls13 ? 0x1301 : version == tls12 ? 0xc02b : 0x002f
    var body = PacketWriter.word(min(version, tls12)) + noise(32, seed &+ 5) + [0] + PacketWriter.word(suite) + [0]
    if version == tls13 {
      let share = PacketWriter.word(51) + counted(2, PacketWriter.word(0x001d) + counted(2, noise(32, seed &+ 6)))
      body += counted(2, PacketWriter.word(43) + counted(2, PacketWriter.word(tls13)) + share)
    }
    return message(2, body)
  }

  private static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type] + counted(3, body) }
  private static func record(_ type: UInt8, _ version: UInt16, _ body: [UInt8]) -> [UInt8] {
    [type] + PacketWriter.word(min(version, tls12)) + counted(2, body)
  }
  private static func counted(_ width: Int, _ bytes: [UInt8]) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * (width - 1 - $0))) } + bytes
  }

  /// The same for the same seed: a capture made twice is the same capture.
  static func noise(_ count: Int, _ seed: UInt8) -> [UInt8] {
    var state = UInt32(seed) &* 2_654_435_761 &+ 12_345
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }
}

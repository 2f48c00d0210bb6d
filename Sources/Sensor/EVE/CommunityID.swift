internal import COpenSSL
internal import Records
internal import Wire

/// The Community ID of a flow, version 1: a hash that other tools compute alike, so that their logs join
/// (specification: corelight/community-id-spec).
struct CommunityID {
  let seed: UInt16

  /// `1:` and the Base64 of SHA-1 over seed, ordered ends, protocol, padding and ordered ports.
  /// - Parameter icmp: type and code, in place of ports for ICMP.
  func text(_ tuple: FiveTuple, icmp: (type: UInt8, code: UInt8)?) -> String {
    var (sourcePort, destinationPort) = (tuple.sourcePort, tuple.destinationPort)
    var isOneWay = false
    if let icmp {
      let peer = CommunityID.peer(of: icmp.type, isV6: tuple.source.isV6)
      (sourcePort, destinationPort) = (UInt16(icmp.type), peer.map(UInt16.init) ?? UInt16(icmp.code))
      isOneWay = peer == nil
    }
    let forward =
      tuple.source < tuple.destination || (tuple.source == tuple.destination && sourcePort < destinationPort)
    let isOrdered = isOneWay || forward
    let (first, second) = isOrdered ? (tuple.source, tuple.destination) : (tuple.destination, tuple.source)
    let ports = isOrdered ? (sourcePort, destinationPort) : (destinationPort, sourcePort)
    var bytes = CommunityID.bytes(seed) + first.bytes + second.bytes
    bytes += [tuple.transport.rawValue, 0]
    bytes += CommunityID.bytes(ports.0) + CommunityID.bytes(ports.1)
    return "1:" + Base64Text.of(CommunityID.sha1(bytes))
  }

  private static func bytes(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

  /// The type that answers this one; nil for messages that nobody answers.
  private static func peer(of type: UInt8, isV6: Bool) -> UInt8? {
    let pairs: [(UInt8, UInt8)] =
      isV6
      ? [(128, 129), (133, 134), (135, 136), (130, 131), (144, 145), (139, 140)]
      : [(8, 0), (13, 14), (15, 16), (10, 9), (17, 18)]
    for (request, reply) in pairs {
      if type == request { return reply }
      if type == reply { return request }
    }
    return nil
  }

  private static func sha1(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    _ = unsafe SHA1(bytes, bytes.count, &digest)
    return digest
  }
}

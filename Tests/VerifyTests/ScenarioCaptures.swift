import TestSupport
import Wire

/// The captures of `Tests/Verify`, made when a test asks for them.
enum ScenarioCaptures {
  static let all: [String: @Sendable () -> [CapturedPacket]] = [
    "http-attack": httpAttack, "tls-old-version": tlsOldVersion, "dns-tunnel": dnsTunnel, "ip-fragments": fragments,
    "vlan-qinq": vlan, "tcp-out-of-order": outOfOrder, "tcp-midstream": midstream, "tcp-midstream-off": midstream,
    "tcp-gap": gap, "thresholds": thresholds, "flowbits": flowbits, "gre-tunnel": tunnel,
  ]

  static let start: UInt64 = 1_700_000_000_000_000_000

  /// One ordinary request, then an injection with its answer, on one connection.
  static func httpAttack() -> [CapturedPacket] {
    var talk = ConversationBuilder()
    talk.handshake()
    talk.client(MessageBuilder.httpRequest("GET", "/index.html"))
    talk.server(MessageBuilder.httpResponse(body: Array("<html>welcome</html>".utf8)))
    talk.client(MessageBuilder.httpRequest("GET", "/item?id=1%27%20UNION%20ALL%20SELECT%20password%20FROM%20users--"))
    talk.server(MessageBuilder.httpResponse("500 Error", type: "text/plain", body: Array("error".utf8)))
    talk.close()
    return talk.packets
  }

  /// TLS 1.0 with a certificate in clear.
  static func tlsOldVersion() -> [CapturedPacket] {
    var talk = ConversationBuilder(to: PacketEnd("198.51.100.20", 443))
    talk.handshake()
    talk.client(MessageBuilder.clientHello(legacy: .tls10, versions: []))
    talk.server(
      MessageBuilder.serverHello(.tls10, suite: 0xc013) + MessageBuilder.certificateMessage(version: 0x0301)
        + MessageBuilder.helloDone)
    talk.client(MessageBuilder.finished(version: 0x0301))
    talk.server(MessageBuilder.finished(version: 0x0301))
    talk.client(MessageBuilder.applicationData(100))
    talk.close()
    return talk.packets
  }

  /// Twelve queries whose first label carries hexadecimal data, and one ordinary query.
  static func dnsTunnel() -> [CapturedPacket] {
    let resolver = PacketEnd("198.51.100.53", 53)
    let names = (0..<12).map { index in
      String(repeating: "0123456789abcdef", count: 3) + String(10 + index) + ".t.example.test"
    }
    return (["www.example.test"] + names).enumerated().flatMap { index, name -> [CapturedPacket] in
      let client = PacketEnd("192.0.2.10", 40_000 + UInt16(index))
      let time = start + UInt64(index) * 100_000_000
      return [
        CapturedPacket(
          PacketBuilder.udpFrame(from: client, to: resolver, MessageBuilder.dnsQuery(name, id: UInt16(index))),
          nanoseconds: time),
        CapturedPacket(
          PacketBuilder.udpFrame(from: resolver, to: client, MessageBuilder.dnsAnswer(name, id: UInt16(index))),
          nanoseconds: time + 1_000_000),
      ]
    }
  }

  /// A DNS query in three IPv4 fragments, the last one first.
  static func fragments() -> [CapturedPacket] {
    let resolver = PacketEnd("198.51.100.53", 53)
    let query = MessageBuilder.dnsQuery("a-name-that-crosses-fragments.example.test")
    let datagram = PacketBuilder.udp(from: PacketBuilder.client, to: resolver, query)
    let cuts = [(0, 24), (24, 40), (40, datagram.count)]
    let pieces = cuts.map { from, to in
      PacketBuilder.frame(
        PacketBuilder.ipv4(
          Array(datagram[from..<to]), .udp, to: resolver, identification: 77, moreFragments: to < datagram.count,
          fragmentOffset: from))
    }
    return [2, 0, 1].enumerated().map { CapturedPacket(pieces[$1], nanoseconds: start + UInt64($0) * 1000) }
  }

  /// The same ends and ports in two pairs of VLANs: two flows.
  static func vlan() -> [CapturedPacket] {
    [[10, 20], [10, 21]].flatMap { (vlans: [UInt16]) -> [CapturedPacket] in
      var talk = ConversationBuilder()
      talk.vlans = vlans
      talk.handshake()
      talk.client(MessageBuilder.httpRequest("GET", "/in-vlan-\(vlans[1])"))
      talk.server(MessageBuilder.httpResponse())
      talk.close()
      return talk.packets
    }
  }

  /// A request in segments of 20 bytes, each pair swapped, one of them sent twice.
  static func outOfOrder() -> [CapturedPacket] {
    var talk = ConversationBuilder()
    talk.segmentSize = 20
    talk.handshake()
    talk.client(MessageBuilder.httpRequest("GET", "/some/path/with/evil-needle-in-it/and/more/of/it"))
    let opening = 3
    var packets = talk.packets
    for index in stride(from: opening, to: packets.count - 2, by: 2) { packets.swapAt(index, index + 1) }
    packets.insert(packets[opening + 1], at: opening + 4)
    talk.server(MessageBuilder.httpResponse())
    talk.close()
    return retimed(packets + talk.packets[packets.count - 1..<talk.packets.count])
  }

  /// A connection whose handshake was never seen.
  static func midstream() -> [CapturedPacket] {
    var talk = ConversationBuilder()
    talk.handshake()
    talk.client(MessageBuilder.httpRequest("GET", "/late-needle"))
    talk.server(MessageBuilder.httpResponse())
    talk.close()
    return Array(talk.packets.dropFirst(3))
  }

  /// Of three segments of a stream of no known protocol the second was lost, and acknowledged all the same.
  static func gap() -> [CapturedPacket] {
    var talk = ConversationBuilder(to: PacketEnd("198.51.100.20", 9000))
    talk.segmentSize = 64
    talk.handshake()
    let filler = String(repeating: "x", count: 64 - 6)
    talk.client("first-" + filler + "broken" + filler + "third-" + filler)
    talk.server("done")
    talk.close()
    var packets = talk.packets
    packets.remove(at: 4)
    return packets
  }

  /// Twenty equal datagrams of one source within two seconds.
  static func thresholds() -> [CapturedPacket] {
    (0..<20).map { index in
      CapturedPacket(
        PacketBuilder.udpFrame(to: PacketEnd("198.51.100.20", 7000), Array("knock".utf8)),
        nanoseconds: start + UInt64(index) * 100_000_000)
    }
  }

  /// A login page asked for and refused; a second connection is refused without one.
  static func flowbits() -> [CapturedPacket] {
    var first = ConversationBuilder()
    first.handshake()
    first.client(MessageBuilder.httpRequest("POST", "/login", body: "user=a&password=b"))
    first.server(MessageBuilder.httpResponse("401 Unauthorized"))
    first.close()
    var second = ConversationBuilder(from: PacketEnd("192.0.2.10", 49_153), at: first.nanoseconds)
    second.handshake()
    second.client(MessageBuilder.httpRequest("GET", "/other"))
    second.server(MessageBuilder.httpResponse("401 Unauthorized"))
    second.close()
    return first.packets + second.packets
  }

  /// A datagram inside GRE.
  static func tunnel() -> [CapturedPacket] {
    let inner = PacketBuilder.ipv4(
      PacketBuilder.udp(
        from: PacketEnd("10.1.1.1", 5000), to: PacketEnd("10.2.2.2", 6000), Array("inside-needle".utf8)),
      .udp, from: PacketEnd("10.1.1.1"), to: PacketEnd("10.2.2.2"))
    let header: [UInt8] = [0, 0, 8, 0]
    return [CapturedPacket(PacketBuilder.frame(PacketBuilder.ipv4(header + inner, .gre)), nanoseconds: start)]
  }

  private static func retimed(_ packets: [CapturedPacket]) -> [CapturedPacket] {
    packets.enumerated().map { CapturedPacket($1.bytes, nanoseconds: start + UInt64($0) * 1_000_000) }
  }
}

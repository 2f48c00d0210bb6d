import TestSupport
import Wire

/// Conversations that several tests use.
enum Talks {
  static let start: UInt64 = 1_700_000_000_000_000_000

  static func http(_ requests: [(target: String, body: String)] = [("/a?b=c", "")], close: Bool = true)
    -> [CapturedPacket]
  {
    var talk = ConversationBuilder()
    talk.handshake()
    for (target, body) in requests {
      talk.client(MessageBuilder.httpRequest(body.isEmpty ? "GET" : "POST", target, body: body))
      talk.server(MessageBuilder.httpResponse(body: Array("<html>hello</html>".utf8)))
    }
    if close { talk.close() }
    return talk.packets
  }

  static func tls() -> [CapturedPacket] {
    var talk = ConversationBuilder(to: PacketEnd("198.51.100.20", 443))
    talk.handshake()
    talk.client(MessageBuilder.clientHello(versions: []))
    talk.server(MessageBuilder.serverHello() + MessageBuilder.certificateMessage() + MessageBuilder.helloDone)
    talk.client(MessageBuilder.finished())
    talk.server(MessageBuilder.finished())
    talk.close()
    return talk.packets
  }

  static func dns(code: UInt16 = 0) -> [CapturedPacket] {
    let resolver = PacketEnd("2001:db8::53", 53)
    let client = PacketEnd("2001:db8::10", 40_000)
    return [
      CapturedPacket(
        PacketBuilder.udpFrame(from: client, to: resolver, MessageBuilder.dnsQuery("www.example.test")),
        nanoseconds: start),
      CapturedPacket(
        PacketBuilder.udpFrame(from: resolver, to: client, MessageBuilder.dnsAnswer("www.example.test", code: code)),
        nanoseconds: start + 2_000_000),
    ]
  }

  static func ping() -> [CapturedPacket] {
    [(UInt8(8), PacketBuilder.client, PacketBuilder.server), (0, PacketBuilder.server, PacketBuilder.client)]
      .enumerated().map { index, echo in
        let message = PacketBuilder.icmp(type: echo.0, word: 0x0001_0001, Array("ping".utf8))
        return CapturedPacket(
          PacketBuilder.frame(PacketBuilder.ipv4(message, .icmp, from: echo.1, to: echo.2)),
          nanoseconds: start + UInt64(index) * 1_000_000)
      }
  }
}

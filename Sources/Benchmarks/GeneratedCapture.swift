import Glibc
import TestSupport
import Wire

/// Web, TLS and DNS conversations as a city's link has them, always the same: no clock, no chance.
///
/// By bytes some six tenths web pages, three tenths TLS, the rest DNS and refused connections; 16 clients' worth of
/// conversations are interleaved packet by packet.
enum GeneratedCapture {
  /// - Returns: `path`.
  static func write(to path: String, megabytes: Int) throws(Mistake) -> String {
    guard let file = unsafe fopen(path, "w") else { throw Mistake("cannot write \(path)") }
    defer { unsafe fclose(file) }
    let builder = PcapBuilder(nanosecond: true)
    var written = unsafe put(builder.header, file)
    var round: UInt32 = 0
    while written < megabytes << 20 {
      let talks = (0..<16).map { conversation(round * 16 + $0) }
      for index in 0..<(talks.map(\.count).max() ?? 0) {
        for talk in talks where index < talk.count {
          var packet = talk[index]
          packet.nanoseconds = start + UInt64(written) * 80
          written += unsafe put(builder.record(packet), file)
        }
      }
      round += 1
    }
    return path
  }

  private static let start: UInt64 = 1_700_000_000_000_000_000

  private static func put(_ bytes: [UInt8], _ file: UnsafeMutablePointer<FILE>) -> Int {
    unsafe fwrite(bytes, 1, bytes.count, file)
  }

  private static func conversation(_ number: UInt32) -> [CapturedPacket] {
    let client = PacketEnd(IPAddress(v4: 0x0a00_0000 | number & 0xffff), UInt16(20_000 + number % 40_000))
    let server = PacketEnd(IPAddress(v4: 0xc633_6400 | number % 50), 0)
    switch number % 8 {
    case 0, 1, 2: return web(client, PacketEnd(server.address, 80), number)
    case 3, 4: return tls(client, PacketEnd(server.address, 443), number)
    case 5: return refused(client, PacketEnd(server.address, 8080))
    default: return dns(client, PacketEnd(server.address, 53), number)
    }
  }

  private static func web(_ client: PacketEnd, _ server: PacketEnd, _ number: UInt32) -> [CapturedPacket] {
    var talk = ConversationBuilder(from: client, to: server)
    talk.handshake()
    for page in 0..<3 {
      let headers = ["User-Agent: Mozilla/5.0 (X11; Linux x86_64)", "Accept: text/html", "Cookie: session=\(number)"]
      talk.client(
        MessageBuilder.httpRequest("GET", "/news/\(number % 997)/page-\(page).html?ref=home", headers: headers))
      talk.server(MessageBuilder.httpResponse(body: html(2000 + Int(number % 7) * 3000)))
    }
    talk.close()
    return talk.packets
  }

  private static func html(_ count: Int) -> [UInt8] {
    let text = Array("<p>The city's office for water is open from nine to five; bring your form along.</p>\n".utf8)
    return (0..<count).map { text[$0 % text.count] }
  }

  private static func tls(_ client: PacketEnd, _ server: PacketEnd, _ number: UInt32) -> [CapturedPacket] {
    var talk = ConversationBuilder(from: client, to: server)
    talk.handshake()
    talk.client(MessageBuilder.clientHello(name: "site-\(number % 50).example.test"))
    talk.server(MessageBuilder.serverHello() + MessageBuilder.certificateMessage() + MessageBuilder.helloDone)
    talk.client(MessageBuilder.finished())
    talk.server(MessageBuilder.finished())
    talk.client(MessageBuilder.applicationData(600))
    talk.server(MessageBuilder.applicationData(12_000 + Int(number % 5) * 4000))
    talk.close()
    return talk.packets
  }

  private static func refused(_ client: PacketEnd, _ server: PacketEnd) -> [CapturedPacket] {
    var talk = ConversationBuilder(from: client, to: server)
    talk.handshake()
    talk.reset()
    return talk.packets
  }

  private static func dns(_ client: PacketEnd, _ server: PacketEnd, _ number: UInt32) -> [CapturedPacket] {
    let name = "host-\(number % 4099).example.test"
    let id = UInt16(truncatingIfNeeded: number)
    return [
      CapturedPacket(PacketBuilder.udpFrame(from: client, to: server, MessageBuilder.dnsQuery(name, id: id))),
      CapturedPacket(PacketBuilder.udpFrame(from: server, to: client, MessageBuilder.dnsAnswer(name, id: id))),
    ]
  }
}

import Engines
import TestSupport
import Wire

@testable import DemoCity

/// Packets in which one rule must alert, and the same packets but for the one thing that it is about.
struct Conversation: Sendable {
  /// `gid:sid`.
  let rule: String
  let title: String
  private let make: @Sendable (_ isPlanted: Bool) throws -> [CapturedPacket]

  func packets(isPlanted: Bool) throws -> [CapturedPacket] { try make(isPlanted) }

  /// The site's server, in the network that the sensor is told is ours, and its name.
  static let address = "198.51.100.20"
  static let network = "198.51.100.0/24"
  static let host = "proved.test"
  /// A moment of these days: certificates are in date or out of date by the packets' own time.
  private static func moment() -> UInt64 { UInt64(MonotonicClock.wallClock().seconds) * 1_000_000_000 }

  static let all: [Conversation] =
    operation + ["1:9000300", "1:9000301", "1:9000302"].map { oldVersion(rule: $0) } + [
      expiredCertificate, databaseError,
    ]

  // MARK: HTTP

  private static func web(
    _ sid: Int, _ title: String, requests: Int = 1,
    _ turn:
      @escaping @Sendable (_ isPlanted: Bool) -> (
        request: [UInt8], response: [UInt8]
      )
  ) -> Conversation {
    Conversation(rule: "1:\(sid)", title: title) { isPlanted in
      let (request, response) = turn(isPlanted)
      return (0..<requests).flatMap { number -> [CapturedPacket] in
        var talk = ConversationBuilder(
          from: PacketEnd("192.0.2.10", 49_152 + UInt16(number)), to: PacketEnd(address, 80),
          at: moment() + UInt64(number) * 500_000_000)
        talk.handshake()
        talk.client(request)
        talk.server(response)
        talk.close()
        return talk.packets
      }
    }
  }

  private static func request(
    _ method: String = "GET", _ target: String = "/", headers: [String] = [], body: String = ""
  ) -> [UInt8] {
    MessageBuilder.httpRequest(
      method, target, host: host, headers: ["User-Agent: Browser/1.0", "Accept: */*"] + headers, body: body)
  }
  private static func answer(_ body: String, _ status: String = "200 OK") -> [UInt8] {
    MessageBuilder.httpResponse(status, body: Array(body.utf8))
  }

  private static let databaseError = web(9_000_054, "a page with the database's error") { isPlanted in
    (request(), answer(isPlanted ? "You have an error in your SQL syntax near ''" : "There is an error in your form"))
  }

  private static let operation: [Conversation] = [
    web(9_000_240, "Basic authentication in clear") { isPlanted in
      (request(headers: ["Authorization: \(isPlanted ? "Basic ZGVtbzpub25l" : "Bearer ZGVtbzpub25l")"]), answer("ok"))
    },
    web(9_000_241, "a password field in clear") { isPlanted in
      (request("POST", "/login", body: isPlanted ? "user=a&password=b" : "user=a&question=b"), answer("ok"))
    },
    web(9_000_242, "twenty-five refused logins of one client", requests: 25) { isPlanted in
      (request("GET", "/admin"), answer("no", isPlanted ? "401 Unauthorized" : "200 OK"))
    },
    web(9_000_050, "a command to a script in an upload folder") { isPlanted in
      (request("GET", "/uploads/x.php?\(isPlanted ? "cmd" : "page")=1"), answer("ok"))
    },
    web(9_000_051, "code to evaluate in a body") { isPlanted in
      let body = isPlanted ? "z=@eval(base64_decode($_POST[1]));" : "z=evaluation of base64"
      return (request("POST", "/x.php", body: body), answer("ok"))
    },
    web(9_000_052, "the output of id as root") { isPlanted in
      (request(), answer(isPlanted ? "uid=0(root) gid=0(root) groups=0(root)" : "uid=33(www) gid=33(www)"))
    },
    web(9_000_053, "a password file in an answer") { isPlanted in
      (request(), answer(isPlanted ? "root:x:0:0:root:/root:/bin/bash" : "route:x:0"))
    },
    lookups(9_000_310, "twelve very long names", count: 12) { number, isPlanted in
      let label = String(repeating: isPlanted ? "quietly-" : "q-", count: 6) + "\(number)"
      return [label, label, label].joined(separator: ".") + ".data.example"
    },
    lookups(9_000_311, "twelve labels of hexadecimal digits", count: 12) { number, isPlanted in
      String(repeating: isPlanted ? "0123456789abcdef" : "0123456789", count: 3).prefix(46) + "\(10 + number).t.example"
    },
    lookups(9_000_312, "an onion service's name") { _, isPlanted in
      isPlanted ? "demonstrationservice2222.onion" : "demonstrationservice2222.example"
    },
    lookups(9_000_313, "a testing tool's callback domain") { _, isPlanted in
      isPlanted ? "a1b2c3.dnslog.cn" : "a1b2c3.example.cn"
    },
  ]

  // MARK: DNS

  /// Of the site's own server.
  private static func lookups(
    _ sid: Int, _ title: String, count: Int = 1,
    _ name: @escaping @Sendable (_ number: Int, _ isPlanted: Bool) -> String
  ) -> Conversation {
    Conversation(rule: "1:\(sid)", title: title) { isPlanted in
      (0..<count).flatMap { number -> [CapturedPacket] in
        let (name, id) = (name(number, isPlanted), UInt16(number))
        let (server, resolver) = (PacketEnd(address, 40_000 + id), PacketEnd("192.0.2.53", 53))
        let time = moment() + UInt64(number) * 100_000_000
        return [
          CapturedPacket(
            PacketBuilder.udpFrame(from: server, to: resolver, MessageBuilder.dnsQuery(name, id: id)), nanoseconds: time
          ),
          CapturedPacket(
            PacketBuilder.udpFrame(from: resolver, to: server, MessageBuilder.dnsAnswer(name, id: id)),
            nanoseconds: time + 1_000_000),
        ]
      }
    }
  }

  // MARK: TLS

  private static func oldVersion(rule: String) -> Conversation {
    let versions: [String: TLSVersion] = ["1:9000300": .ssl3, "1:9000301": .tls10, "1:9000302": .tls11]
    let version = versions[rule] ?? .tls12
    return Conversation(rule: rule, title: "a session in \(version)") { isPlanted in
      handshake(isPlanted ? version : .tls12, certificate: MessageBuilder.certificate)
    }
  }

  private static let expiredCertificate = Conversation(rule: "1:9000303", title: "an expired certificate") {
    isPlanted in
    var request = Identity.Request(name: host, names: [host])
    (request.from, request.until) = (-400 * 86_400, (isPlanted ? -35 : 35) * 86_400)
    return handshake(.tls12, certificate: try Identity(request).der)
  }

  private static func handshake(_ version: TLSVersion, certificate: [UInt8]) -> [CapturedPacket] {
    var talk = ConversationBuilder(from: PacketEnd("192.0.2.10", 49_152), to: PacketEnd(address, 443), at: moment())
    talk.handshake()
    talk.client(MessageBuilder.clientHello(name: host, legacy: version, versions: []))
    talk.server(
      MessageBuilder.serverHello(version, suite: 0xc013)
        + MessageBuilder.certificateMessage([certificate], version: version.rawValue) + MessageBuilder.helloDone)
    talk.client(MessageBuilder.finished(version: version.rawValue))
    talk.server(MessageBuilder.finished(version: version.rawValue))
    talk.close()
    return talk.packets
  }
}

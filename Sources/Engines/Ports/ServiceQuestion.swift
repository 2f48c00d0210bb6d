internal import Wire

/// The first, harmless words to a server that waits for its client: none logs in, none changes anything.
enum ServiceQuestion {
  static let mongoRequest: UInt32 = 0x7669_6769

  /// What to ask where the port suggests a service.
  static func byPort(_ port: UInt16) -> ServiceBanner.Question? {
    switch PortList.known(port)?.service {
    case "redis": .redis
    case "memcached": .memcached
    case "postgresql", "kingbase": .postgresql
    case "mongodb": .mongodb
    case "rdp": .rdp
    case "http", "elasticsearch", "couchdb", "kibana", "prometheus", "consul", "rabbitmq": .http
    default: nil
    }
  }

  /// Ports whose server waits for a hello.
  static func isTLS(_ port: UInt16) -> Bool {
    ["https", "smtps", "imaps", "pop3s"].contains(PortList.known(port)?.service ?? "")
  }

  static func bytes(_ question: ServiceBanner.Question, host: String) -> [UInt8] {
    switch question {
    case .nothing: []
    case .redis: Array("*1\r\n$4\r\nPING\r\n".utf8)
    case .memcached: Array("version\r\n".utf8)
    // SSLRequest: length 8, code 80877103.
    case .postgresql: [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]
    case .mongodb: hello
    // TPKT, X.224 connection request, RDP negotiation request for TLS and CredSSP.
    case .rdp: [3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0]
    case .http: Array("HEAD / HTTP/1.0\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
    }
  }

  /// OP_MSG {hello: 1, $db: "admin"}.
  private static let hello: [UInt8] = {
    func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
    let fields =
      [0x10] + Array("hello".utf8) + [0] + word(1) + [0x02] + Array("$db".utf8) + [0] + word(6)
      + Array("admin".utf8) + [0, 0]
    let body: [UInt8] = word(0) + [0] + word(UInt32(fields.count + 4)) + fields
    return word(UInt32(16 + body.count)) + word(mongoRequest) + word(0) + word(2013) + body
  }()
}

/// Finds out what listens on an open port, in at most three connections.
struct ServiceDialogue {
  let context: ScanContext
  let host: String
  /// A server that speaks first does so at once; one that looks up its client's name takes a little longer.
  static let silence = 2_500

  enum Finding: Hashable {
    case service(ServiceBanner)
    /// TLS was spoken; what is inside is not asked.
    case tls
    /// It said something that is none we know, or nothing at all.
    case unknown(String)
  }

  func identify(_ endpoint: Endpoint) -> Finding {
    let hinted = ServiceQuestion.byPort(endpoint.port)
    if ServiceQuestion.isTLS(endpoint.port), hello(endpoint) == true { return .tls }
    var heard = exchange(endpoint, hinted.map { ServiceQuestion.bytes($0, host: host) } ?? [])
    if let banner = ServiceBanner.recognise(heard, after: hinted ?? .nothing) { return .service(banner) }
    if heard.isEmpty || hinted == .http {
      switch hello(endpoint) {
      case true?: return .tls
      case false? where hinted != .http: heard += exchange(endpoint, ServiceQuestion.bytes(.http, host: host))
      default: break
      }
      if let banner = ServiceBanner.recognise(heard, after: .http) { return .service(banner) }
    }
    return .unknown(heard.isEmpty ? "silent" : "\(heard.count) bytes of no known service")
  }

  /// Up to a line, or what comes within the silence.
  private func exchange(_ endpoint: Endpoint, _ question: [UInt8]) -> [UInt8] {
    var heard: [UInt8] = []
    do throws(ConnectionFailure) {
      let connection = try Connection(to: endpoint, context, milliseconds: ServiceDialogue.silence)
      if !question.isEmpty { try connection.send(question) }
      while heard.count < ServiceBanner.byteLimit {
        let more = try connection.receive(atMost: ServiceBanner.byteLimit)
        if more.isEmpty { break }
        heard += more
        // An HTTP head is worth its Server line; of others the first line is all.
        let isHead = heard.starts(with: Array("HTTP/".utf8))
        if !isHead || heard.indices.contains(where: { heard[$0...].starts(with: [13, 10, 13, 10]) }) { break }
      }
    } catch {
      if heard.isEmpty { context.countCause(error) }
    }
    return heard
  }

  /// Nil where nothing was heard.
  private func hello(_ endpoint: Endpoint) -> Bool? {
    let name = IPAddress(host) == nil ? host : nil
    let offer = TLSOffer(version: .tls12, suites: TLSOffer.suites(in: .tls12), serverName: name)
    do throws(ConnectionFailure) {
      let connection = try Connection(to: endpoint, context, milliseconds: ServiceDialogue.silence)
      try connection.send(offer.record)
      let heard = try connection.receive()
      guard heard.count >= 3 else { return heard.isEmpty ? false : nil }
      return (heard[0] == 22 || heard[0] == 21) && heard[1] == 3 && heard[2] <= 4
    } catch {
      return error == .reset || error == .closed || error == .timedOut ? false : nil
    }
  }
}

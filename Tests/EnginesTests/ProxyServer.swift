import Glibc
import Synchronization

/// A proxy on loopback that really connects, for CONNECT and SOCKS5, and remembers what it was asked.
final class ProxyServer: Sendable {
  enum Kind { case http, socks5 }
  let server: LoopbackServer
  var port: UInt16 { server.port }
  private let log: Log

  private final class Log: Sendable {
    let requests = Mutex<[String]>([])
  }
  /// Authorities (`127.0.0.1:443`), of CONNECT with the credentials as they came.
  var requests: [String] { log.requests.withLock { $0 } }

  init(_ kind: Kind, user: String? = nil, password: String = "") throws {
    let log = Log()
    self.log = log
    server = try LoopbackServer { peer in
      guard
        let port = kind == .http
          ? ProxyServer.connect(peer, user.map { "\($0):\(password)" }, log)
          : ProxyServer.socks(peer, user, password, log)
      else { return }
      ProxyServer.relay(peer, to: port, kind)
    }
  }

  func stop() { server.stop() }

  private static func connect(_ peer: Peer, _ credentials: String?, _ log: Log) -> UInt16? {
    let head = String(decoding: peer.receive(), as: UTF8.self).split(separator: "\r\n").map(String.init)
    guard let words = head.first?.split(separator: " "), words.count == 3, words[0] == "CONNECT" else { return nil }
    log.requests.withLock { $0.append(String(words[1])) }
    if let credentials {
      let wanted = "Proxy-Authorization: Basic \(encoded(credentials))"
      guard head.contains(wanted) else {
        peer.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        return nil
      }
    }
    return words[1].split(separator: ":").last.flatMap { UInt16($0) }
  }

  /// By the definition of RFC 4648, a bit at a time: not the engine's own way.
  private static func encoded(_ text: String) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var bits = text.utf8.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
    while bits.count % 6 != 0 { bits.append(0) }
    var result = stride(from: 0, to: bits.count, by: 6).map { start in
      letters[bits[start..<start + 6].reduce(0) { $0 << 1 | Int($1) }]
    }
    while result.count % 4 != 0 { result.append("=") }
    return String(result)
  }

  private static func socks(_ peer: Peer, _ user: String?, _ password: String, _ log: Log) -> UInt16? {
    let greeting = peer.receive()
    guard greeting.count >= 3, greeting[0] == 5 else { return nil }
    if let user {
      guard greeting[2...].contains(2) else {
        peer.send([5, 0xff])
        return nil
      }
      peer.send([5, 2])
      let wanted = [1, UInt8(user.utf8.count)] + Array(user.utf8) + [UInt8(password.utf8.count)] + Array(password.utf8)
      guard peer.receive() == wanted else {
        peer.send([1, 1])
        return nil
      }
      peer.send([1, 0])
    } else {
      peer.send([5, 0])
    }
    let request = peer.receive()
    guard request.count == 10, request[0] == 5, request[1] == 1, request[3] == 1 else { return nil }
    let port = UInt16(request[8]) << 8 | UInt16(request[9])
    let address = request[4..<8].map(String.init).joined(separator: ".")
    log.requests.withLock { $0.append("\(address):\(port)") }
    return port
  }

  private static func relay(_ peer: Peer, to port: UInt16, _ kind: Kind) {
    let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(other) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      if kind == .http {
        peer.send("HTTP/1.1 502 Bad Gateway\r\n\r\n")
      } else {
        peer.send([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])
      }
      return
    }
    // An interim answer first: a client must be able to read one.
    if kind == .http {
      peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
    } else {
      peer.send([5, 0, 0, 3, 4] + Array("host".utf8) + [0, 80])
    }
    pump(peer.descriptor, other)
  }

  /// Both ways until either ends, ten seconds at most.
  private static func pump(_ one: Int32, _ two: Int32) {
    var left = 100
    var buffer = [UInt8](repeating: 0, count: 16384)
    while left > 0 {
      var polls = [
        pollfd(fd: one, events: Int16(POLLIN), revents: 0), pollfd(fd: two, events: Int16(POLLIN), revents: 0),
      ]
      guard unsafe poll(&polls, 2, 100) > 0 else {
        left -= 1
        continue
      }
      for (from, to) in [(0, two), (1, one)] where polls[from].revents != 0 {
        let got = unsafe recv(polls[from].fd, &buffer, buffer.count, 0)
        guard got > 0, unsafe send(to, buffer, got, Int32(MSG_NOSIGNAL)) == got else { return }
      }
    }
  }
}

internal import Records
package import Wire

/// What is said to a proxy before its tunnel is open, as a machine without sockets: bytes in, bytes and an end out.
///
/// The proxy is not trusted: its answers are bounded, and one that this does not understand ends the tunnel with a
/// sentence that says that the proxy did, not the site.
package struct ProxyHandshake {
  package enum End: Hashable, Sendable {
    /// The tunnel is there; `early` is what the other side has already said in it.
    case open(early: [UInt8])
    /// The proxy says of the target, in the words that SOCKS5 has for it.
    case targetRefused, targetUnreachable
    /// The proxy would not or could not.
    case failed(String)
  }
  private enum State { case head, method, authentication, reply, over }

  private let proxy: Proxy
  private let target: IPAddress
  private let port: UInt16
  private var state: State
  private var buffer: [UInt8] = []
  /// Bytes of `buffer` in which no end of a head was found.
  private var searched = 0
  private var received = 0

  /// The heads of CONNECT's answers, interim ones included: more than any proxy's error page has for a head.
  package static let headLimit = 16 << 10

  package init(_ proxy: Proxy, to target: IPAddress, port: UInt16) {
    (self.proxy, self.target, self.port) = (proxy, target, port)
    state = proxy.kind == .http ? .head : .method
  }

  /// The first words.
  package var greeting: [UInt8] {
    switch proxy.kind {
    case .http: return connect
    case .socks5: return proxy.credentials == nil ? [5, 1, 0] : [5, 2, 0, 2]
    }
  }

  /// What is to be sent next, and how it ended once it has.
  package mutating func receive(_ bytes: [UInt8]) -> (send: [UInt8], end: End?) {
    guard state != .over else { return ([], nil) }
    buffer += bytes
    received += bytes.count
    var answer: [UInt8] = []
    while true {
      switch advance() {
      case .wait: return (answer, nil)
      case .say(let bytes): answer += bytes
      case .end(let end):
        state = .over
        buffer = []
        return (answer, end)
      }
    }
  }

  private enum Step {
    case wait
    case say([UInt8])
    case end(End)
  }

  private mutating func advance() -> Step {
    switch state {
    case .head: return readHead()
    case .method: return readMethod()
    case .authentication: return readAuthentication()
    case .reply: return readReply()
    case .over: return .wait
    }
  }

  // MARK: CONNECT (RFC 9110 section 9.3.6)

  private var authority: String { target.isV6 ? "[\(target)]:\(port)" : "\(target):\(port)" }

  private var connect: [UInt8] {
    var lines = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n"
    if let credentials = proxy.credentials {
      let pair = Base64Text.of(Array("\(credentials.user):\(credentials.password)".utf8))
      lines += "Proxy-Authorization: Basic \(pair)\r\n"
    }
    return Array((lines + "\r\n").utf8)
  }

  private mutating func readHead() -> Step {
    let magic = Array("HTTP/1.".utf8)
    guard buffer.prefix(magic.count).elementsEqual(magic.prefix(buffer.count)) else {
      return .end(.failed("the proxy talks something that is not HTTP"))
    }
    guard let end = headEnd() else {
      guard received <= ProxyHandshake.headLimit else {
        return .end(
          .failed("the proxy's answer has more than \(ProxyHandshake.headLimit >> 10) KiB of head, the limit"))
      }
      return .wait
    }
    let status = ProxyHandshake.status(buffer[..<end])
    buffer.removeFirst(end)
    searched = 0
    switch status {
    case .none: return .end(.failed("the proxy talks something that is not HTTP"))
    case .some(100..<200):
      guard received <= ProxyHandshake.headLimit else { return .end(.failed("the proxy never comes to an answer")) }
      return .say([])
    // A body's length is not looked at: after 2xx the tunnel begins (RFC 9110 section 9.3.6).
    case .some(200..<300): return .end(.open(early: buffer))
    case .some(407):
      let had = proxy.credentials != nil
      return .end(
        .failed(had ? "the proxy refused the user name or password" : "the proxy wants a user name and a password"))
    case .some(let code): return .end(.failed("the proxy answered \(code)"))
    }
  }

  /// Behind the empty line; a line may end with a bare line feed (RFC 9112 section 2.2).
  private mutating func headEnd() -> Int? {
    var place = searched
    while place < buffer.count {
      if buffer[place] == 10 {
        if place >= 1, buffer[place - 1] == 10 { return place + 1 }
        if place >= 2, buffer[place - 1] == 13, buffer[place - 2] == 10 { return place + 1 }
      }
      place += 1
    }
    searched = place
    return nil
  }

  /// `HTTP/1.1 200 ...`.
  private static func status(_ head: ArraySlice<UInt8>) -> Int? {
    let words = head.prefix { $0 != 13 && $0 != 10 }.split(separator: 32, maxSplits: 2)
    guard words.count >= 2, words[1].count == 3, words[1].allSatisfy({ (48...57).contains($0) }) else { return nil }
    return words[1].reduce(0) { $0 * 10 + Int($1) - 48 }
  }

  // MARK: SOCKS5

  private mutating func readMethod() -> Step {
    guard let version = buffer.first else { return .wait }
    guard version == 5 else { return .end(.failed("the proxy talks something that is not SOCKS5")) }
    guard buffer.count >= 2 else { return .wait }
    let method = buffer[1]
    buffer.removeFirst(2)
    switch (method, proxy.credentials) {
    case (0, _):
      state = .reply
      return .say(request)
    case (2, .some(let credentials)):
      state = .authentication
      let (user, password) = (Array(credentials.user.utf8), Array(credentials.password.utf8))
      return .say(
        [1, UInt8(truncatingIfNeeded: user.count)] + user + [UInt8(truncatingIfNeeded: password.count)] + password)
    case (0xff, .none): return .end(.failed("the proxy wants a user name and a password"))
    case (0xff, .some): return .end(.failed("the proxy takes neither a password nor nobody"))
    default: return .end(.failed("the proxy chose a way to sign in that was not offered"))
    }
  }

  private mutating func readAuthentication() -> Step {
    guard buffer.count >= 2 else { return .wait }
    let isGranted = buffer[1] == 0
    buffer.removeFirst(2)
    guard isGranted else { return .end(.failed("the proxy refused the user name or password")) }
    state = .reply
    return .say(request)
  }

  private var request: [UInt8] {
    [5, 1, 0, target.isV6 ? 4 : 1] + target.bytes
      + [UInt8(truncatingIfNeeded: port >> 8), UInt8(truncatingIfNeeded: port)]
  }

  private func readReply() -> Step {
    guard let version = buffer.first else { return .wait }
    guard version == 5 else { return .end(.failed("the proxy talks something that is not SOCKS5")) }
    guard buffer.count >= 2 else { return .wait }
    guard buffer[1] == 0 else { return .end(ProxyHandshake.end(ofReply: buffer[1])) }
    // The bound address follows: its kind, its bytes, a port of two.
    guard buffer.count >= 5 else { return .wait }
    let length: Int
    switch buffer[3] {
    case 1: length = 4 + 4 + 2
    case 3: length = 4 + 1 + Int(buffer[4]) + 2
    case 4: length = 4 + 16 + 2
    default: return .end(.failed("the proxy answered with an address of no known kind"))
    }
    guard buffer.count >= length else { return .wait }
    return .end(.open(early: Array(buffer[length...])))
  }

  /// RFC 1928 section 6.
  private static func end(ofReply code: UInt8) -> End {
    switch code {
    case 1: .failed("the proxy answered: general failure")
    case 2: .failed("the proxy's rules do not allow this connection")
    case 3, 4, 6: .targetUnreachable
    case 5: .targetRefused
    case 7: .failed("the proxy does not know the command CONNECT")
    case 8: .failed("the proxy does not know this kind of address")
    default: .failed("the proxy answered with code \(code)")
    }
  }
}

internal import Engines
internal import Wire

/// A proxy's answers, whole and byte by byte: both ways come to the same end.
enum ProxyEntrance {
  /// The first byte: bit 0 CONNECT or SOCKS5, bit 1 with credentials.
  static func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let choice = input.byte()
    let credentials = choice & 2 == 0 ? "" : "user:password@"
    let kind = choice & 1 == 0 ? "http" : "socks5"
    guard let proxy = try? Proxy(parsing: "\(kind)://\(credentials)192.0.2.1:8080") else { return }
    // Beyond the limit the cut decides where it is noticed.
    let answer = Array(input.rest().prefix(ProxyHandshake.headLimit))
    var (whole, dripped) = (handshake(proxy), handshake(proxy))
    let end = whole.receive(answer).end
    var early: [UInt8] = []
    var drippedEnd: ProxyHandshake.End?
    for byte in answer {
      if drippedEnd == nil { drippedEnd = dripped.receive([byte]).end } else { early.append(byte) }
    }
    if case .open(let bytes) = end {
      precondition(drippedEnd == .open(early: []) && bytes == early, "a tunnel begins where the answer ends")
    } else {
      precondition(drippedEnd == end, "an end does not depend on how the answer is cut")
    }
    _ = try? Proxy(parsing: answer.text)
  }

  private static func handshake(_ proxy: Proxy) -> ProxyHandshake {
    ProxyHandshake(proxy, to: IPAddress(v4: 0xc000_0202), port: 443)
  }
}

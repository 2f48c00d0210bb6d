internal import NIOCore
internal import Synchronization

/// What a stranger on the network may take before he is known: each value with its reason.
struct NetworkLimits: Sendable {
  /// All watch officers with a dashboard and a stream each, and room; beyond it a caller waits in the kernel's line.
  var connections = 512
  /// One office may stand behind one address; one stranger must not take all places.
  var connectionsPerAddress = 64
  /// A token, a few names, what libcurl and browsers send.
  var headerField = 8 << 10
  var headerList = 16 << 10
  var headerCount = 64
  /// From the connection, or the request before, to the end of the next head: it covers the TLS handshake, and a head that
  /// comes a byte at a time.
  var head = TimeAmount.seconds(20)
  /// From the head to the end of the body: 32 MiB at 3 Mbit/s.
  var body = TimeAmount.seconds(90)
}

/// Places of connections, by address.
final class ConnectionPlaces: Sendable {
  private let limit: Int
  private let taken = Mutex<[String: Int]>([:])
  init(limit: Int) { self.limit = limit }

  func take(_ address: String) -> Bool {
    taken.withLock { taken in
      let count = taken[address, default: 0]
      guard count < limit else { return false }
      taken[address] = count + 1
      return true
    }
  }

  func leave(_ address: String) {
    taken.withLock { taken in
      let count = taken[address, default: 0] - 1
      taken[address] = count > 0 ? count : nil
    }
  }
}

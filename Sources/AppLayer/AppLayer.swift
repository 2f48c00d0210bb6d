/// # AppLayer: bytes and a direction in, transactions and parser events out
///
/// One `AppSession` per TCP or UDP flow takes the bytes of both directions in order (or a whole datagram), recognises
/// the protocol by their pattern, and keeps the live `Transaction`s until their owner has logged and released them.
/// A transaction answers for every rule buffer (`AppBuffer`) with borrowed bytes, and by typed fields for the rest.
///
/// What it does *not* do: know flows or addresses, judge anything by a rule, write a record, or throw. Bad traffic is
/// an `AppEvent`. Everything that traffic can grow has a limit in `AppLayerSettings`, and an event when it is hit.
///
/// Called by `Sensor` (feeds, logs, releases) and `Detection` (reads buffers and fields). One owner at a time: a
/// session belongs to the worker of its flow.

/// The protocol recognised on a flow. Numbers are Vigil's own and fit in a flow record.
package struct AppProtocol: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Not enough bytes seen.
  package static let unknown = AppProtocol(rawValue: 0)
  /// Enough bytes seen, and they are nothing we know.
  package static let failed = AppProtocol(rawValue: 1)
  package static let http = AppProtocol(rawValue: 2)
  package static let tls = AppProtocol(rawValue: 3)
  package static let dns = AppProtocol(rawValue: 4)

  /// The protocols that have a parser.
  package static let known: [AppProtocol] = [.http, .tls, .dns]
  package static let names = ["unknown", "failed", "http", "tls", "dns"]

  /// The name in rules and in EVE's `app_proto`.
  package var name: String { Int(rawValue) < Self.names.count ? Self.names[Int(rawValue)] : "unknown" }

  /// By a rule's protocol word; nil when we have no parser for it. `http1` is HTTP/1 and `ssl` is TLS.
  package init?(name: String) {
    switch name {
    case "http", "http1": self = .http
    case "tls", "ssl": self = .tls
    case "dns": self = .dns
    default: return nil
    }
  }
}

/// How far one direction of a transaction has come. The same scale serves all protocols; it only ever rises.
package enum AppProgress {
  package static let none: UInt8 = 0
  /// HTTP: the request or response line is there. TLS: the hello.
  package static let line: UInt8 = 1
  package static let hello: UInt8 = 1
  /// HTTP: all headers. TLS: the certificate chain.
  package static let headers: UInt8 = 2
  package static let certificate: UInt8 = 2
  /// HTTP: the body has begun. TLS: the handshake is over and what follows is encrypted.
  package static let body: UInt8 = 3
  package static let handshake: UInt8 = 3
  package static let trailer: UInt8 = 4
  package static let complete: UInt8 = 5
}

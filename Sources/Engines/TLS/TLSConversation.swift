internal import Wire

/// A handshake that came to its end, and what is said inside it, on a connection of its own. `end` it before the next
/// is begun: some servers serve one connection at a time, and an address has few places.
final class TLSConversation {
  let session: TLSSession
  private let prober: TLSProber
  private var connection: Connection?

  enum Beginning {
    case open(TLSConversation)
    case failed(String)
  }

  private init(_ session: TLSSession, _ prober: TLSProber, _ connection: Connection) {
    (self.session, self.prober, self.connection) = (session, prober, connection)
  }

  /// A transient failure is tried once more, slowly. `gap`: what is known to stand in the way of any handshake.
  static func begin(_ wish: TLSSession.Wish, _ prober: TLSProber, gap: String?) -> Beginning {
    if let end = prober.end { return .failed(end.sentence) }
    if prober.memory.stallsAfterHello { return .failed("the server says nothing after its hello") }
    for attempt in 0..<2 {
      guard let session = TLSSession(wish) else {
        return .failed(wish.version.map { "\($0.title) is not spoken here" } ?? "OpenSSL gave no session")
      }
      do throws(ConnectionFailure) {
        let connection = try prober.open()
        guard try session.handshake(connection) else { return .failed(gap ?? session.failure) }
        return .open(TLSConversation(session, prober, connection))
      } catch {
        prober.context.countCause(error)
        guard attempt == 0, error.isTransient, prober.context.pause(milliseconds: 700) else {
          return .failed(error.sentence)
        }
      }
    }
    return .failed("the handshake failed")
  }

  /// Says that this was the end, since a server may forget a session whose connection broke off, and closes.
  func end() {
    if let connection { session.close(connection) }
    connection = nil
  }

  /// The head of the answer to one HEAD request; nil where none came. Tickets that follow the handshake are read on the
  /// way.
  func head(userAgent: String) -> [UInt8]? {
    guard let connection else { return nil }
    let host = prober.serverName ?? prober.endpoint.address.description
    let request = "HEAD / HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: \(userAgent)\r\n\r\n"
    let end = Array("\r\n\r\n".utf8)
    let answer = try? session.exchange(connection, Array(request.utf8)) { $0.contains(end) }
    return answer.flatMap { $0.starts(with: Array("HTTP/".utf8)) ? $0 : nil }
  }

  /// Where no HTTP is spoken, tickets of TLS 1.3 are waited for, since nothing else may come.
  func awaitTicket() {
    guard let connection else { return }
    _ = try? session.exchange(connection, []) { !$0.isEmpty || session.save()?.isResumable == true }
  }

  /// Asks for a second handshake inside the first; true where the server made one.
  func renegotiate() throws(ConnectionFailure) -> Bool {
    guard let connection else { throw .closed }
    return try session.renegotiate(connection)
  }
}

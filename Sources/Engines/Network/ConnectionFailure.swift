internal import Glibc

/// Why a connection gave no answer. `cause` is a metric's label: a closed set, no dynamic text.
enum ConnectionFailure: Error, Hashable {
  case refusedTarget(String)
  case connectionRefused
  case unreachable
  case timedOut
  case reset
  /// The peer ended the stream before it said anything of use.
  case closed
  case stopped
  case deadline
  case connectionLimit
  /// The server answered libcurl's hello, but the handshake did not end; the TLS engine says why.
  case handshake
  case notHTTP
  /// The answer's head went over its limit: nothing of it is believed.
  case headTooLong
  /// The plain part before the hello did not lead to TLS.
  case startTLS(String)
  /// The proxy would not or could not: nothing is known of the site.
  case proxy(String)
  case system(Int32)

  var cause: String {
    switch self {
    case .refusedTarget: "refused target"
    case .connectionRefused: "connection refused"
    case .unreachable: "unreachable"
    case .timedOut: "timed out"
    case .reset: "reset"
    case .closed: "closed"
    case .stopped: "stopped"
    case .deadline: "deadline"
    case .connectionLimit: "connection limit"
    case .handshake: "handshake"
    case .notHTTP: "not HTTP"
    case .headTooLong: "head too long"
    case .startTLS: "STARTTLS"
    case .proxy: "proxy"
    case .system: "system"
    }
  }

  /// For a reason: `timed out`, or the whole sentence of a refusal.
  var sentence: String {
    switch self {
    case .refusedTarget(let sentence), .startTLS(let sentence), .proxy(let sentence): sentence
    case .reset: "the server reset the connection"
    case .closed: "the server closed the connection"
    case .deadline: "deadline"
    case .handshake: "the TLS handshake failed"
    case .notHTTP: "the server talks something that is not HTTP"
    case .headTooLong: "the answer's head has more than \(HTTPExchange.headLimit >> 10) KiB, the limit"
    case .connectionLimit: "the job's connections are used up"
    case .system(let code): unsafe "system error: " + String(cString: strerror(code)).lowercased()
    default: cause
    }
  }

  /// Worth one more try, slowly.
  var isTransient: Bool {
    switch self {
    case .timedOut, .reset, .closed, .unreachable: true
    default: false
    }
  }
}

extension ConnectionFailure {
  /// Of a socket's call, by errno.
  init(_ code: Int32) {
    self =
      switch code {
      case ECONNREFUSED: .connectionRefused
      case ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN: .reset
      case ETIMEDOUT: .timedOut
      case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL, EACCES: .unreachable
      default: .system(code)
      }
  }
}

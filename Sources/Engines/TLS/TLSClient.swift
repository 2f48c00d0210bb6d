internal import COpenSSL
internal import Wire

/// A session that a server gave, kept to be offered again.
@safe final class SavedSession {
  fileprivate let session: OpaquePointer
  fileprivate init(_ session: OpaquePointer) { unsafe self.session = unsafe session }
  deinit { unsafe SSL_SESSION_free(session) }

  /// What still fits a hello in one record.
  private static let ticketLimit = 15_000

  var isResumable: Bool { unsafe SSL_SESSION_is_resumable(session) == 1 }
  /// Bytes of early data that the newest ticket allows.
  var earlyData: Int { unsafe Int(SSL_SESSION_get_max_early_data(session)) }
  var hasID: Bool {
    var length: UInt32 = 0
    _ = unsafe SSL_SESSION_get_id(session, &length)
    return length > 0
  }
  var ticket: [UInt8] {
    var start: UnsafePointer<UInt8>?
    var length = 0
    unsafe SSL_SESSION_get0_ticket(session, &start, &length)
    guard let start = unsafe start, (1...SavedSession.ticketLimit).contains(length) else { return [] }
    return unsafe Array(UnsafeBufferPointer(start: start, count: length))
  }
}

/// An OpenSSL client over two memory BIOs, bound to one version, carried by a `Connection`, so that deadline, pace and
/// stop hold. Nothing is verified here.
@safe final class TLSClient {
  enum Step { case done, wantsMore, failed }

  struct Wish {
    var version: TLSVersion
    var serverName: String?
    var takesTickets = true
    var protocols: [String] = []
    var session: SavedSession?
  }

  /// All of TLS 1.3 (RFC 8446 appendix B.4): OpenSSL leaves those of CCM out by itself.
  static let modernSuites =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:"
    + "TLS_AES_128_CCM_8_SHA256"
  /// The most a server may send in one conversation.
  private static let byteLimit = 512 << 10
  private let context: OpaquePointer
  private let ssl: OpaquePointer
  private let input: OpaquePointer
  private let output: OpaquePointer
  private var received = 0

  init?(_ wish: Wish) {
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { return nil }
    unsafe SSL_CTX_set_security_level(context, 0)
    _ = unsafe SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    _ = unsafe SSL_CTX_set_ciphersuites(context, TLSClient.modernSuites)
    let version = Int32(wish.version.rawValue)
    let isKnown = unsafe vigil_ssl_ctx_set_min_version(context, version) == 1
    _ = unsafe vigil_ssl_ctx_set_max_version(context, version)
    let options = vigil_legacy_options() | vigil_eof_option() | (wish.takesTickets ? 0 : vigil_no_ticket_option())
    _ = unsafe SSL_CTX_set_options(context, options)
    guard isKnown, let ssl = unsafe SSL_new(context), let input = unsafe BIO_new(BIO_s_mem()),
      let output = unsafe BIO_new(BIO_s_mem())
    else {
      ERR_clear_error()
      unsafe SSL_CTX_free(context)
      return nil
    }
    unsafe SSL_set_bio(ssl, input, output)
    unsafe SSL_set_connect_state(ssl)
    if let name = wish.serverName { _ = unsafe vigil_ssl_set_host_name(ssl, name) }
    let list = wish.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    if !list.isEmpty { _ = unsafe SSL_set_alpn_protos(ssl, list, UInt32(list.count)) }
    if let session = wish.session { _ = unsafe SSL_set_session(ssl, session.session) }
    unsafe (self.context, self.ssl, self.input, self.output) = unsafe (context, ssl, input, output)
  }

  deinit {
    unsafe SSL_free(ssl)
    unsafe SSL_CTX_free(context)
  }

  /// Runs `step` to its end; false where OpenSSL gave up, or the server sent more than is read.
  private func drive(_ connection: Connection, _ step: () -> Int32) throws(ConnectionFailure) -> Bool {
    while true {
      ERR_clear_error()
      let result = step()
      let bytes = takeOutput()
      if !bytes.isEmpty { try connection.send(bytes) }
      if result > 0 { return true }
      guard unsafe SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ else { return false }
      let more = try connection.receive()
      received += more.count
      guard !more.isEmpty else { throw .closed }
      guard received <= TLSClient.byteLimit else { return false }
      _ = unsafe BIO_write(input, more, Int32(more.count))
    }
  }

  func handshake(_ connection: Connection) throws(ConnectionFailure) -> Bool {
    try drive(connection) { unsafe SSL_do_handshake(ssl) }
  }

  /// Asks for a second handshake inside the first; true where the server made one.
  func renegotiate(_ connection: Connection) throws(ConnectionFailure) -> Bool {
    guard unsafe SSL_renegotiate(ssl) == 1 else { return false }
    return try drive(connection) { unsafe SSL_do_handshake(ssl) }
  }

  /// Sends a request and reads until `isEnough` says so of what came; tickets of TLS 1.3 come on the way.
  func exchange(
    _ connection: Connection, _ request: [UInt8], until isEnough: ([UInt8]) -> Bool
  ) throws(ConnectionFailure) -> [UInt8] {
    if !request.isEmpty {
      _ = unsafe SSL_write(ssl, request, Int32(request.count))
      try connection.send(takeOutput())
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !isEnough(answer), answer.count < 64 << 10 {
      var got: Int32 = 0
      let isMore = try drive(connection) {
        got = unsafe SSL_read(ssl, &buffer, 4096)
        return got
      }
      guard isMore else { break }
      answer += buffer.prefix(Int(max(got, 0)))
    }
    return answer
  }

  /// Says that this was the end: a server may forget a session whose connection broke off.
  func close(_ connection: Connection) {
    _ = unsafe SSL_shutdown(ssl)
    ERR_clear_error()
    try? connection.send(takeOutput())
  }

  private func takeOutput() -> [UInt8] {
    let count = unsafe BIO_ctrl_pending(output)
    guard count > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe BIO_read(output, &bytes, Int32(count))
    return Array(bytes.prefix(Int(max(got, 0))))
  }
}

extension TLSClient {
  var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

  func saveSession() -> SavedSession? { unsafe SSL_get1_session(ssl).map { unsafe SavedSession($0) } }

  var applicationProtocol: String? {
    var start: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    unsafe SSL_get0_alpn_selected(ssl, &start, &length)
    guard let start = unsafe start, length > 0 else { return nil }
    return unsafe String(decoding: UnsafeBufferPointer(start: start, count: Int(length)), as: UTF8.self)
  }

  func errorText() -> String {
    let code = ERR_peek_last_error()
    defer { ERR_clear_error() }
    guard let text = unsafe ERR_reason_error_string(code) else { return "no reason given" }
    return unsafe String(cString: text)
  }

  /// DER, the leaf first; at most 20.
  var certificates: [[UInt8]] {
    let stack = unsafe SSL_get_peer_cert_chain(ssl)
    return unsafe (0..<min(vigil_chain_count(stack), 20)).compactMap { index in
      guard let certificate = unsafe vigil_chain_at(stack, index) else { return nil }
      let length = unsafe i2d_X509(certificate, nil)
      guard length > 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: Int(length))
      _ = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        var cursor = buffer.baseAddress
        return unsafe i2d_X509(certificate, &cursor)
      }
      return bytes
    }
  }
}

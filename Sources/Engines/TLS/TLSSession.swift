internal import COpenSSL
internal import Wire

/// An OpenSSL client over two memory BIOs, carried by a `Connection`, so that deadline, pace and stop hold. Nothing is
/// verified here.
@safe final class TLSSession {
  struct Wish {
    /// The only version offered; nil: every one that OpenSSL has.
    var version: TLSVersion?
    var serverName: String?
    /// With which key the server is to prove itself; nil: with any.
    var kind: KeyKind?
    /// Below TLS 1.3: an empty ticket extension, or the ticket of `session`.
    var takesTickets = true
    var protocols: [String] = []
    var session: SavedSession?
    /// Asks for what may come with a leaf: an OCSP answer and signed certificate timestamps.
    var asksCompanions = false
  }

  /// The most that a server's certificates may have together.
  static let certificateLimit = 256 << 10
  /// The most that a server may send in one conversation: a handshake that never ends is cut there.
  private static let byteLimit = 512 << 10
  /// The most that is read of an answer inside TLS.
  private static let answerLimit = 64 << 10

  private let ssl: OpaquePointer
  private let input: OpaquePointer
  private let output: OpaquePointer
  let asksCompanions: Bool
  /// The body of the TLS extension with signed certificate timestamps, of the leaf.
  var timestamps: [UInt8]?
  private var received = 0
  private var isOverLimit: Bool { received > TLSSession.byteLimit }

  /// Nil where OpenSSL has no such version, or no memory.
  init?(_ wish: Wish) {
    guard let shared = SharedTLSContext.value, let ssl = unsafe SSL_new(shared.pointer) else { return nil }
    guard let input = unsafe BIO_new(BIO_s_mem()), let output = unsafe BIO_new(BIO_s_mem()) else {
      unsafe SSL_free(ssl)
      return nil
    }
    unsafe SSL_set_bio(ssl, input, output)
    unsafe (self.ssl, self.input, self.output) = unsafe (ssl, input, output)
    asksCompanions = wish.asksCompanions
    unsafe SSL_set_connect_state(ssl)
    unsafe SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
    _ = unsafe vigil_ssl_set_max_cert_list(ssl, TLSSession.certificateLimit)
    guard restrict(to: wish.version) else {
      ERR_clear_error()
      return nil
    }
    if let kind = wish.kind { restrict(to: kind) }
    if let name = wish.serverName { _ = unsafe vigil_ssl_set_host_name(ssl, name) }
    if wish.asksCompanions { _ = unsafe vigil_ssl_request_staple(ssl) }
    if !wish.takesTickets { _ = unsafe SSL_set_options(ssl, vigil_no_ticket_option()) }
    let list = wish.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    if !list.isEmpty { _ = unsafe SSL_set_alpn_protos(ssl, list, UInt32(list.count)) }
    if let session = wish.session { _ = unsafe SSL_set_session(ssl, session.pointer) }
  }

  deinit { unsafe SSL_free(ssl) }

  private func restrict(to version: TLSVersion?) -> Bool {
    guard let code = version.map({ Int32($0.rawValue) }) else { return true }
    return unsafe vigil_ssl_set_min_version(ssl, code) == 1 && vigil_ssl_set_max_version(ssl, code) == 1
  }

  /// TLS 1.2 chooses by suites, TLS 1.3 by signature schemes; there PKCS #1 speaks only of the signatures inside the
  /// chain (RFC 8446 section 4.2.3), which an EC leaf under an RSA authority needs.
  private func restrict(to kind: KeyKind) {
    let (suites, schemes) =
      switch kind {
      case .rsa:
        ("aRSA", "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:RSA+SHA512")
      case .ecdsa: ("aECDSA", "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512")
      case .edwards, .other: ("aECDSA", "ed25519:ed448:RSA+SHA256:RSA+SHA384:RSA+SHA512")
      }
    _ = unsafe SSL_set_cipher_list(ssl, suites + ":@SECLEVEL=0")
    _ = unsafe vigil_ssl_set_sigalgs(ssl, schemes)
    _ = unsafe vigil_ssl_set_min_version(ssl, TLS1_2_VERSION)
  }

  /// Runs `step` to its end; false where OpenSSL gave up (`reason`), or the server sent more than is read.
  private func drive(_ connection: Connection, _ step: () -> Int32) throws(ConnectionFailure) -> Bool {
    while true {
      ERR_clear_error()
      let result = withExtendedLifetime(self) { step() }
      let isWaiting = unsafe result <= 0 && SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ
      let bytes = takeOutput()
      guard result > 0 || isWaiting else {
        // What is left to say to a server that is given up cannot change what it said.
        if !bytes.isEmpty { try? connection.send(bytes) }
        return false
      }
      if !bytes.isEmpty { try connection.send(bytes) }
      if result > 0 { return true }
      let more = try connection.receive()
      received += more.count
      guard !more.isEmpty else { throw .closed }
      guard !isOverLimit else { return false }
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
    while !isEnough(answer), answer.count < TLSSession.answerLimit {
      var got: Int32 = 0
      let isMore = try drive(connection) {
        got = unsafe SSL_read(ssl, &buffer, Int32(buffer.count))
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

/// What a handshake showed.
extension TLSSession {
  /// Why the last step failed, in OpenSSL's words; to be asked before anything else is done.
  var reason: String {
    unsafe ERR_reason_error_string(ERR_peek_last_error()).map { unsafe String(cString: $0) } ?? "no reason given"
  }
  /// The same of a handshake, as a sentence, ours where a limit was met.
  var failure: String {
    if isOverLimit { return "the handshake has more than \(TLSSession.byteLimit >> 10) KiB, the limit" }
    let reason = reason
    return reason == "excessive message size"
      ? "the server's certificates have more than \(TLSSession.certificateLimit >> 10) KiB, the limit"
      : "the handshake failed: \(reason)"
  }
  /// The last step failed by the server's alert, not by a broken connection; to be asked at once too.
  var isRefused: Bool {
    let code = ERR_peek_last_error()
    return ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET
  }

  var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }
  var isTLS13: Bool { unsafe SSL_version(ssl) == TLS1_3_VERSION }

  func save() -> SavedSession? { unsafe SSL_get1_session(ssl).map { unsafe SavedSession($0) } }

  /// Version and suite.
  var negotiated: String {
    let version = unsafe SSL_get_version(ssl).map { unsafe String(cString: $0) } ?? ""
    let suite = unsafe SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)).map { unsafe String(cString: $0) } ?? ""
    return "\(version) \(suite)"
  }

  var applicationProtocol: String? {
    var start: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    unsafe SSL_get0_alpn_selected(ssl, &start, &length)
    guard let start = unsafe start, length > 0 else { return nil }
    return unsafe String(decoding: UnsafeBufferPointer(start: start, count: Int(length)), as: UTF8.self)
  }

  /// DER as it came, at most `ServedChain.limit`, and how many there were.
  var chain: (der: [[UInt8]], sent: Int) {
    let stack = unsafe SSL_get_peer_cert_chain(ssl)
    let count = unsafe Int(vigil_chain_count(stack))
    let der = (0..<min(count, ServedChain.limit)).compactMap { index in
      unsafe vigil_chain_at(stack, Int32(index)).flatMap { unsafe CertificateCache.keep($0) }
    }
    return (der, count)
  }

  /// The OCSP answer that came with the leaf.
  var staple: [UInt8]? {
    var start: UnsafePointer<UInt8>?
    let count = unsafe vigil_ssl_get_staple(ssl, &start)
    guard count > 0, let start = unsafe start else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }
}

internal import COpenSSL

/// An SSL object over two memory BIOs, of one context that all jobs share (OpenSSL locks it): making a context costs
/// more than a handshake.
@safe final class TLSSession {
  enum Step { case done, wantsMore, failed }

  /// The most that a server's certificates may have together.
  static let certificateLimit = 256 << 10

  private let ssl: OpaquePointer
  private let input: OpaquePointer
  private let output: OpaquePointer
  /// The body of the TLS extension with signed certificate timestamps, of the leaf.
  fileprivate(set) var timestamps: [UInt8]?

  /// `kind`: with which key the server is to prove itself; nil: with any.
  init?(serverName: String?, kind: KeyKind? = nil) {
    guard let shared = SharedContext.value, let ssl = unsafe SSL_new(shared.pointer) else { return nil }
    guard let input = unsafe BIO_new(BIO_s_mem()), let output = unsafe BIO_new(BIO_s_mem()) else {
      unsafe SSL_free(ssl)
      return nil
    }
    unsafe SSL_set_bio(ssl, input, output)
    unsafe (self.ssl, self.input, self.output) = unsafe (ssl, input, output)
    unsafe SSL_set_connect_state(ssl)
    if let serverName { _ = unsafe vigil_ssl_set_host_name(ssl, serverName) }
    unsafe SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
    _ = unsafe vigil_ssl_request_staple(ssl)
    _ = unsafe vigil_ssl_set_max_cert_list(ssl, TLSSession.certificateLimit)
    if let kind { restrict(to: kind) }
  }

  deinit { unsafe SSL_free(ssl) }

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

  func step() -> Step {
    ERR_clear_error()
    let result = withExtendedLifetime(self) { unsafe SSL_do_handshake(ssl) }
    if result == 1 { return .done }
    return unsafe SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ ? .wantsMore : .failed
  }

  func put(_ bytes: [UInt8]) { _ = unsafe BIO_write(input, bytes, Int32(bytes.count)) }

  func takeOutput() -> [UInt8] {
    let count = unsafe BIO_ctrl_pending(output)
    guard count > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe BIO_read(output, &bytes, Int32(count))
    return Array(bytes.prefix(Int(max(got, 0))))
  }

  /// Why the last step failed, OpenSSL's words where ours say no more, and whether the server said so by an alert.
  func failure() -> (sentence: String, isAlert: Bool) {
    let code = ERR_peek_last_error()
    defer { ERR_clear_error() }
    guard let text = unsafe ERR_reason_error_string(code) else {
      return ("the handshake failed: no reason given", false)
    }
    let reason = unsafe String(cString: text)
    let isAlert = ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET
    return reason == "excessive message size"
      ? ("the server's certificates have more than \(TLSSession.certificateLimit >> 10) KiB, the limit", false)
      : ("the handshake failed: \(reason)", isAlert)
  }

  var negotiated: String {
    let version = unsafe SSL_get_version(ssl).map { unsafe String(cString: $0) } ?? ""
    let suite = unsafe SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)).map { unsafe String(cString: $0) } ?? ""
    return "\(version) \(suite)"
  }
  var isTLS13: Bool { unsafe SSL_version(ssl) == TLS1_3_VERSION }

  /// DER as it came, at most `ServedChain.limit`, and how many there were.
  var chain: (der: [[UInt8]], sent: Int) {
    let stack = unsafe SSL_get_peer_cert_chain(ssl)
    let count = unsafe Int(vigil_chain_count(stack))
    let der = (0..<min(count, ServedChain.limit)).compactMap { index in
      unsafe vigil_chain_at(stack, Int32(index)).flatMap { unsafe OpenSSLEncoding.der($0) }
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

/// What all sessions share: every suite and version that OpenSSL still has.
@safe private final class SharedContext: @unchecked Sendable {
  let pointer: OpaquePointer
  static let value = SharedContext()
  /// signed_certificate_timestamp (RFC 6962 section 3.3.1).
  private static let timestamps: UInt32 = 18

  private init?() {
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { return nil }
    unsafe pointer = unsafe context
    unsafe SSL_CTX_set_security_level(context, 0)
    _ = unsafe SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    _ = unsafe SSL_CTX_set_ciphersuites(context, TLSClient.modernSuites)
    _ = unsafe vigil_ssl_ctx_set_min_version(context, SSL3_VERSION)
    _ = unsafe SSL_CTX_set_options(context, vigil_legacy_options())
    let places = UInt32(SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE)
    // Without a callback that adds one, OpenSSL sends the empty extension that asks for timestamps.
    _ = unsafe SSL_CTX_add_custom_ext(context, Self.timestamps, places, nil, nil, nil, takeTimestamps, nil)
  }
}

/// Called inside `step`, with the session that is alive there.
private func takeTimestamps(
  _ ssl: OpaquePointer?, _: UInt32, _: UInt32, _ bytes: UnsafePointer<UInt8>?, _ count: Int, _: OpaquePointer?,
  _ index: Int, _: UnsafeMutablePointer<Int32>?, _: UnsafeMutableRawPointer?
) -> Int32 {
  guard index == 0, let raw = unsafe SSL_get_ex_data(ssl, 0) else { return 1 }
  let body = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  unsafe Unmanaged<TLSSession>.fromOpaque(raw).takeUnretainedValue().timestamps = body
  return 1
}

internal import COpenSSL

/// The one OpenSSL context of all sessions (OpenSSL locks it): making a context costs more than a handshake. Every suite
/// and version that OpenSSL still has; nothing is verified, since a chain is wanted whatever it is worth.
@safe final class SharedTLSContext: @unchecked Sendable {
  let pointer: OpaquePointer
  static let value = SharedTLSContext()
  /// signed_certificate_timestamp (RFC 6962 section 3.3.1).
  private static let timestamps: UInt32 = 18
  /// All of TLS 1.3 (RFC 8446 appendix B.4): OpenSSL leaves those of CCM out by itself.
  private static let modernSuites =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:"
    + "TLS_AES_128_CCM_8_SHA256"

  private init?() {
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { return nil }
    unsafe pointer = unsafe context
    unsafe SSL_CTX_set_security_level(context, 0)
    _ = unsafe SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    _ = unsafe SSL_CTX_set_ciphersuites(context, Self.modernSuites)
    _ = unsafe vigil_ssl_ctx_set_min_version(context, SSL3_VERSION)
    _ = unsafe SSL_CTX_set_options(context, vigil_legacy_options())
    // Else OpenSSL builds a path and checks its signatures, and nobody asks what came of it.
    unsafe SSL_CTX_set_cert_verify_callback(context, { _, _ in 1 }, nil)
    let places = UInt32(SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE)
    _ = unsafe SSL_CTX_add_custom_ext(
      context, Self.timestamps, places, askForTimestamps, nil, nil, takeTimestamps, nil)
  }
}

// OpenSSL calls these inside `TLSSession.drive`, with the session that is alive there.

private func session(_ ssl: OpaquePointer?) -> TLSSession? {
  unsafe SSL_get_ex_data(ssl, 0).map { unsafe Unmanaged<TLSSession>.fromOpaque($0).takeUnretainedValue() }
}

/// 1: the empty extension that asks for timestamps is sent; 0: it is left out.
private func askForTimestamps(
  _ ssl: OpaquePointer?, _: UInt32, _: UInt32, _ bytes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
  _ count: UnsafeMutablePointer<Int>?, _: OpaquePointer?, _: Int, _: UnsafeMutablePointer<Int32>?,
  _: UnsafeMutableRawPointer?
) -> Int32 {
  unsafe bytes?.pointee = nil
  unsafe count?.pointee = 0
  return unsafe session(ssl)?.asksCompanions == true ? 1 : 0
}

private func takeTimestamps(
  _ ssl: OpaquePointer?, _: UInt32, _: UInt32, _ bytes: UnsafePointer<UInt8>?, _ count: Int, _: OpaquePointer?,
  _ index: Int, _: UnsafeMutablePointer<Int32>?, _: UnsafeMutableRawPointer?
) -> Int32 {
  guard index == 0, let session = unsafe session(ssl) else { return 1 }
  session.timestamps = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  return 1
}

internal import COpenSSL
internal import Glibc
internal import Records
internal import Wire

/// A certificate revocation list (RFC 5280 section 5), held against one certificate by OpenSSL: whether it is this
/// authority's, covers this certificate, is signed and in date.
enum RevocationList {
  static func status(
    _ bytes: [UInt8], of leaf: OpenSSLCertificate, issuer: OpenSSLCertificate, at now: Timestamp
  ) -> RevocationStatus {
    defer { ERR_clear_error() }
    guard let list = unsafe parse(bytes) else { return .open("the revocation list cannot be read") }
    defer { unsafe X509_CRL_free(list) }
    guard let store = unsafe X509_STORE_new(), let context = unsafe X509_STORE_CTX_new(),
      let lists = unsafe vigil_lists_new()
    else { return .open("out of memory") }
    defer {
      unsafe X509_STORE_CTX_free(context)
      unsafe X509_STORE_free(store)
      unsafe vigil_lists_free(lists)
    }
    _ = unsafe vigil_lists_push(lists, list)
    unsafe X509_STORE_add_cert(store, issuer.pointer)
    guard unsafe X509_STORE_CTX_init(context, store, leaf.pointer, nil) == 1 else { return .open("out of memory") }
    unsafe X509_STORE_CTX_set0_crls(context, lists)
    unsafe X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CRL_CHECK))
    unsafe X509_STORE_CTX_set_time(context, 0, time_t(now.seconds))
    if unsafe X509_verify_cert(context) == 1 {
      let until = unsafe Timestamp(unsafe X509_CRL_get0_nextUpdate(list))
      return .good("the authority's revocation list" + (until.map { ", valid until \($0.text)" } ?? ""))
    }
    let code = unsafe X509_STORE_CTX_get_error(context)
    if code == X509_V_ERR_CERT_REVOKED { return .revoked("the authority's revocation list names it") }
    return .open("the revocation list: \(unsafe String(cString: X509_verify_cert_error_string(Int(code))))")
  }

  /// DER alone, as RFC 5280 section 4.2.1.13 asks: a list in PEM could ask OpenSSL for a pass phrase.
  private static func parse(_ bytes: [UInt8]) -> OpaquePointer? {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var cursor = buffer.baseAddress
      return unsafe d2i_X509_CRL(nil, &cursor, buffer.count)
    }
  }
}

/// Whether a certificate was taken back, and by whose word.
enum RevocationStatus: Hashable {
  case good(String)
  case revoked(String)
  case open(String)
}

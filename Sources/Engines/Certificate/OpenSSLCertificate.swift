internal import COpenSSL
internal import Glibc
internal import Wire

/// A certificate as OpenSSL holds it, for what is OpenSSL's part: signatures, chains, names, revocation. Freed with
/// its owner. What a certificate says is read by Wire's `Certificate`.
///
/// Shared between threads: it is never changed, and OpenSSL locks what it works out later.
@safe final class OpenSSLCertificate: @unchecked Sendable {
  let pointer: OpaquePointer
  let der: [UInt8]

  init?(_ der: [UInt8]) {
    let parsed = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      var cursor = buffer.baseAddress
      return unsafe d2i_X509(nil, &cursor, buffer.count)
    }
    ERR_clear_error()
    guard let parsed = unsafe parsed else { return nil }
    unsafe pointer = unsafe parsed
    self.der = der
  }

  /// One that OpenSSL has parsed already, with its encoding.
  init(sharing certificate: OpaquePointer, _ der: [UInt8]) {
    _ = unsafe X509_up_ref(certificate)
    unsafe pointer = unsafe certificate
    self.der = der
  }

  deinit { unsafe X509_free(pointer) }

  /// RFC 6125 by OpenSSL: a wildcard stands for one whole label. The subject counts only without alternative names.
  func matches(_ name: String) -> Bool {
    if IPAddress(name) != nil { return unsafe X509_check_ip_asc(pointer, name, 0) == 1 }
    let flags = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
    return unsafe X509_check_host(pointer, name, name.utf8.count, flags, nil) == 1
  }

  /// By name and by signature.
  func isIssued(by issuer: OpenSSLCertificate) -> Bool {
    defer { ERR_clear_error() }
    guard unsafe X509_check_issued(issuer.pointer, pointer) == X509_V_OK,
      let key = unsafe X509_get0_pubkey(issuer.pointer)
    else { return false }
    return unsafe X509_verify(pointer, key) == 1
  }
}

extension [OpenSSLCertificate] {
  /// `body` borrows a stack of all.
  func withStack<T>(_ body: (OpaquePointer) -> T) -> T? {
    guard let stack = unsafe vigil_chain_new() else { return nil }
    defer { unsafe vigil_chain_free(stack) }
    for certificate in self { _ = unsafe vigil_chain_push(stack, certificate.pointer) }
    return withExtendedLifetime(self) { unsafe body(stack) }
  }
}

extension Timestamp {
  /// From OpenSSL's form of a date.
  init?(_ value: UnsafePointer<ASN1_TIME>?) {
    var parts = unsafe tm()
    guard let value = unsafe value, unsafe ASN1_TIME_to_tm(value, &parts) == 1 else { return nil }
    self.init(seconds: Int64(unsafe timegm(&parts)))
  }
}

internal import COpenSSL

/// SHA-256 of what comes in parts, by OpenSSL.
@safe struct RunningHash: ~Copyable {
  // Made here and freed here, never handed out.
  private let context: OpaquePointer

  init() {
    guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("OpenSSL has no SHA-256")
    }
    unsafe self.context = unsafe context
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  mutating func add(_ bytes: [UInt8]) { unsafe _ = EVP_DigestUpdate(context, bytes, bytes.count) }

  /// Once, at the end.
  mutating func digest() -> [UInt8] {
    var (result, length) = ([UInt8](repeating: 0, count: 32), UInt32(32))
    let done = unsafe EVP_DigestFinal_ex(context, &result, &length)
    precondition(done == 1 && length == 32, "OpenSSL has no SHA-256")
    return result
  }
}

internal import COpenSSL
internal import Synchronization

/// Trusted roots: the system's, or those of one PEM file. Read once, shared by all jobs (OpenSSL locks it).
@safe final class TrustStore: @unchecked Sendable {
  enum Verdict {
    case trusted
    /// The chain does not reach a certificate that is trusted.
    case issuerMissing(String)
    case refused(String)

    var isTrusted: Bool { if case .trusted = self { true } else { false } }
    var sentence: String {
      switch self {
      case .trusted: "trusted"
      case .issuerMissing(let text), .refused(let text): text
      }
    }
  }

  // X509_STORE counts its references and locks itself; this owner frees it once.
  private let store: OpaquePointer
  private static let cache = Mutex<[String: TrustStore]>([:])

  static func shared(file: String?) -> TrustStore? {
    cache.withLock { cache in
      if let known = cache[file ?? ""] { return known }
      let fresh = TrustStore(file: file)
      cache[file ?? ""] = fresh
      return fresh
    }
  }

  private init?(file: String?) {
    guard let store = unsafe X509_STORE_new() else { return nil }
    unsafe self.store = unsafe store
    let loaded: Int32
    if let file {
      loaded = unsafe X509_STORE_load_file(store, file)
    } else {
      loaded = unsafe X509_STORE_set_default_paths(store)
    }
    ERR_clear_error()
    guard loaded == 1 else { return nil }
  }

  deinit { unsafe X509_STORE_free(store) }

  /// Of trust alone: a date that has passed is asked elsewhere and changes nothing here.
  func verify(_ chain: CertificateChain) -> Verdict {
    unsafe chain.withStack { leaf, stack -> Verdict in
      guard let context = unsafe X509_STORE_CTX_new() else { return .refused("out of memory") }
      defer { unsafe X509_STORE_CTX_free(context) }
      guard unsafe X509_STORE_CTX_init(context, store, leaf, stack) == 1 else {
        return .refused("the chain cannot be judged")
      }
      _ = unsafe X509_STORE_CTX_set_default(context, "ssl_server")
      unsafe X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_NO_CHECK_TIME))
      if unsafe X509_verify_cert(context) == 1 { return .trusted }
      let code = unsafe X509_STORE_CTX_get_error(context)
      ERR_clear_error()
      let text = unsafe String(cString: X509_verify_cert_error_string(Int(code)))
      let missing = [
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
      ]
      return missing.contains(code) ? .issuerMissing(text) : .refused(text)
    } ?? .refused("no certificate")
  }
}

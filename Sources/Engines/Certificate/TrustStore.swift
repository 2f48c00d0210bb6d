internal import COpenSSL
internal import Glibc
internal import Synchronization
internal import Wire

/// Trusted roots: the system's, or those of one PEM file. Read once and again when the file changes, shared by all
/// jobs (OpenSSL locks it).
@safe final class TrustStore: @unchecked Sendable {
  enum Verdict {
    /// With the chain that was found, leaf first, and what of it is out of date above the leaf.
    case trusted(path: [[UInt8]], outdated: String?)
    /// The chain does not reach a certificate that is trusted.
    case issuerMissing(String)
    case refused(String)
    case unreadable(String)

    var isTrusted: Bool { if case .trusted = self { true } else { false } }
    var sentence: String {
      switch self {
      case .trusted: "trusted"
      case .issuerMissing(let text), .refused(let text), .unreadable(let text): text
      }
    }
  }

  // X509_STORE counts its references and locks itself; this owner frees it once.
  private let store: OpaquePointer
  private static let cache = Mutex<[String: (stamp: [Int], store: TrustStore)]>([:])

  static func verify(_ chain: [OpenSSLCertificate], by source: TrustStoreSource, at time: Timestamp) -> Verdict {
    guard let store = shared(source) else {
      return .unreadable("the trust store \(source.path ?? "of the system") could not be read")
    }
    return store.verify(chain, at: time)
  }

  /// Nil where the store would not be loaded.
  static func count(in path: String) -> Int? {
    guard TrustStore(file: path) != nil, let bio = unsafe BIO_new_file(path, "r") else { return nil }
    defer {
      unsafe BIO_free(bio)
      ERR_clear_error()
    }
    var count = 0
    while let certificate = unsafe PEM_read_bio_X509(bio, nil, nil, nil) {
      unsafe X509_free(certificate)
      count += 1
    }
    return count
  }

  private static func shared(_ source: TrustStoreSource) -> TrustStore? {
    let stamp = source.path.map { self.stamp($0) } ?? []
    return cache.withLock { cache in
      if let known = cache[source.path ?? ""], known.stamp == stamp { return known.store }
      let fresh = TrustStore(file: source.path)
      cache[source.path ?? ""] = fresh.map { (stamp, $0) }
      return fresh
    }
  }

  /// What changes with a file's content.
  private static func stamp(_ path: String) -> [Int] {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return [] }
    return [Int(status.st_mtim.tv_sec), status.st_mtim.tv_nsec, Int(status.st_size), Int(status.st_ino)]
  }

  private init?(file: String?) {
    guard let store = unsafe X509_STORE_new() else { return nil }
    unsafe self.store = unsafe store
    let loaded: Int32
    if let file {
      loaded = unsafe X509_STORE_load_file(store, file)
      // A city's own authority may be given by its intermediate alone.
      unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    } else {
      loaded = unsafe Int32(vigil_store_set_default_paths(store))
    }
    ERR_clear_error()
    guard loaded == 1 else { return nil }
  }

  deinit { unsafe X509_STORE_free(store) }

  /// Of trust alone: the leaf's own dates are asked elsewhere, those above it only where a path is found without them.
  private func verify(_ chain: [OpenSSLCertificate], at time: Timestamp) -> Verdict {
    let dated = run(chain, at: time)
    if dated.verdict.isTrusted { return dated.verdict }
    let undated = run(chain, at: nil)
    guard case .trusted(let path, _) = undated.verdict else { return undated.verdict }
    return .trusted(path: path, outdated: dated.depth > 0 ? dated.verdict.sentence : nil)
  }

  private func run(_ chain: [OpenSSLCertificate], at time: Timestamp?) -> (verdict: Verdict, depth: Int) {
    guard let leaf = chain.first, let context = unsafe X509_STORE_CTX_new() else { return (.refused("no chain"), 0) }
    defer {
      unsafe X509_STORE_CTX_free(context)
      ERR_clear_error()
    }
    return unsafe chain.withStack { stack -> (Verdict, Int) in
      guard unsafe X509_STORE_CTX_init(context, store, leaf.pointer, stack) == 1 else {
        return (.refused("the chain cannot be judged"), 0)
      }
      _ = unsafe X509_STORE_CTX_set_default(context, "ssl_server")
      if let time {
        unsafe X509_STORE_CTX_set_time(context, 0, time_t(time.seconds))
      } else {
        unsafe X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_NO_CHECK_TIME))
      }
      if unsafe X509_verify_cert(context) == 1 {
        return (.trusted(path: unsafe TrustStore.path(unsafe context), outdated: nil), 0)
      }
      let code = unsafe X509_STORE_CTX_get_error(context)
      let text = unsafe String(cString: X509_verify_cert_error_string(Int(code)))
      let missing = [
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
      ]
      return (
        missing.contains(code) ? .issuerMissing(text) : .refused(text),
        unsafe Int(X509_STORE_CTX_get_error_depth(context))
      )
    } ?? (.refused("out of memory"), 0)
  }

  private static func path(_ context: OpaquePointer) -> [[UInt8]] {
    let stack = unsafe X509_STORE_CTX_get0_chain(context)
    return unsafe (0..<vigil_chain_count(stack)).compactMap { index in
      unsafe vigil_chain_at(stack, index).flatMap { unsafe OpenSSLEncoding.der($0) }
    }
  }
}

enum OpenSSLEncoding {
  static func der(_ certificate: OpaquePointer) -> [UInt8]? {
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

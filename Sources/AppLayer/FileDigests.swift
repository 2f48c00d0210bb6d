internal import COpenSSL
internal import Wire

/// The digests of a growing file, computed by OpenSSL as the bytes come.
@safe final class FileDigests {
  private var contexts: [(kind: Kind, context: OpaquePointer)]
  enum Kind { case md5, sha1, sha256 }

  /// Nil when none is asked for.
  init?(md5: Bool, sha1: Bool, sha256: Bool) {
    guard md5 || sha1 || sha256 else { return nil }
    unsafe contexts = []
    if md5 { start(.md5) }
    if sha1 { start(.sha1) }
    if sha256 { start(.sha256) }
  }
  deinit { for index in unsafe contexts.indices { unsafe EVP_MD_CTX_free(contexts[index].context) } }

  private func start(_ kind: Kind) {
    guard let context = unsafe EVP_MD_CTX_new() else { return }
    let algorithm = unsafe kind == .md5 ? EVP_md5() : kind == .sha1 ? EVP_sha1() : EVP_sha256()
    guard unsafe EVP_DigestInit_ex(context, algorithm, nil) == 1 else { return unsafe EVP_MD_CTX_free(context) }
    unsafe contexts.append((kind, context))
  }
  func update(_ span: RawSpan) {
    for index in unsafe contexts.indices {
      unsafe span.withUnsafeBytes { _ = unsafe EVP_DigestUpdate(contexts[index].context, $0.baseAddress, $0.count) }
    }
  }
  /// Once: the values by kind.
  func finish() -> (md5: [UInt8]?, sha1: [UInt8]?, sha256: [UInt8]?) {
    var result: (md5: [UInt8]?, sha1: [UInt8]?, sha256: [UInt8]?) = (nil, nil, nil)
    for index in unsafe contexts.indices {
      var value = [UInt8](repeating: 0, count: 64)
      var length: UInt32 = 0
      guard unsafe EVP_DigestFinal_ex(contexts[index].context, &value, &length) == 1 else { continue }
      value.removeLast(value.count - Int(length))
      switch unsafe contexts[index].kind {
      case .md5: result.md5 = value
      case .sha1: result.sha1 = value
      case .sha256: result.sha256 = value
      }
    }
    return result
  }

  static func md5(_ bytes: [UInt8]) -> [UInt8] { once(bytes, .md5) }
  static func sha1(_ bytes: [UInt8]) -> [UInt8] { once(bytes, .sha1) }
  static func sha256(_ bytes: [UInt8]) -> [UInt8] { once(bytes, .sha256) }

  private static func once(_ bytes: [UInt8], _ kind: Kind) -> [UInt8] {
    guard let digests = FileDigests(md5: kind == .md5, sha1: kind == .sha1, sha256: kind == .sha256) else { return [] }
    unsafe bytes.withUnsafeBytes { digests.update(unsafe RawSpan(_unsafeBytes: $0)) }
    let result = digests.finish()
    return result.md5 ?? result.sha1 ?? result.sha256 ?? []
  }
}

internal import COpenSSL
internal import Glibc
internal import Records

/// Ed25519 (RFC 8032), by OpenSSL: who makes content signs it, machines in the field hold the public half.
///
/// On disk both halves are PEM as `openssl pkey` reads them. A private key has no passphrase: it lives on the maker's
/// machine, readable for its owner alone.
package enum ContentKey {
  package static let signatureLength = 64
  /// Of `Public.id`: 64 bits tell an office's few keys apart; what counts is the signature.
  package static let idLength = 16
  /// More keys than an office has makers; each costs one try.
  package static let keyLimit = 16
  /// A key in PEM has some 120 bytes.
  private static let fileLimit = 4096

  package struct Public: Hashable, Sendable {
    /// 32 bytes.
    package let bytes: [UInt8]
    /// The first digits of the SHA-256 of `bytes`.
    package var id: String { String(SHA256.hex(SHA256.digest(bytes)).prefix(ContentKey.idLength)) }

    package init?(bytes: [UInt8]) {
      guard bytes.count == 32 else { return nil }
      self.bytes = bytes
    }

    package static func read(path: String) throws(BundleError) -> Public {
      guard let key = unsafe try ContentKey.pem(path, { unsafe PEM_read_bio_PUBKEY($0, nil, nil, nil) }) else {
        throw ContentKey.noKey(path, "public")
      }
      defer { unsafe EVP_PKEY_free(key) }
      return try unsafe Public(key, path)
    }

    fileprivate init(_ key: OpaquePointer, _ path: String) throws(BundleError) {
      var (bytes, length) = ([UInt8](repeating: 0, count: 32), 32)
      guard unsafe EVP_PKEY_is_a(key, "ED25519") == 1,
        unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1, length == 32
      else { throw ContentKey.noKey(path, "public") }
      self.bytes = bytes
    }

    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
      guard signature.count == signatureLength,
        let key = unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count),
        let context = unsafe EVP_MD_CTX_new()
      else { return false }
      defer {
        unsafe EVP_MD_CTX_free(context)
        unsafe EVP_PKEY_free(key)
        ERR_clear_error()
      }
      guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
      return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
  }

  /// Reads a private key's PEM and keeps it until it is given up.
  @safe package final class Private {
    private let key: OpaquePointer
    package let half: Public

    package init(path: String) throws(BundleError) {
      try ContentKey.checkPrivate(path)
      guard let key = unsafe try ContentKey.pem(path, { unsafe PEM_read_bio_PrivateKey($0, nil, nil, nil) }) else {
        throw ContentKey.noKey(path, "private")
      }
      unsafe self.key = unsafe key
      do { half = try unsafe Public(key, path) } catch {
        unsafe EVP_PKEY_free(key)
        throw error
      }
    }

    fileprivate init(made key: OpaquePointer) throws(BundleError) {
      unsafe self.key = unsafe key
      half = try unsafe Public(key, "the new key")
    }

    package static func make() throws(BundleError) -> Private {
      guard let key = unsafe vigil_ed25519_key() else { throw BundleError(.badKey, "OpenSSL makes no Ed25519 key") }
      return try unsafe Private(made: key)
    }

    deinit { unsafe EVP_PKEY_free(key) }

    package func sign(_ message: [UInt8]) throws(BundleError) -> [UInt8] {
      var (signature, length) = ([UInt8](repeating: 0, count: signatureLength), signatureLength)
      let context = unsafe EVP_MD_CTX_new()
      defer { unsafe EVP_MD_CTX_free(context) }
      guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
        unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1, length == signatureLength
      else { throw BundleError(.badKey, "OpenSSL does not sign with this key") }
      return signature
    }

    /// Both halves to new files; neither may exist.
    package func write(to path: String, publicPath: String) throws(BundleError) {
      let privateText = unsafe ContentKey.text { unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
      let publicText = unsafe ContentKey.text { unsafe PEM_write_bio_PUBKEY($0, key) }
      for place in [path, publicPath] where unsafe access(place, F_OK) == 0 {
        throw BundleError(.badKey, "\(place) exists already", hint: "keys are never written over; name another file")
      }
      try DurableFile.create(path, privateText, mode: 0o600)
      try DurableFile.create(publicPath, publicText, mode: 0o644)
    }
  }

  // MARK: PEM

  private static func pem(
    _ path: String, _ body: (OpaquePointer) -> OpaquePointer?
  ) throws(BundleError) -> OpaquePointer? {
    let file = try BundleFile(path)
    let bytes = try file.read(fileLimit + 1)
    guard bytes.count <= fileLimit, !bytes.isEmpty else { throw noKey(path, "") }
    defer { ERR_clear_error() }
    return unsafe bytes.withUnsafeBytes { buffer -> OpaquePointer? in
      guard let bio = unsafe BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return nil }
      defer { unsafe BIO_free(bio) }
      return unsafe body(bio)
    }
  }

  private static func text(_ write: (OpaquePointer) -> Int32) -> [UInt8] {
    guard let bio = unsafe BIO_new(BIO_s_mem()) else { return [] }
    defer { unsafe BIO_free(bio) }
    guard unsafe write(bio) == 1 else { return [] }
    var bytes = [UInt8](repeating: 0, count: fileLimit)
    let count = unsafe BIO_read(bio, &bytes, Int32(bytes.count))
    return Array(bytes.prefix(max(Int(count), 0)))
  }

  /// As ssh has it: a key that others can read is none.
  private static func checkPrivate(_ path: String) throws(BundleError) {
    var state = stat()
    guard unsafe stat(path, &state) == 0 else { throw BundleFile.failed("cannot read \(path)", hint: "check the path") }
    guard state.st_mode & 0o077 == 0 else {
      throw BundleError(.badKey, "others can read the private key \(path)", hint: "chmod 600 \(path)")
    }
  }

  fileprivate static func noKey(_ path: String, _ which: String) -> BundleError {
    BundleError(
      .badKey, "\(path) holds no \(which)\(which.isEmpty ? "" : " ")Ed25519 key in PEM",
      hint: "make one with vigil content key")
  }
}

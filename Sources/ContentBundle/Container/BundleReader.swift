internal import Records

/// Whom a bundle is believed from.
package struct BundleTrust: Sendable {
  /// Whose signature counts.
  package var keys: [ContentKey.Public]
  /// SHA-256 of the whole file, as the operator was told by another way than the file's own.
  package var sha256: String?
  package init(keys: [ContentKey.Public] = [], sha256: String? = nil) {
    self.keys = keys
    self.sha256 = sha256
  }
}

/// Takes a bundle's files as they are read. What it was given counts only once the reader has come to the end.
package protocol BundleSink {
  mutating func begin(_ manifest: BundleManifest, bytes: [UInt8]) throws(BundleError)
  mutating func begin(_ file: BundleManifest.File) throws(BundleError)
  mutating func write(_ bytes: [UInt8]) throws(BundleError)
  mutating func end(_ file: BundleManifest.File) throws(BundleError)
}

/// A bundle that was read whole and is believed.
package struct OpenedBundle: Hashable, Sendable {
  package var manifest: BundleManifest
  /// SHA-256 of the file.
  package var digest: String
  /// The trusted key that signed it; nil where it is believed by its hash alone.
  package var signer: String?
}

/// Reads a bundle, once from front to back. Before its signature or hash is right nothing of it is parsed but one size.
package struct BundleReader<Source: BundleSource> {
  private var source: Source
  private let limits: BundleLimits
  private var whole = RunningState()
  private static var chunk: Int { 1 << 16 }

  /// Boxed so that the reader stays an ordinary value.
  private final class RunningState {
    var hash = RunningHash()
    var count = 0
  }

  package init(_ source: Source, limits: BundleLimits = .init()) {
    self.source = source
    self.limits = limits
  }

  package mutating func read(
    trusting trust: BundleTrust, into sink: inout some BundleSink
  ) throws(BundleError) -> OpenedBundle {
    if let wanted = trust.sha256 { try hashFirst(wanted) }
    let manifestBytes = try first()
    let signature = try second()
    let signer = try believe(manifestBytes, signature, trust)
    let manifest = try BundleManifest.read(manifestBytes, limits: limits)
    guard manifest.key == signer || (signer == nil && !trust.keys.contains { $0.id == manifest.key }) else {
      throw BundleError(.badSignature, "the manifest names another key than the one that signed it")
    }
    try sink.begin(manifest, bytes: manifestBytes)
    for file in manifest.files { try take(file, &sink) }
    try end()
    let digest = SHA256.hex(whole.hash.digest())
    if let wanted = trust.sha256, wanted != digest { throw wrongFile(digest) }
    return OpenedBundle(manifest: manifest, digest: digest, signer: signer)
  }

  // MARK: belief

  /// The whole file before any of it is looked at; it is hashed again as it is read.
  private mutating func hashFirst(_ wanted: String) throws(BundleError) {
    guard BundleManifest.isHex(wanted, count: 64) else {
      throw BundleError(.badKey, "\(BundlePath.shown(wanted)) is no SHA-256", hint: "64 digits, as sha256sum prints")
    }
    while try !bytes(Self.chunk).isEmpty {}
    let digest = SHA256.hex(whole.hash.digest())
    guard digest == wanted else { throw wrongFile(digest) }
    whole = RunningState()
    try source.rewind()
  }

  private func wrongFile(_ digest: String) -> BundleError {
    BundleError(
      .wrongFile, "the bundle's SHA-256 is \(digest), not the one given",
      hint: "copy it again, or ask its maker for the right one")
  }

  /// The trusted key that signed; nil where the file is believed by its hash.
  private func believe(
    _ manifest: [UInt8], _ signature: [UInt8], _ trust: BundleTrust
  ) throws(BundleError) -> String? {
    if !signature.isEmpty, let key = trust.keys.first(where: { $0.verifies(signature, of: manifest) }) { return key.id }
    if trust.sha256 != nil { return nil }
    if signature.isEmpty {
      throw BundleError(
        .notSigned, "nobody has signed this bundle",
        hint: "name its hash with --sha256, as its maker told it by another way, or have it signed")
    }
    guard !trust.keys.isEmpty else {
      throw BundleError(
        .unknownKey, "this machine trusts no key", hint: "name the maker's public key by content.keys, or give --sha256"
      )
    }
    throw BundleError(
      .badSignature, "no trusted key (\(trust.keys.map(\.id).joined(separator: ", "))) has signed this manifest",
      hint: "the bundle was changed on its way, or its maker's key is not among content.keys")
  }

  // MARK: parts

  /// The manifest's bytes: the only entry whose size is not known before.
  private mutating func first() throws(BundleError) -> [UInt8] {
    let header = try bytes(TarHeader.size)
    guard header.count == TarHeader.size else {
      throw BundleError(.truncated, "the bundle ends in its first header", hint: "copy it again")
    }
    guard let size = TarHeader.claimedSize(header),
      header == TarHeader.block(path: BundleManifest.name, size: size)
    else {
      throw BundleError(
        .notBundle, "this is no bundle: " + TarHeader.difference(header, path: BundleManifest.name),
        hint: "make one with vigil content pack")
    }
    guard size <= limits.manifestBytes else {
      throw BundleError(
        .tooLarge, "the manifest has \(size) bytes, more than \(limits.manifestBytes), the limit")
    }
    return try body(size, of: BundleManifest.name)
  }

  private mutating func second() throws(BundleError) -> [UInt8] {
    let header = try bytes(TarHeader.size)
    let sizes = [ContentKey.signatureLength, 0]
    guard let size = sizes.first(where: { header == TarHeader.block(path: BundleManifest.signatureName, size: $0) })
    else { throw unexpected(header, BundleManifest.signatureName) }
    return try body(size, of: BundleManifest.signatureName)
  }

  private mutating func body(_ size: Int, of name: String) throws(BundleError) -> [UInt8] {
    let content = try bytes(size)
    guard content.count == size else {
      throw BundleError(.truncated, "the bundle ends in \(name)", hint: "copy it again")
    }
    try pad(size, name)
    return content
  }

  private mutating func take(_ file: BundleManifest.File, _ sink: inout some BundleSink) throws(BundleError) {
    let header = try bytes(TarHeader.size)
    guard header == TarHeader.block(path: file.path, size: file.size) else { throw unexpected(header, file.path) }
    try sink.begin(file)
    var hash = RunningHash()
    var left = file.size
    while left > 0 {
      let part = try bytes(min(left, Self.chunk))
      guard !part.isEmpty else {
        throw BundleError(.truncated, "the bundle ends in \(file.path)", hint: "copy it again")
      }
      hash.add(part)
      try sink.write(part)
      left -= part.count
    }
    guard SHA256.hex(hash.digest()) == file.sha256 else {
      throw BundleError(.wrongHash, "\(file.path) is not what was signed: its SHA-256 differs", hint: "copy it again")
    }
    try pad(file.size, file.path)
    try sink.end(file)
  }

  private mutating func pad(_ size: Int, _ name: String) throws(BundleError) {
    let wanted = TarHeader.padding(after: size)
    let zeros = try bytes(wanted)
    guard zeros.count == wanted else {
      throw BundleError(.truncated, "the bundle ends behind \(name)", hint: "copy it again")
    }
    guard zeros.allSatisfy({ $0 == 0 }) else {
      throw BundleError(.badHeader, "what fills the block behind \(name) is not zero")
    }
  }

  /// Two blocks of zeros, and nothing more.
  private mutating func end() throws(BundleError) {
    let last = try bytes(2 * TarHeader.size)
    guard last.allSatisfy({ $0 == 0 }) else {
      throw BundleError(.trailing, "the bundle has more files than its manifest")
    }
    guard last.count == 2 * TarHeader.size else {
      throw BundleError(.truncated, "the bundle's end is missing", hint: "copy it again")
    }
    guard try bytes(1).isEmpty else { throw BundleError(.trailing, "the file goes on behind the bundle's end") }
  }

  private func unexpected(_ header: [UInt8], _ path: String) -> BundleError {
    BundleError(
      header.count == TarHeader.size ? .badHeader : .truncated, TarHeader.difference(header, path: path),
      hint: header.count == TarHeader.size ? nil : "copy it again")
  }

  private mutating func bytes(_ count: Int) throws(BundleError) -> [UInt8] {
    let part = try source.read(count)
    whole.count += part.count
    guard whole.count <= limits.bytes else {
      throw BundleError(.tooLarge, "the bundle has more than \(limits.bytes) bytes, the limit")
    }
    whole.hash.add(part)
    return part
  }
}

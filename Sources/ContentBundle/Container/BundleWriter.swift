internal import Glibc
internal import Records
package import Wire

/// Makes a bundle of a folder that has a folder for each kind. What it wrote is what the reader reads: the command
/// reads it back.
package struct BundleWriter {
  package var limits = BundleLimits()
  package init() {}

  /// The folder's files as a manifest has them, each read and hashed.
  package func manifest(
    of folder: String, version: String, made: Timestamp, key: ContentKey.Private?
  ) throws(BundleError) -> BundleManifest {
    guard BundleManifest.isVersion(version) else {
      throw BundleError(
        .badManifest, "\(BundlePath.shown(version)) is no version",
        hint: "letters, digits, '.', '-', '_', '+', at most \(BundleManifest.versionLimit)")
    }
    var files: [BundleManifest.File] = []
    for entry in try FolderTree.files(in: folder, limits: limits) {
      guard entry.isRegular else {
        throw BundleError(
          .notAllowed, "\(folder)/\(entry.path) is no regular file", hint: "a bundle has no links and no devices")
      }
      let kind = try BundlePath.check(entry.path, limits: limits)
      let (size, hash) = try hashed(folder + "/" + entry.path)
      files.append(BundleManifest.File(kind: kind, path: entry.path, size: size, sha256: hash))
    }
    let manifest = BundleManifest(version: version, made: made, key: key?.half.id ?? "", files: files)
    // As its reader will.
    return try BundleManifest.read(Array(manifest.text.utf8), limits: limits)
  }

  private func hashed(_ path: String) throws(BundleError) -> (Int, String) {
    let file = try BundleFile(path)
    var hash = RunningHash()
    var size = 0
    while case let part = try file.read(1 << 16), !part.isEmpty {
      hash.add(part)
      size += part.count
      guard size <= limits.fileBytes else {
        throw BundleError(.tooLarge, "\(path) has more than \(limits.fileBytes) bytes, the limit")
      }
    }
    return (size, SHA256.hex(hash.digest()))
  }

  /// Parts of the bundle, in order.
  package func write(
    _ manifest: BundleManifest, from folder: String, key: ContentKey.Private?,
    to out: (_ bytes: [UInt8]) throws(BundleError) -> Void
  ) throws(BundleError) {
    let text = Array(manifest.text.utf8)
    try put(BundleManifest.name, text, out)
    try put(BundleManifest.signatureName, try key?.sign(text) ?? [], out)
    for file in manifest.files {
      try out(TarHeader.block(path: file.path, size: file.size))
      let source = try BundleFile(folder + "/" + file.path)
      var hash = RunningHash()
      var left = file.size
      while left > 0, case let part = try source.read(min(left, 1 << 16)), !part.isEmpty {
        hash.add(part)
        left -= part.count
        try out(part)
      }
      guard left == 0, try source.read(1).isEmpty, SHA256.hex(hash.digest()) == file.sha256 else {
        throw BundleError(.altered, "\(folder)/\(file.path) was changed meanwhile", hint: "pack it again")
      }
      try out([UInt8](repeating: 0, count: TarHeader.padding(after: file.size)))
    }
    try out([UInt8](repeating: 0, count: 2 * TarHeader.size))
  }

  private func put(
    _ name: String, _ bytes: [UInt8], _ out: (_ bytes: [UInt8]) throws(BundleError) -> Void
  ) throws(BundleError) {
    try out(TarHeader.block(path: name, size: bytes.count))
    try out(bytes + [UInt8](repeating: 0, count: TarHeader.padding(after: bytes.count)))
  }

  /// To a new file, on the disk when it is back; returns the file's SHA-256. A failure leaves nothing.
  package func write(
    _ manifest: BundleManifest, from folder: String, key: ContentKey.Private?, toFile path: String
  ) throws(BundleError) -> String {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw DurableFile.failed(path) }
    defer { close(descriptor) }
    var hash = RunningHash()
    do throws(BundleError) {
      try write(manifest, from: folder, key: key) { bytes throws(BundleError) in
        hash.add(bytes)
        try DurableFile.write(bytes, to: descriptor, path)
      }
      guard fsync(descriptor) == 0 else { throw DurableFile.failed(path) }
    } catch {
      unsafe _ = unlink(path)
      throw error
    }
    return SHA256.hex(hash.digest())
  }
}

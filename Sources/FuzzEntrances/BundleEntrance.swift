internal import ContentBundle
internal import Records

/// A bundle from a stranger's medium, by the first byte: a whole file whose hash the operator was given (so that all of
/// it is looked at), the same without, or a manifest alone.
enum BundleEntrance {
  static func run(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    switch first % 3 {
    case 0: whole(rest, BundleTrust(sha256: SHA256.hex(SHA256.digest(rest))))
    case 1:
      precondition(read(rest, BundleTrust()) == nil, "without key and hash nothing is believed")
    default: manifest(rest)
    }
  }

  private static func whole(_ bytes: [UInt8], _ trust: BundleTrust) {
    guard let opened = read(bytes, trust) else { return }
    check(opened.manifest)
    precondition(opened.signer == nil, "no key was trusted")
    precondition(read(bytes + [0], BundleTrust(sha256: SHA256.hex(SHA256.digest(bytes + [0])))) == nil, "it has an end")
    precondition(read(Array(bytes.dropLast()), trust) == nil, "it is whole")
  }

  private static func manifest(_ bytes: [UInt8]) {
    guard let manifest = try? BundleManifest.read(bytes) else { return }
    check(manifest)
    precondition(
      (try? BundleManifest.read(Array(manifest.text.utf8))) == manifest, "a manifest that is printed stays itself")
  }

  private static func check(_ manifest: BundleManifest) {
    let limits = BundleLimits()
    precondition(!manifest.files.isEmpty && manifest.files.count <= limits.files, "files are bounded")
    precondition(manifest.bytes <= limits.bytes, "bytes are bounded")
    precondition(Set(manifest.files.map { $0.path.lowercased() }).count == manifest.files.count, "no name twice")
    for file in manifest.files {
      let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
      precondition(parts.count <= limits.depth && file.path.utf8.count <= limits.pathBytes, "paths are bounded")
      precondition(parts.first.map(String.init) == file.kind.rawValue, "a file lies below its kind")
      precondition(parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }, "no way out")
    }
  }

  private static func read(_ bytes: [UInt8], _ trust: BundleTrust) -> OpenedBundle? {
    var reader = BundleReader(BundleBytes(bytes))
    var sink = DiscardingSink()
    return try? reader.read(trusting: trust, into: &sink)
  }
}

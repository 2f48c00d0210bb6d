internal import Documents
internal import Records
package import Wire

/// What a bundle says it is: the one part of it that is signed, and the one part that is parsed.
package struct BundleManifest: Hashable, Sendable {
  package struct File: Hashable, Sendable {
    package var kind: ContentKind
    package var path: String
    package var size: Int
    /// SHA-256, 64 lower-case digits.
    package var sha256: String

    package init(kind: ContentKind, path: String, size: Int, sha256: String) {
      self.kind = kind
      self.path = path
      self.size = size
      self.sha256 = sha256
    }
  }

  /// As its maker calls it: letters, digits, `.`, `-`, `_`, `+`.
  package var version: String
  package var made: Timestamp
  /// Who signed it: `ContentKey.Public.id`; empty where nobody did.
  package var key: String
  /// By path, each path once.
  package var files: [File]

  package init(version: String, made: Timestamp, key: String, files: [File]) {
    self.version = version
    self.made = made
    self.key = key
    self.files = files
  }

  package static let format = "vigil-content/1"
  package static let name = "manifest.json"
  static let signatureName = "manifest.sig"
  static let versionLimit = 64

  package var kinds: [ContentKind] { Set(files.map(\.kind)).sorted() }
  package var bytes: Int { files.reduce(0) { $0 + $1.size } }

  // MARK: out

  /// One line a file, so that two manifests can be compared by eye.
  package var text: String {
    let lines = files.map {
      #"{"kind":"\#($0.kind.rawValue)","path":"\#($0.path)","size":\#($0.size),"sha256":"\#($0.sha256)"}"#
    }
    return """
      {"format":"\(BundleManifest.format)","version":"\(version)","made":"\(made.text)","key":"\(key)","files":[
      \(lines.joined(separator: ",\n"))
      ]}

      """
  }

  // MARK: in

  package static func read(_ bytes: [UInt8], limits: BundleLimits = .init()) throws(BundleError) -> BundleManifest {
    do {
      var documents = DocumentLimits()
      documents.bytes = limits.manifestBytes
      let text = try DocumentFile.text(bytes: bytes, file: name, limits: documents)
      return try manifest(try JSONDocument.parse(text, file: name, limits: documents), limits)
    } catch let error as DocumentError {
      throw BundleError(.badManifest, error.description)
    } catch let error as BundleError {
      throw error
    } catch {
      throw BundleError(.badManifest, "\(error)")
    }
  }

  private static func manifest(_ root: DocumentValue, _ limits: BundleLimits) throws -> BundleManifest {
    try refuseUnknown(root, ["format", "version", "made", "key", "files"])
    let format = try root.required("format")
    guard try format.string() == BundleManifest.format else {
      throw DocumentError(
        .badValue, format.position, "\(format.kind) is no format that this version of Vigil reads",
        hint: "it reads \(BundleManifest.format)")
    }
    let version = try root.required("version")
    guard isVersion(try version.string()) else {
      throw DocumentError(.badValue, version.position, "\(version.kind) is no version", hint: "for example 2026.11.26")
    }
    let made = try root.required("made")
    guard let time = Timestamp(text: try made.string()) else {
      throw DocumentError(.badValue, made.position, "\(made.kind) is no time", hint: "for example 2026-11-26T08:00:00Z")
    }
    let key = try root.required("key")
    guard try key.string().isEmpty || isHex(try key.string(), count: ContentKey.idLength) else {
      throw DocumentError(.badValue, key.position, "\(key.kind) names no key")
    }
    let files = try files(try root.required("files"), limits)
    return BundleManifest(version: try version.string(), made: time, key: try key.string(), files: files)
  }

  private static func files(_ list: DocumentValue, _ limits: BundleLimits) throws -> [File] {
    let values = try list.list()
    guard !values.isEmpty else { throw DocumentError(.badValue, list.position, "the bundle has no file") }
    guard values.count <= limits.files else {
      throw BundleError(.tooMany, "the bundle has \(values.count) files, more than \(limits.files), the limit")
    }
    let files = try values.map { try file($0, limits) }
    try checkOrder(files)
    let total = files.reduce(0) { $0 + $1.size }  // At most `files` times `fileBytes`.
    guard total <= limits.bytes else {
      throw BundleError(.tooLarge, "the files have \(total) bytes in all, more than \(limits.bytes), the limit")
    }
    return files
  }

  private static func file(_ value: DocumentValue, _ limits: BundleLimits) throws -> File {
    try refuseUnknown(value, ["kind", "path", "size", "sha256"])
    let path = try value.required("path").string()
    let kind = try BundlePath.check(path, limits: limits)
    let said = try value.required("kind")
    guard try said.string() == kind.rawValue else {
      throw DocumentError(.badValue, said.position, "the kind of \(path) is \(kind.rawValue), not \(said.kind)")
    }
    let size = try value.required("size").int(in: 0 ... .max)
    guard size <= limits.fileBytes else {
      throw BundleError(.tooLarge, "\(path) has \(size) bytes, more than \(limits.fileBytes), the limit")
    }
    let hash = try value.required("sha256")
    guard isHex(try hash.string(), count: 64) else {
      throw DocumentError(.badValue, hash.position, "\(hash.kind) is no SHA-256", hint: "64 lower-case digits")
    }
    return File(kind: kind, path: path, size: size, sha256: try hash.string())
  }

  /// Sorted by bytes, none twice, none that a file system without case would take for another.
  private static func checkOrder(_ files: [File]) throws(BundleError) {
    var folded: [String: String] = [:]
    for (one, next) in zip(files, files.dropFirst()) where !one.path.utf8.lexicographicallyPrecedes(next.path.utf8) {
      throw BundleError(
        .notAllowed, one.path == next.path ? "\(one.path) stands twice" : "\(next.path) stands behind \(one.path)",
        hint: "the files of a manifest are sorted by path, each once")
    }
    for file in files {
      if let other = folded.updateValue(file.path, forKey: file.path.lowercased()) {
        throw BundleError(.notAllowed, "\(other) and \(file.path) differ by case only")
      }
    }
    // A file where another needs a folder.
    for file in files {
      var folder = file.path.lowercased()[...]
      while let slash = folder.lastIndex(of: "/") {
        folder = folder[..<slash]
        if let other = folded[String(folder)] {
          throw BundleError(.notAllowed, "\(other) is a file, and \(file.path) lies in it")
        }
      }
    }
  }

  private static func refuseUnknown(_ value: DocumentValue, _ known: [String]) throws(DocumentError) {
    _ = try value.map()
    if let first = value.unknownKeys(besides: known).first { throw first }
  }

  package static func isVersion(_ text: String) -> Bool {
    (1...versionLimit).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        let scalar = Character(UnicodeScalar(byte))
        return byte < 0x80 && (scalar.isLetter || scalar.isNumber || ".-_+".contains(scalar))
      }
  }

  static func isHex(_ text: String, count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { ("0123456789abcdef" as String).utf8.contains($0) }
  }
}

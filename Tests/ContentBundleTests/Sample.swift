import Foundation
import Records
import Wire

@testable import ContentBundle

/// Bundles of a test's own, right or wrong, in memory.
struct Sample {
  var version = "2026.11"
  var made = "2026-11-20T00:00:00Z"
  var files: [(path: String, text: String)] = [
    ("end-of-support/products.yaml", "products: []\n"), ("rules/a.rules", "alert tcp any any -> any any (sid:1;)\n"),
  ]
  /// In the place of what the files give.
  var manifestText: String?

  static func key() throws -> ContentKey.Private { try ContentKey.Private.make() }

  var manifest: BundleManifest {
    BundleManifest(
      version: version, made: Timestamp(text: made) ?? Timestamp(seconds: 0), key: "",
      files: files.compactMap { path, text in
        guard let kind = ContentKind(rawValue: String(path.prefix { $0 != "/" })) else { return nil }
        return BundleManifest.File(
          kind: kind, path: path, size: text.utf8.count, sha256: SHA256.hex(SHA256.digest(Array(text.utf8))))
      })
  }

  /// The bundle's blocks: manifest, signature, files, end.
  func bytes(key: ContentKey.Private?) throws -> [UInt8] {
    var manifest = manifest
    manifest.key = key?.half.id ?? ""
    let text = Array((manifestText ?? manifest.text).utf8)
    var out = Sample.entry(BundleManifest.name, text)
    out += Sample.entry(BundleManifest.signatureName, try key?.sign(text) ?? [])
    for (path, text) in files { out += Sample.entry(path, Array(text.utf8)) }
    return out + [UInt8](repeating: 0, count: 1024)
  }

  static func entry(_ path: String, _ bytes: [UInt8]) -> [UInt8] {
    TarHeader.block(path: path, size: bytes.count) + bytes
      + [UInt8](repeating: 0, count: TarHeader.padding(after: bytes.count))
  }

  /// A header with the type that `tar` gives to what is no file, its sum right.
  static func header(_ path: String, size: Int = 0, type: Character) -> [UInt8] {
    var block = TarHeader.block(path: path, size: size)
    block[156] = type.asciiValue ?? 0
    for index in 148..<156 { block[index] = UInt8(ascii: " ") }
    let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    for (index, byte) in (String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ").utf8.enumerated() {
      block[148 + index] = byte
    }
    return block
  }
}

/// What a read came to: the bundle, or the whole sentence of its refusal.
func outcome(_ bytes: [UInt8], _ trust: BundleTrust, limits: BundleLimits = .init()) -> Result<
  OpenedBundle, BundleError
> {
  var reader = BundleReader(BundleBytes(bytes), limits: limits)
  var sink = DiscardingSink()
  do throws(BundleError) { return .success(try reader.read(trusting: trust, into: &sink)) } catch {
    return .failure(error)
  }
}

func sentence(_ bytes: [UInt8], _ trust: BundleTrust, limits: BundleLimits = .init()) -> String {
  switch outcome(bytes, trust, limits: limits) {
  case .success: "accepted"
  case .failure(let error): "\(error.code.rawValue): \(error)"
  }
}

/// A folder that goes with the test.
final class Folder: Sendable {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/vb-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult func write(_ name: String, _ text: String) throws -> String {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }
  func text(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

import Foundation

/// The program under test: `VIGIL_BINARY`, else the `vigil` that was built beside this test bundle.
enum VigilBinary {
  static let path: String = {
    if let named = ProcessInfo.processInfo.environment["VIGIL_BINARY"], !named.isEmpty { return named }
    let running = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folders = [URL(fileURLWithPath: bundle).deletingLastPathComponent(), running]
    return folders.map { $0.appendingPathComponent("vigil").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) } ?? "vigil"
  }()

  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }
}

/// A folder that others may pass through, as the sensor's user must; gone with the test.
final class Workspace: Sendable {
  let path: String

  init() throws {
    path = "/tmp/vigil-e2e-" + UUID().uuidString.prefix(8)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// `vigil.yaml` of a hub that captures and scans nothing, in a city of its own; `more` are further keys.
  func quietHub(_ more: String = "") throws -> String {
    try write(
      "vigil.yaml",
      """
      data: \(file("data"))
      city: Ferry Town
      sensor: {enabled: no}
      scan: {enabled: no}
      \(more)

      """)
  }

  func text(_ name: String) -> String {
    (try? String(decoding: Data(contentsOf: URL(fileURLWithPath: file(name))), as: UTF8.self)) ?? ""
  }

  /// Every regular file below `name`, with its bytes.
  func files(below name: String) -> [(path: String, bytes: Data)] {
    guard let walk = FileManager.default.enumerator(atPath: file(name)) else { return [] }
    return walk.compactMap { $0 as? String }.compactMap { item in
      let path = file(name) + "/" + item
      let kind = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
      guard kind == .typeRegular, let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
      return (path, bytes)
    }
  }
}

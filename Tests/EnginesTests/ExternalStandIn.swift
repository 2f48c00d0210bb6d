import Foundation

@testable import Engines

/// A program of a test: a script in a folder of its own, gone with the value.
final class StandIn: Sendable {
  let folder: String
  let path: String

  convenience init(_ script: String) throws { try self.init("tool", script) }

  init(_ name: String, _ script: String) throws {
    folder = "/tmp/vigil-standin-\(UUID().uuidString.prefix(8))"
    path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func file(_ name: String) -> String { "\(folder)/\(name)" }

  @discardableResult func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: file(name)))
    return file(name)
  }

  func text(_ name: String) -> String { (try? String(contentsOfFile: file(name), encoding: .utf8)) ?? "" }

  func run(
    _ arguments: [String] = [], bounds: ToolBounds = .init(), milliseconds: Int = 5000,
    isStopped: () -> Bool = { false }
  ) -> ToolRun {
    ToolProcess.run(
      ToolCommand(program: path, arguments: arguments, bounds: bounds), in: folder,
      until: Deadline(milliseconds: milliseconds), isStopped: isStopped)
  }
}

/// The lines of a text.
func lines(_ bytes: [UInt8]) -> [String] {
  String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
}

/// Whether the process is gone within 2 s: kill(2) sends, and a process that is not our child ends when the kernel
/// gets to it.
func ends(_ pid: String) -> Bool {
  for _ in 0..<200 where isAlive(pid) { usleep(10_000) }
  return !isAlive(pid)
}

/// Whether the process lives; a zombie does not.
private func isAlive(_ pid: String) -> Bool {
  guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
  return !text.contains(") Z ")
}

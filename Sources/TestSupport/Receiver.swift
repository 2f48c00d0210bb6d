package import Foundation

/// A receiver as a process on loopback: `Tests/Delivery/receivers.py`, told how to behave by a file, ended by its own id.
package final class Receiver: @unchecked Sendable {
  // Sendable unchecked: what changes is changed by the test's own task.
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
    package init(description: String) { self.description = description }
  }

  package let folder: String
  package private(set) var port = 0
  private var process: Process?
  private var input = Pipe()
  private let words: [String]
  private let kind: String

  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Tests/Delivery/receivers.py").standardized.path

  /// `kind` is `mail` or `hooks`; `folder` is where its own is made; `words` are the script's options.
  package init(_ kind: String, in folder: String, _ words: [String] = []) throws {
    self.kind = kind
    self.words = words
    self.folder = folder + "/" + kind + String(UInt32.random(in: 0 ... .max), radix: 36)
    try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    try start()
  }

  deinit { stop() }

  /// On the port that it had before.
  package func start() throws {
    let (process, output) = (Process(), Pipe())
    input = Pipe()
    // Debian's own Python is the one that has python3-aiosmtpd.
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-B", Receiver.script, kind, folder, String(port)] + words
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    self.process = process
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
      line.append(byte)
    }
    guard let port = Int(String(decoding: line, as: UTF8.self)) else {
      throw Failure(description: "the \(kind) receiver did not start")
    }
    self.port = port
  }

  package func stop() {
    guard let process else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    self.process = nil
  }

  /// How it behaves from now on.
  package func behave(_ mode: String) throws {
    try mode.write(toFile: folder + "/mode", atomically: true, encoding: .utf8)
  }

  /// Whatever reached it whole, in the order in which it came.
  package var seen: [Seen] {
    let text = (try? String(contentsOfFile: folder + "/seen.jsonl", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Seen.self, from: Data($0.utf8)) }
  }

  package struct Seen: Decodable {
    package var accepted: Bool
    package var id: String
    package var headers: [[String]]
    package var path: String?
    package var body: String?
    package var sender: String?
    package var recipients: [String]?
    package var messageID: String?
    package var subject: String?
    package var text: String?
    package var raw: Data?
    package var tls: Bool?
    package var login: Bool?

    package func header(_ name: String) -> String? {
      headers.first { $0[0].lowercased() == name.lowercased() }.map { $0[1] }
    }
  }
}

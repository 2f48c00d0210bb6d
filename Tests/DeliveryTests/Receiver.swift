import Foundation
import Synchronization
import Testing

/// A receiver as a process on loopback: `Tests/Delivery/receivers.py`, told how to behave by a file, ended by its own id.
final class Receiver: @unchecked Sendable {
  // Sendable unchecked: what changes is changed by the test's own task.
  struct Failure: Error, CustomStringConvertible { var description: String }

  let folder: String
  private(set) var port = 0
  private var process: Process?
  private var input = Pipe()
  private let words: [String]
  private let kind: String

  static let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Delivery/receivers.py")
    .standardized.path

  /// `kind` is `mail` or `hooks`; `words` are the script's options.
  init(_ kind: String, in folder: TestFolder, _ words: [String] = []) throws {
    self.kind = kind
    self.words = words
    self.folder = folder.path + "/" + kind + String(UInt32.random(in: 0 ... .max), radix: 36)
    try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    try start()
  }

  deinit { stop() }

  /// On the port that it had before.
  func start() throws {
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

  func stop() {
    guard let process else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    self.process = nil
  }

  /// How it behaves from now on.
  func behave(_ mode: String) throws {
    try mode.write(toFile: folder + "/mode", atomically: true, encoding: .utf8)
  }

  /// Whatever reached it whole, in the order in which it came.
  var seen: [Seen] {
    let text = (try? String(contentsOfFile: folder + "/seen.jsonl", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Seen.self, from: Data($0.utf8)) }
  }

  struct Seen: Decodable {
    var accepted: Bool
    var id: String
    var headers: [[String]]
    var path: String?
    var body: String?
    var sender: String?
    var recipients: [String]?
    var messageID: String?
    var subject: String?
    var text: String?
    var raw: Data?
    var tls: Bool?
    var login: Bool?

    func header(_ name: String) -> String? {
      headers.first { $0[0].lowercased() == name.lowercased() }.map { $0[1] }
    }
  }
}

/// An authority of the test's own with a certificate for 127.0.0.1.
struct TestAuthority {
  let ca: String
  let certificate: String
  let key: String

  init(_ folder: TestFolder, name: String = "ca") throws {
    let base = folder.path + "/" + name
    (ca, certificate, key) = (base + ".pem", base + "-server.pem", base + "-server.key")
    try TestAuthority.openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
      "/CN=\(name)", "-keyout", base + ".key", "-out", ca)
    try TestAuthority.openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
      "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE", "-CA",
      ca, "-CAkey", base + ".key", "-keyout", key, "-out", certificate)
  }

  private static func openssl(_ words: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Receiver.Failure(description: "openssl \(words[0]) failed") }
  }
}

/// A folder that goes with the test, short enough for sockets.
final class TestFolder: Sendable {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/vd-" + String(UInt32.random(in: 0 ... .max), radix: 36)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Waits until it holds, looking again and again; a failure with `what` where it never does.
func require(
  _ what: Comment, within seconds: Double = 30, sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () throws -> Bool
) async throws {
  let end = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < end {
    if try condition() { return }
    try await Task.sleep(for: .milliseconds(10))
  }
  try #require(try condition(), what, sourceLocation: sourceLocation)
}

import Foundation
import TestSupport
import Testing

extension Receiver {
  convenience init(_ kind: String, in folder: TestFolder, _ words: [String] = []) throws {
    try self.init(kind, in: folder.path, words)
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

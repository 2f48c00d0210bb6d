import Foundation
import Glibc

/// The farm's process: started by a test, ended by its own id, its servers with it.
final class Farm: @unchecked Sendable {
  // Sendable unchecked: nothing here changes after the start.
  private struct Told: Decodable {
    var error: String?
    var servers: [FarmServer]?
    var trust: String?
    var folder: String?
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  let servers: [FarmServer]
  /// PEM of the one root that is trusted.
  let trust: String
  /// Configurations and logs, as long as the farm stands.
  let folder: String
  private let process: Process
  private let input: Pipe
  private let output: Pipe

  /// All servers, or the named ones; waits until each accepts.
  init(only names: [String] = []) throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Farm/farm.py").standardized
    let (process, input, output) = (Process(), Pipe(), Pipe())
    // Debian's own Python is the one that has python3-yaml.
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-B", script.path] + (names.isEmpty ? [] : ["--only", names.joined(separator: ",")])
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    (self.process, self.input, self.output) = (process, input, output)
    let line = Farm.line(of: output, within: Farm.startSeconds)
    do {
      guard let line else { throw Failure(description: "the farm said nothing for \(Int(Farm.startSeconds)) s") }
      let told = try JSONDecoder().decode(Told.self, from: line)
      guard let servers = told.servers, let trust = told.trust, let folder = told.folder else {
        throw Failure(description: "the farm does not stand: " + (told.error ?? "it told neither servers nor why"))
      }
      (self.servers, self.trust, self.folder) = (servers, trust, folder)
    } catch {
      Farm.end(process, input)
      throw error
    }
  }

  deinit { stop() }

  func stop() { Farm.end(process, input) }

  /// `open NAME` and `close NAME`: a port of a mock, done when this returns.
  func tell(_ command: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
    guard let answer = Farm.line(of: output, within: Farm.startSeconds),
      String(decoding: answer, as: UTF8.self).contains("done")
    else {
      throw Failure(description: "the farm does not do '\(command)'")
    }
  }

  func named(_ name: String) throws -> FarmServer {
    guard let server = servers.first(where: { $0.name == name }) else {
      throw Failure(description: "no server of the farm is called \(name)")
    }
    return server
  }

  /// Keys and 160 servers take 6 s alone; machines that build and test at once have taken fifteen times that.
  private static let startSeconds = 240.0

  /// The end of its input ends it; it has its own time to end its servers.
  private static func end(_ process: Process, _ input: Pipe) {
    try? input.fileHandleForWriting.close()
    let limit = Date().addingTimeInterval(10)
    while process.isRunning, Date() < limit { usleep(20_000) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  private static func line(of pipe: Pipe, within seconds: Double) -> Data? {
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    let limit = Date().addingTimeInterval(seconds)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while Date() < limit {
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe Glibc.poll(&poll, 1, 200) > 0 else { continue }
      let count = unsafe read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return bytes.isEmpty ? nil : Data(bytes) }
      bytes += buffer[..<count]
      if bytes.last == UInt8(ascii: "\n") { return Data(bytes) }
    }
    return nil
  }
}

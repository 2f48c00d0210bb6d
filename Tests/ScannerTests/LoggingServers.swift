import Engines
import Foundation
import Glibc
import Records
import Scanner
import Testing
import Wire

/// Servers in Python, until `end`: the program prints `ports P P ...` first, then a line for each thing that it saw,
/// and ends with its standard input.
final class LoggingServers {
  private let process = Process()
  private let output = Pipe()
  let ports: [UInt16]

  init(_ program: String, ports count: Int) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    process.standardOutput = output
    process.standardInput = Pipe()
    try process.run()
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { line.append(byte) }
    ports = String(decoding: line, as: UTF8.self).split(separator: " ").compactMap { UInt16($0) }
    try #require(ports.count == count, "the servers start")
  }

  deinit { kill() }

  /// A child of a thread that blocks every signal blocks them too, but for this one.
  private func kill() { _ = Glibc.kill(process.processIdentifier, SIGKILL) }

  /// Ends them; every line that they logged, in words.
  func end() throws -> [[Substring]] {
    kill()
    process.waitUntilExit()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
  }
}

/// The reports of `jobs`, by a scanner whose targets may lie on loopback.
@discardableResult
func scanned(
  _ jobs: [ScanJob], _ change: (inout ScanContext.Settings) -> Void = { _ in }
) async -> [ScanReport] {
  var configuration = Scanner.Configuration()
  configuration.settings.policy = AddressPolicy(allowed: [IPPrefix("127.0.0.0/8")].compactMap(\.self))
  change(&configuration.settings)
  let settled = configuration
  return await withCheckedContinuation { continuation in
    let isStarted = Engines.Thread {
      let box = Reports()
      Scanner.scan(jobs: jobs, configuration: settled) { box.add($0) }
      continuation.resume(returning: box.all)
    }.start()
    precondition(isStarted, "the system gives a thread")
  }
}

private final class Reports: @unchecked Sendable {
  // Sendable unchecked: the list is only touched under the lock.
  private let lock = NSLock()
  private var reports: [ScanReport] = []
  func add(_ report: ScanReport) { lock.withLock { reports.append(report) } }
  var all: [ScanReport] { lock.withLock { reports } }
}

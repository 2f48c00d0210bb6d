import ControlAPI
import Foundation
import Glibc
import Records
import Services
import Store
import TestSupport
import Testing
import Wire

@testable import Hub

/// The real hub, killed again and again while messages leave. `VIGIL_DRILL=50` makes it fifty (script/drill).
@Suite(.serialized, .enabled(if: VigilBinary.isThere, "vigil was not built"), .timeLimit(.minutes(5)))
struct KillTests {
  static let kills = ProcessInfo.processInfo.environment["VIGIL_DRILL"].flatMap { Int($0) } ?? 6
  private static let count = 40

  @Test("a hub killed at random moments loses no message, and a receiver that got one twice got the same under its id")
  func killed() async throws {
    let folder = try TestFolder()
    let authority = try TestAuthority(folder)
    let mail = try Receiver("mail", in: folder, ["--tls", authority.certificate, authority.key])
    let hook = try Receiver("hooks", in: folder, ["--tls", authority.certificate, authority.key])
    let configuration = try configuration(folder, authority, mail, hook)
    let store = try Store(folder: folder.path + "/data", rules: .standard)
    for number in 0..<Self.count {
      for (channel, to) in [(ContactChannel.mail, "a\(number)@example.gov"), (.webhook, "ops"), (.file, "log")] {
        try store.add(Sample.fresh("\(channel.rawValue)-\(number)", channel, to).entry())
      }
    }
    store.close()
    for _ in 0..<Self.kills {
      let hub = try VigilBinary.start(["hub", "--config", configuration])
      try await Task.sleep(for: .milliseconds(Int.random(in: 100...1500)))
      kill(hub.processIdentifier, SIGKILL)
      hub.waitUntilExit()
    }
    let hub = try VigilBinary.start(["hub", "--config", configuration])
    defer {
      kill(hub.processIdentifier, SIGTERM)
      hub.waitUntilExit()
    }
    let client = Client(socket: folder.path + "/data/run/api.sock")
    var waiting = Int.max
    let end = ContinuousClock.now + .seconds(120)
    while waiting > 0, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(100))
      if let lanes = try? await client.call(API.outboxLanes).items {
        waiting = lanes.map { $0.waiting + $0.dead }.reduce(0, +)
      }
    }
    #expect(waiting == 0)
    #expect(
      try await client.call(API.outbox, OutboxRequest(state: .delivered, limit: 1000)).items.count == 3 * Self.count)
    for (name, seen, copy) in [
      ("mail", mail.seen, { (seen: Receiver.Seen) in seen.raw?.base64EncodedString() ?? "" }),
      ("webhook", hook.seen, { (seen: Receiver.Seen) in seen.body ?? "" }),
    ] {
      let byId = Dictionary(grouping: seen, by: \.id)
      #expect(Set(byId.keys) == Set((0..<Self.count).map { "\(name)-\($0)" }))
      #expect(byId.values.allSatisfy { Set($0.map(copy)).count == 1 }, "copies are the same")
      #expect(seen.count - byId.count <= Self.kills, "at most one for each death")
      print("figure: \(name): \(Self.count) messages, \(Self.kills) kills, \(seen.count - byId.count) copies")
    }
    let lines = try String(contentsOfFile: folder.path + "/log.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == Self.count && Set(lines).count == Self.count, "a file can be asked: no copy at all")
  }

  private func configuration(
    _ folder: TestFolder, _ authority: TestAuthority, _ mail: Receiver, _ hook: Receiver
  ) throws -> String {
    let secret = folder.path + "/secret"
    try "key\n".write(toFile: secret, atomically: true, encoding: .utf8)
    _ = unsafe chmod(secret, 0o600)
    let path = folder.path + "/vigil.yaml"
    try """
    data: \(folder.path)/data
    delivery:
      age: 30d
      mail: {url: "smtp://127.0.0.1:\(mail.port)", from: vigil@example.gov, ca: \(authority.ca)}
      receivers:
        ops: {kind: webhook, url: "https://127.0.0.1:\(hook.port)/hook", secretFile: \(secret), ca: \(authority.ca)}
        log: {kind: file, path: \(folder.path)/log.jsonl}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}

/// The program that was built beside this test bundle.
enum VigilBinary {
  static let path: String = {
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let running = URL(fileURLWithPath: CommandLine.arguments[0])
    return [URL(fileURLWithPath: bundle), running].map { $0.deletingLastPathComponent().appending(path: "vigil").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) } ?? "vigil"
  }()

  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

  static func start(_ words: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }
}

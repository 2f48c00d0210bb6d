import ControlAPI
import Dispatch
import Foundation
import Records
import Services
import Store
import Testing

@testable import Hub

/// The API's bodies by chance, against a hub that is whole. `VIGIL_FUZZ_SECONDS` says how long (600: ten minutes),
/// `VIGIL_FUZZ_SEED` repeats a run.
@Suite(.serialized, .timeLimit(.minutes(FuzzTime.minutes))) struct BodyFuzzTests {
  @Test("whatever is sent to the API is answered well, hurts nobody else, and leaves a store that a hub starts on")
  func bodies() async throws {
    let seed = FuzzTime.seed
    var (left, round, tally) = (FuzzTime.seconds, seed, FuzzTally())
    let before = try FuzzRound.workingFolder()
    repeat {
      tally.add(try await FuzzRound.run(seed: round, seconds: min(left, FuzzTime.round)))
      left -= FuzzTime.round
      round &+= 1
    } while left > 0 && tally.faults.isEmpty
    print("body fuzz, seed \(seed): \(tally.text)")
    for fault in tally.faults { Issue.record("seed \(seed): \(fault)") }
    #expect(try FuzzRound.workingFolder() == before)
  }
}

enum FuzzTime {
  private static func number(_ name: String) -> Double? {
    ProcessInfo.processInfo.environment[name].flatMap { Double($0) }
  }
  static let seconds = number("VIGIL_FUZZ_SECONDS") ?? 5
  /// A hub of its own each, since what was made slows it down.
  static let round = 60.0
  static let minutes = 4 + Int(seconds / 60) * 3
  static let seed = number("VIGIL_FUZZ_SEED").map { UInt64($0) } ?? UInt64.random(in: 0..<1 << 50)
}

/// One hub's life under chance.
enum FuzzRound {
  static func run(seed: UInt64, seconds: Double) async throws -> FuzzTally {
    let folder = try TestFolder()
    try FileManager.default.createDirectory(atPath: folder.path + "/fuzz", withIntermediateDirectories: false)
    print("body fuzz: seed \(seed); the request that is asked stands in \(folder.path)/last-request")
    let world = try await WalkWorld(folder) {
      $0.scan.engines = ["tls"]
      $0.notices.page = "https://notices.example"
    }
    let tally = try await onThread {
      let run = try FuzzRun(world, folder: folder.path, seed: seed)
      run.run(seconds: seconds)
      run.askEverything()
      return run.tally
    }
    try await lives(world.hub)
    await world.hub.end()
    try await keeps(world.hub, folder)
    return tally
  }

  /// A hub that blocks one of the test's threads would wait for itself.
  private static func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue(label: "fuzz").async { continuation.resume(with: Result { try body() }) }
    }
  }

  private static func lives(_ hub: RunningHub) async throws {
    let health = try await hub.client.call(API.health)
    print("body fuzz: health afterwards: \(health)")
    _ = try await hub.client.call(API.queue, ListRequest(limit: 10))
    let verdict = try await hub.client.call(API.verifyAudit, AuditVerifyRequest())
    #expect(verdict.fault == nil, "the audit log is not whole")
  }

  /// What is kept is whole, nothing else was written, and a hub starts on it.
  private static func keeps(_ hub: RunningHub, _ folder: TestFolder) async throws {
    let store = try Store(folder: hub.configuration.data.path, rules: .standard)
    #expect(try store.integrityFault() == nil)
    #expect(try store.verifyAudit().fault == nil)
    store.close()
    let ours: Set = ["data", "fuzz", "last-request", "walk.sqlite"]
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)).isSubset(of: ours))
    let again = try await RunningHub(folder)
    #expect(try await again.client.call(API.verifyAudit, AuditVerifyRequest()).fault == nil)
    await again.end()
  }

  /// A path without a folder would be made here.
  static func workingFolder() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: FileManager.default.currentDirectoryPath).sorted()
  }
}

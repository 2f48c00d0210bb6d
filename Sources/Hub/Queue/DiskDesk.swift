internal import Dispatch

/// Work that waits for the disk, on threads of its own: the few threads of the hub's tasks never wait for SQLite, so that
/// a slow query holds up nobody but who asked it.
///
/// Acts and records wait each in a line of their own. The store's writer takes them by turns, and records come in parts
/// of some milliseconds: an act waits for one part at most, however many senders there are.
struct DiskDesk: Sendable {
  private let reads = DispatchQueue(label: "vigil.reads", attributes: .concurrent)
  private let acts = DispatchQueue(label: "vigil.acts", qos: .userInitiated)
  private let records = DispatchQueue(label: "vigil.records")
  private let upkeep = DispatchQueue(label: "vigil.upkeep", qos: .utility)
  private let checkpoints = DispatchQueue(label: "vigil.checkpoints")

  func read<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await DiskDesk.run(reads, body)
  }
  func act<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await DiskDesk.run(acts, body)
  }
  func store<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await DiskDesk.run(records, body)
  }
  func keep<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await DiskDesk.run(upkeep, body)
  }

  /// Beside the upkeep, which may be long at it.
  func checkpoint(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await DiskDesk.run(checkpoints, body)
  }

  private static func run<T: Sendable>(
    _ queue: DispatchQueue, _ body: @escaping @Sendable () throws -> T
  ) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try body() }) }
    }
  }
}

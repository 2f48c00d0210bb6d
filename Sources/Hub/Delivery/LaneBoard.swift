internal import Records
internal import Services
internal import Synchronization

/// How each lane stands, for whoever asks while it works.
final class LaneBoard: Sendable {
  private let lanes = Mutex<[String: DeliveryLane]>([:])

  func keep(_ lane: DeliveryLane, as name: String) { lanes.withLock { $0[name] = lane } }
  /// By name, those that have a receiver.
  var all: [String: DeliveryLane] { lanes.withLock { $0 } }
}

internal import Synchronization

/// How many requests each endpoint answered, with which status, in which time. Endpoints are the table's and statuses
/// the hub's own, so no client makes it grow.
final class RequestMeter: Sendable {
  /// Seconds, upper bounds.
  static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  struct Key: Hashable, Sendable {
    var method: String
    var endpoint: String
    var status: Int
    var labels: [String] { [method, endpoint, String(status)] }
  }
  struct Record: Sendable {
    var counts = [UInt64](repeating: 0, count: RequestMeter.bounds.count + 1)
    var sum = 0.0
    var total: UInt64 { counts.reduce(0, +) }
  }
  private let records = Mutex<[Key: Record]>([:])

  func note(_ key: Key, seconds: Double) {
    let place = RequestMeter.bounds.firstIndex { seconds <= $0 } ?? RequestMeter.bounds.count
    records.withLock { records in
      records[key, default: Record()].counts[place] += 1
      records[key, default: Record()].sum += seconds
    }
  }

  var all: [(key: Key, record: Record)] {
    records.withLock { $0 }.map { ($0.key, $0.value) }
      .sorted { ($0.key.endpoint, $0.key.method, $0.key.status) < ($1.key.endpoint, $1.key.method, $1.key.status) }
  }
}

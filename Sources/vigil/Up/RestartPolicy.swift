/// When a role that ended is started again: at once as a rule, slower and slower while it keeps ending early.
///
/// A pure state machine under the supervisor's clock (milliseconds of any origin).
struct RestartPolicy: Equatable {
  /// The first restart comes well within the second that the watch allows a blind sensor.
  static let firstDelay = 100
  static let longestDelay = 5_000
  /// The sensor's: a blind watch is worse than a busy one, however often it is made to crash.
  static let longestSensorDelay = 400
  /// A role that lived this long was well, and its earlier crashes are forgotten. Short: whoever can crash a sensor
  /// with a packet shall not also keep it away by doing it again.
  static let healthyAfter = 1_000
  /// A role that ends by an operator's mistake (status 2) is tried again this much later, in case it is mended.
  static let mistakeDelay = 15_000

  private(set) var crashes = 0
  private let longest: Int
  private var startedAt = 0

  init(longest: Int = RestartPolicy.longestDelay) { self.longest = longest }

  mutating func started(at now: Int) { startedAt = now }

  /// Milliseconds to wait before the next start.
  mutating func ended(at now: Int, status: Int32) -> Int {
    if now - startedAt >= RestartPolicy.healthyAfter { crashes = 0 }
    crashes += 1
    if status == 2 { return RestartPolicy.mistakeDelay }
    let doubled = RestartPolicy.firstDelay << min(max(crashes - 1, 0), 16)
    return min(doubled, longest)
  }
}

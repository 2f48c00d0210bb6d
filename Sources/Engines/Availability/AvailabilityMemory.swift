internal import Records
internal import Wire

/// What is known of a site's outages from look to look. Times are RFC 3339.
struct AvailabilityMemory: Codable, Hashable {
  enum State: String, Codable {
    case up, slow, down
    /// It failed, and the second look has not been taken.
    case suspected
    case blocked = "blocked us"
    case notDetermined = "not determined"
  }

  struct Outage: Codable, Hashable {
    var from: String
    var until: String
    var reason: String
  }

  var state: State
  /// When the state began.
  var since: String
  /// Looks in a row that found the site down.
  var failures = 0
  /// The outage that has not been seen to end: a look that could not tell does not end one.
  var open: Outage?
  /// Ended outages, the last first.
  var outages: [Outage] = []

  /// A year of monthly outages and more; the list is shown, not counted.
  static let outageLimit = 16

  /// The memory after a look. What cannot be read is as if nothing were known. `looks`: how many must fail in a row
  /// before the site is down.
  static func after(
    _ seen: State, reason: String, at now: Timestamp, known: String?, looks: Int = 1
  ) -> AvailabilityMemory {
    let old = known.flatMap { try? RecordJSON.decode(AvailabilityMemory.self, from: $0) }
    let time = now.text
    let isDoubted = seen == .down && max(old?.failures ?? 0, 0) < looks - 1
    let state = isDoubted ? .suspected : seen
    var new = AvailabilityMemory(
      state: state, since: old.map { $0.state == state ? $0.since : time } ?? time, open: old?.open,
      outages: Array((old?.outages ?? []).prefix(outageLimit)))
    switch state {
    case .down, .suspected:
      new.failures = min(old?.failures ?? 0, .max - 1) + 1
      if new.open == nil { new.open = Outage(from: time, until: "", reason: String(reason.prefix(200))) }
      // Back from a look that could not tell, the outage is the old one.
      if let open = new.open { new.since = open.from }
    case .up, .slow:
      // Failures that were too few to be told were no outage.
      if var ended = new.open, (old?.failures ?? 0) >= looks {
        ended.until = time
        new.outages = Array(([ended] + new.outages).prefix(outageLimit))
      }
      new.open = nil
    case .blocked, .notDetermined: new.failures = old?.failures ?? 0
    }
    return new
  }

  var text: String? { try? RecordJSON.text(self) }

  /// `down since ...`, and the last outage that ended.
  var sentences: [String] {
    var result: [String] = []
    if let open, state != .suspected { result.append("down since \(AvailabilityMemory.short(open.from))") }
    if let last = outages.first { result.append("the last outage \(AvailabilityMemory.told(last))") }
    return result
  }

  var facts: [Fact] {
    [Fact("state", state.rawValue), Fact("state since", AvailabilityMemory.short(since))]
      + (open.map { [Fact("outage", "since \(AvailabilityMemory.short($0.from)): \($0.reason)")] } ?? [])
      + (outages.first.map { [Fact("last outage", AvailabilityMemory.told($0))] } ?? [])
      + (outages.isEmpty ? [] : [Fact("outages remembered", "\(outages.count)")])
  }

  private static func told(_ outage: Outage) -> String {
    let ends = "began \(short(outage.from)) and ended \(short(outage.until))"
    guard let from = Timestamp(text: outage.from), let until = Timestamp(text: outage.until) else { return ends }
    return "lasted \(length(until.nanoseconds(since: from) / 1_000_000_000)), \(ends)"
  }

  /// To the second.
  private static func short(_ time: String) -> String {
    guard time.count > 20, time.dropFirst(19).first == "." else { return String(time.prefix(40)) }
    return time.prefix(19) + "Z"
  }

  static func length(_ seconds: Int64) -> String {
    switch max(0, seconds) {
    case ..<120: "\(max(0, seconds)) s"
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h \(seconds / 60 % 60) min"
    default: "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
    }
  }
}

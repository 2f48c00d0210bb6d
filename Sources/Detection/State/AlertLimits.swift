internal import RuleLanguage
internal import Wire

/// How often each rule has matched for whom: thresholds, detection filters, rates. Driven by packet time, bounded.
struct AlertLimits {
  /// Beyond, entries whose time is over are let go; if none is, all of them: alerts then come more often, never less.
  static let limit = 1 << 16

  struct Key: Hashable {
    var limit: Int32
    var first: IPAddress
    var second: IPAddress
    var flow: Int32
  }

  struct Entry {
    var start: Int64
    var count: UInt32
    /// `rate`: until when the other action holds; `backoff`: matches at which the next alert is due.
    var until: Int64 = 0
    var next: UInt32 = 0
  }

  enum Verdict: Equatable { case alert, silent, other(AlertHit.ActionOverride) }

  private var entries: [Key: Entry] = [:]
  private(set) var emptied: UInt64 = 0

  /// One match of the rule under limit number `index`.
  mutating func matched(
    _ step: LimitStep, _ index: Int32, source: IPAddress, destination: IPAddress, flow: Int32, at time: Timestamp
  ) -> Verdict {
    let key = AlertLimits.key(step.track, index, source, destination, flow)
    let now = time.nanoseconds
    let span = Int64(step.seconds) * 1_000_000_000
    makeRoom(key, now, span)
    var entry = entries[key] ?? Entry(start: now, count: 0)
    defer { entries[key] = entry }
    if step.kind != .backoff, step.kind != .rate || entry.until <= now {
      let passed = time.nanoseconds(since: Timestamp(nanoseconds: entry.start))
      if passed >= span || passed < 0 { (entry.start, entry.count) = (now, 0) }
    }
    if entry.count < .max { entry.count += 1 }
    return AlertLimits.verdict(step, &entry, now)
  }

  private static func verdict(_ step: LimitStep, _ entry: inout Entry, _ now: Int64) -> Verdict {
    switch step.kind {
    case .limit: return entry.count <= step.count ? .alert : .silent
    case .threshold:
      guard entry.count >= step.count else { return .silent }
      entry.count = 0
      entry.start = now
      return .alert
    case .both: return entry.count == step.count ? .alert : .silent
    case .detectionFilter: return entry.count > step.count ? .alert : .silent
    case .backoff:
      if entry.next == 0 { entry.next = max(1, step.count) }
      guard entry.count >= entry.next else { return .silent }
      entry.next =
        entry.next.multipliedReportingOverflow(by: max(2, step.extra)).overflow ? .max : entry.next * max(2, step.extra)
      return .alert
    case .rate:
      if entry.until > now { return .other(step.action) }
      guard entry.count > step.count else { return .alert }
      entry.until = step.extra == 0 ? .max : now &+ Int64(step.extra) * 1_000_000_000
      entry.count = 0
      return .other(step.action)
    case .suppress: return .silent
    }
  }

  private static func key(
    _ track: ThresholdTrack, _ index: Int32, _ source: IPAddress, _ destination: IPAddress, _ flow: Int32
  ) -> Key {
    let none = IPAddress(v4: 0)
    return switch track {
    case .source: Key(limit: index, first: source, second: none, flow: -1)
    case .destination: Key(limit: index, first: destination, second: none, flow: -1)
    case .both: Key(limit: index, first: min(source, destination), second: max(source, destination), flow: -1)
    case .rule: Key(limit: index, first: none, second: none, flow: -1)
    case .flow: Key(limit: index, first: none, second: none, flow: flow)
    }
  }

  private mutating func makeRoom(_ key: Key, _ now: Int64, _ span: Int64) {
    guard entries.count >= AlertLimits.limit, entries[key] == nil else { return }
    let before = now &- span
    entries = entries.filter { $0.value.start > before || ($0.value.until > now && $0.value.until < .max) }
    guard entries.count >= AlertLimits.limit else { return }
    entries.removeAll(keepingCapacity: true)
    emptied += 1
  }
}

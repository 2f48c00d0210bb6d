internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Store
internal import Wire

/// What the hub does while its store or its clock is not as it should be
/// (Documentation/decisions/0053-when-the-store-fails.md).
extension HubCore {
  // MARK: the store

  /// A store that took nothing is asked once a second whether it does again. What would only fail, and make everybody
  /// wait, waits for it.
  func isStoreWell() -> Bool {
    let isWell = store.fault == nil || store.probe() == nil
    sayStoreFault()
    return isWell
  }

  func sayStoreFault() {
    let fault = store.fault
    if let fault, ailments[.store] == nil { logger.error("\(fault)") }
    if fault == nil, ailments[.store] != nil { logger.notice("the store takes records again") }
    ailments[.store] = fault.map { "\($0)" }
  }

  /// A locked store makes each try wait: of batches one a second tries, the others come again.
  func refuseWhileBusy() throws {
    if let fault = store.fault, fault.code == .busy, let tried = busySince, .now - tried < .seconds(1) { throw fault }
  }

  func noteStoreFault() {
    if store.fault?.code == .busy { busySince = .now }
    sayStoreFault()
  }

  // MARK: the hub's own alerts

  /// By the way of all alerts; kept for the next second where the store takes nothing.
  func raise(_ record: BatchRecord?) {
    guard let record else { return }
    own.add(record)
    tellOwnAlerts()
  }

  func tellOwnAlerts() {
    let boot = UInt64(bitPattern: started.nanoseconds)
    while let (sequence, record) = own.first {
      do {
        _ = try store(RecordBatch(source: "hub", boot: boot, first: sequence, records: [record]))
        own.removeFirst()
      } catch {
        return
      }
    }
  }

  func keepCoverage() {
    untold.add(scheduler.takeCoverage())
    guard !untold.entries.isEmpty else { return }
    do {
      try store.save(untold.entries)
      untold = UntoldCoverage()
      ailments[.coverage] = nil
    } catch { ailments[.coverage] = "\(error)" }
  }

  // MARK: the clock

  /// A clock that is corrected by less is no event.
  static let clockSlack = 2.0

  func followClock(_ now: Timestamp) {
    let back = Double(latest.nanoseconds(since: now)) / 1e9
    if let end = clockEnd, now >= end { (clockEnd, ailments[.clock]) = (nil, nil) }
    guard back > HubCore.clockSlack else { return latest = max(latest, now) }
    let sentence =
      "the clock was set back by \(Int(back.rounded())) s at \(now.text): moments up to \(latest.text) come twice"
    logger.warning("\(sentence)")
    clockEnd = max(latest, clockEnd ?? latest)
    ailments[.clock] = sentence
    scheduler.clockWasSetBack(by: back, now: now)
    registry.clockWasSetBack(by: back)
    (lastRetention, lastExpiryLook) = (now, min(lastExpiryLook, now))
    clockNews = (from: latest, sentence: sentence)
    latest = now
  }

  /// Written when the store takes it.
  func keepClockNews(_ now: Timestamp) {
    guard let news = clockNews else { return }
    do {
      try store.clockWasSetBack(to: now)
      try store.append(
        AuditEntry(
          time: now, actor: Actor(name: "vigil", origin: "clock"), act: "clock set back", subject: "hub",
          before: news.from.text, after: now.text))
      raise(HubAlert.record(.clockSetBack, about: "hub", news.sentence, now: now))
      clockNews = nil
    } catch { logger.error("the clock's step was not kept", metadata: ["error": "\(error)"]) }
  }
}

/// Alerts of the hub's own that are not stored yet, in order, each under its number.
struct OwnAlerts {
  /// More than these while the disk is full are the same few things again.
  static let most = 1000

  private var records: [BatchRecord] = []
  private var sequence: UInt64 = 1

  mutating func add(_ record: BatchRecord) {
    if records.count < OwnAlerts.most { records.append(record) }
  }
  var first: (UInt64, BatchRecord)? { records.first.map { (sequence, $0) } }
  mutating func removeFirst() {
    guard !records.isEmpty else { return }
    records.removeFirst()
    sequence += 1
  }
}

/// Words on coverage that the store has not taken yet: the last of each engine and site.
struct UntoldCoverage {
  private struct Key: Hashable {
    let site: String
    let engine: String
  }
  private var last: [Key: CoverageEntry] = [:]

  mutating func add(_ entries: [CoverageEntry]) {
    for entry in entries { last[Key(site: entry.site, engine: entry.engine)] = entry }
  }
  var entries: [CoverageEntry] { Array(last.values) }
}

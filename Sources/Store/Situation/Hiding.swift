internal import GRDB
package import Records
internal import Wire

/// What suppressions and thresholds say of an alert; the row is the one that it would make.
package struct HidingRules: Sendable {
  /// The suppression that hides it.
  package var suppression: @Sendable (AlertRecord, SiteAttribution, () -> QueueRow) -> Suppression?
  /// The thresholds that count its row.
  package var thresholds: @Sendable (AlertRecord, SiteAttribution, () -> QueueRow) -> [Suppression]
  package var isHolding: @Sendable (_ id: String) -> Bool
  package init(
    suppression: @escaping @Sendable (AlertRecord, SiteAttribution, () -> QueueRow) -> Suppression? = { _, _, _ in nil
    },
    thresholds: @escaping @Sendable (AlertRecord, SiteAttribution, () -> QueueRow) -> [Suppression] = { _, _, _ in [] },
    isHolding: @escaping @Sendable (_ id: String) -> Bool = { _ in false }
  ) {
    self.suppression = suppression
    self.thresholds = thresholds
    self.isHolding = isHolding
  }
}

struct HiddenKey: Hashable {
  static let dayNanoseconds: Int64 = 86_400_000_000_000
  var id: String
  var day: Int64
  init(_ id: String, _ alert: AlertRecord) {
    self.id = id
    day = alert.timestamp.nanoseconds / HiddenKey.dayNanoseconds
  }
}
struct HiddenCount {
  var alerts: Int64 = 0
  var rows: Int64 = 0
}

extension IngestPass {
  /// The attribution with what hides the alert. What our own scans cause is never counted against a suppression.
  func hiding(_ alert: AlertRecord, _ owner: SiteAttribution) -> SiteAttribution {
    guard owner.isOwn != true else { return owner }
    let suppression = policy.hiding.suppression(alert, owner) { store.rules.absorbAlert(alert, owner, nil, now).row }
    guard let suppression else { return owner }
    var owner = owner
    owner.hiddenBy = suppression.id
    owner.hidesSuccess = suppression.hidesSuccess ? true : nil
    return owner
  }

  /// Holds a new row or a return back that is over a threshold; brings a row to light whose threshold has ended.
  mutating func limit(
    _ after: inout AlertGroup, before: AlertGroup?, _ alert: AlertRecord, _ owner: SiteAttribution, _ db: Database
  ) throws {
    guard owner.isOwn != true, owner.hiddenBy == nil else { return }
    if after.row.place == .suppressed, let id = after.row.hiddenBy, !policy.hiding.isHolding(id) {
      after.row.place = .shown
      after.row.hiddenBy = nil
    }
    let isMade = after.row.id == 0
    let isReturn = before?.row.triage.state != .new && after.row.triage.state == .new && !isMade
    guard isMade || isReturn, after.row.place == .shown else { return }
    let row = after.row
    for threshold in policy.hiding.thresholds(alert, owner, { row }) {
      guard try isOver(threshold, alert, owner, db) else { continue }
      // What went further than a try comes through, unless the threshold says otherwise.
      if after.row.outcome >= .succeeded, !threshold.hidesSuccess { return }
      if isReturn, let before {
        after.row.triage = before.row.triage
        hidden[HiddenKey(threshold.id, alert), default: HiddenCount()].alerts += 1
      } else {
        after.row.place = .suppressed
        after.row.hiddenBy = threshold.id
        after.hidesSuccess = threshold.hidesSuccess ? true : nil
      }
      return
    }
  }

  private func isOver(
    _ threshold: Suppression, _ alert: AlertRecord, _ owner: SiteAttribution, _ db: Database
  ) throws -> Bool {
    guard let limit = threshold.limit else { return false }
    let subject = limit.per == .rule ? alert.signature.id : owner.site ?? owner.subject
    let width = max(limit.seconds, 1)
    let start = alert.timestamp.seconds / width * width
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          INSERT INTO thresholdWindow VALUES (?1, ?2, ?3, 1) ON CONFLICT DO UPDATE SET
            count = CASE WHEN start = excluded.start THEN count + 1 ELSE 1 END, start = excluded.start
            RETURNING count
          """), arguments: [threshold.id, subject, start])
    return (row?["count"] as Int64? ?? 0) > Int64(limit.most)
  }

  /// Counts an alert that nobody sees.
  mutating func countHidden(_ group: AlertGroup, _ alert: AlertRecord, isMade: Bool) {
    guard let id = group.row.hiddenBy, group.row.place == .suppressed else { return }
    let key = HiddenKey(id, alert)
    hidden[key, default: HiddenCount()].alerts += 1
    if isMade { hidden[key, default: HiddenCount()].rows += 1 }
  }

  func saveHidden(_ db: Database) throws {
    for (key, count) in hidden {
      try db.cachedStatement(
        sql: """
          INSERT INTO suppressionDay VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
            alerts = alerts + excluded.alerts, rows = rows + excluded.rows
          """
      ).execute(arguments: [key.id, key.day, count.alerts, count.rows])
    }
  }
}

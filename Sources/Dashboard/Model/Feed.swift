import ControlAPI
import Records
import Wire

/// The last alerts and findings as they came, the newest first.
struct Feed: Sendable {
  struct Entry: Sendable, Equatable {
    var time: Timestamp
    var severity: Severity
    var title: BilingualText
    var subject: String
    /// Names it among those of the same time.
    var name: String
    /// `source -> destination` of an alert.
    var ends: String?
    /// The row that took it.
    var item: QueueItem?
  }
  /// More than any screen shows.
  static let longest = 500

  private(set) var entries: [Entry] = []
  /// What came while frozen.
  private(set) var held: [Entry] = []
  private(set) var isFrozen = false
  /// When the hub last dropped changes because we read too slowly.
  private var lagged: Timestamp?
  /// That is said so long.
  private static let laggedSeconds = 60.0
  /// When the stream last said anything.
  private(set) var heard: Timestamp?

  /// In the order in which they came, the newest last.
  mutating func add(_ items: [StreamItem], at now: Timestamp) {
    heard = now
    if items.contains(where: { $0.kind == .lagged }) { lagged = now }
    let new = Array(items.reversed().lazy.compactMap(Feed.entry).prefix(Feed.longest))
    guard !new.isEmpty else { return }
    if isFrozen {
      held = Array((new + held).prefix(Feed.longest))
    } else {
      entries = Array((new + entries).prefix(Feed.longest))
    }
  }

  /// Changes were dropped of late.
  func hasLagged(_ now: Timestamp) -> Bool {
    lagged.map { Model.seconds(now, since: $0) < Feed.laggedSeconds } ?? false
  }

  mutating func toggle() {
    isFrozen.toggle()
    guard !isFrozen else { return }
    entries = Array((held + entries).prefix(Feed.longest))
    held = []
  }

  /// What a panel's query and the officer leave of it. What has no row passes only where nothing is asked.
  func entries(of panel: Panel, variables: [String: String], filter: String, now: Timestamp) -> [Entry] {
    let query = panel.parts.first?.query.filled(variables) ?? ""
    guard let filter = try? Filter(Panel.combined(query, filter), .stream), !filter.isEverything else { return entries }
    return entries.filter { entry in entry.item.map { filter.matches($0, now: now) } ?? false }
  }

  /// Alerts, and findings that are new or came back; nil for what only counts.
  static func entry(_ item: StreamItem) -> Entry? {
    if item.kind == .alert, let alert = item.alert {
      return Entry(
        time: alert.timestamp, severity: alert.signature.severity,
        title: item.row?.row.title ?? BilingualText(alert.signature.message),
        subject: alert.requestedHost ?? item.row?.row.subject ?? "", name: "\(alert.flowID) \(alert.signature.id)",
        ends: ends(alert), item: item.row)
    }
    guard item.kind == .row, item.change == .made || item.change == .returned, let row = item.row?.row,
      row.wing == .scanner
    else { return nil }
    return Entry(
      time: row.lastSeen, severity: row.severity, title: row.title, subject: row.site ?? row.subject,
      name: "row \(row.id)", ends: nil, item: item.row)
  }

  static func ends(_ alert: AlertRecord) -> String {
    "\(end(alert.source, alert.sourcePort)) -> \(end(alert.destination, alert.destinationPort))"
  }

  static func end(_ address: IPAddress?, _ port: UInt16) -> String {
    guard let address else { return "?" }
    if port == 0 { return "\(address)" }
    return address.isV6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}

extension Feed.Entry: Listed {
  var key: String { "\(time.nanoseconds) \(name)" }
  var actRow: Int64? { item?.id }
  func value(_ column: Column) -> Value { item?.value(column) ?? .none }
}

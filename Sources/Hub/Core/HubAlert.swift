internal import Records
internal import Wire

/// Alerts that the hub raises about Vigil itself, as EVE lines, so that they take the way of all alerts.
enum HubAlert {
  /// A generator of its own: no rule has it.
  static let gid: UInt32 = 9000

  enum Kind: UInt32 {
    case silent = 1
    case blind = 2
    case missing = 3
    case wasBlind = 4
    case authorisationEnds = 5
    case clockSetBack = 6
    case suppressionEnds = 20
    case nobodyOnWatch = 50
    case watchNotTaken = 51
    case tooManyPages = 52
    case canaryLate = 53
    case zeroReportMissing = 54

    /// EVE's order: 1 is worst. What wants a letter and not a run is not told like a blind sensor.
    var severity: Int {
      switch self {
      case .authorisationEnds, .suppressionEnds: 3
      case .tooManyPages, .zeroReportMissing: 2
      case .silent, .blind, .missing, .wasBlind, .clockSetBack, .nobodyOnWatch, .watchNotTaken, .canaryLate: 1
      }
    }
  }

  private struct Line: Encodable {
    struct Alert: Encodable {
      let action = "allowed"
      let gid: UInt32
      let sid: UInt32
      let rev = 1
      let signature: String
      var category = "Vigil itself"
      let severity: Int
      var metadata: [String: [String]]?
      enum CodingKeys: String, CodingKey {
        case action, gid, rev, signature, category, severity, metadata
        case sid = "signature_id"
      }
    }
    let timestamp: String
    let eventType = "alert"
    let host: String
    let alert: Alert
    /// Of a drill at a site: whose it is goes by the name, as of all alerts.
    var http: [String: String]?
    var port: UInt16?
    enum CodingKeys: String, CodingKey {
      case timestamp, host, alert, http
      case eventType = "event_type"
      case port = "dest_port"
    }
  }

  static func record(_ kind: Kind, about name: String, _ sentence: String, now: Timestamp) -> BatchRecord? {
    let alert = Line.Alert(gid: gid, sid: kind.rawValue, signature: sentence, severity: kind.severity)
    guard let bytes = try? RecordJSON.encode(Line(timestamp: now.text, host: name, alert: alert)) else { return nil }
    return BatchRecord(kind: .alert, bytes: bytes)
  }

  static func record(_ silence: RoleRegistry.Silence, now: Timestamp) -> BatchRecord? {
    guard let reason = silence.reason else {
      return record(.silent, about: silence.name, "\(silence.role) \(silence.name) gives no sign of life", now: now)
    }
    return record(.blind, about: silence.name, "\(silence.role) \(silence.name) is blind: \(reason)", now: now)
  }

  /// An alert of an exercise: under a generator of its own, by which the store knows it for ever.
  static func drill(
    number: UInt32, _ sentence: String, _ severity: Severity, site: Site?, now: Timestamp
  ) -> BatchRecord? {
    let eve = severity == .critical || severity == .high ? 1 : 4 - severity.rank
    var alert = Line.Alert(gid: Drill.gid, sid: number, signature: sentence, category: "Exercise", severity: eve)
    if severity == .critical { alert.metadata = ["signature_severity": ["Critical"]] }
    var line = Line(timestamp: now.text, host: "hub", alert: alert)
    line.http = site.map { ["hostname": $0.host] }
    line.port = site?.port
    guard let bytes = try? RecordJSON.encode(line) else { return nil }
    return BatchRecord(kind: .alert, bytes: bytes)
  }
}

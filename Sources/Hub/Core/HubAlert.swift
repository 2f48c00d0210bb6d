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

    /// EVE's order: 1 is worst. What wants a letter and not a run is not told like a blind sensor.
    var severity: Int { self == .authorisationEnds ? 3 : 1 }
  }

  private struct Line: Encodable {
    struct Alert: Encodable {
      let action = "allowed"
      let gid: UInt32
      let sid: UInt32
      let rev = 1
      let signature: String
      let category = "Vigil itself"
      let severity: Int
      enum CodingKeys: String, CodingKey {
        case action, gid, rev, signature, category, severity
        case sid = "signature_id"
      }
    }
    let timestamp: String
    let eventType = "alert"
    let host: String
    let alert: Alert
    enum CodingKeys: String, CodingKey {
      case timestamp, host, alert
      case eventType = "event_type"
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
}

import Records
import Wire

extension Model {
  /// Where the officer is.
  enum Place: Hashable, Sendable {
    case screen(String)
    case row(Int64)
    /// One alert of a row.
    case alert(row: Int64, AlertName)
    case site(String)
    case organisation(String)
    case incident(String)
    case notice(Int64)
    case shift(Int64)
    case help
  }
}

/// An alert among those of its row: the hub gives it no number.
struct AlertName: Hashable, Sendable {
  var time: Timestamp
  var flow: UInt64
  var rule: String

  init(_ alert: AlertRecord) {
    time = alert.timestamp
    flow = alert.flowID
    rule = alert.signature.id
  }
}

extension Model.Place {
  /// What tasks and the audit call it: `notice/17`, `queue/4`, `site/tax.example.gov`; nil for what has no detail.
  init?(subject: String) {
    let words = subject.split(separator: "/", maxSplits: 2).map(String.init)
    guard words.count > 1 else { return nil }
    let number = Int64(words[1])
    switch words[0] {
    case "queue", "finding", "findings":
      guard let number else { return nil }
      self = .row(number)
    case "notice", "notices":
      guard let number else { return nil }
      self = .notice(number)
    case "incident", "incidents": self = .incident(words[1])
    case "site", "sites": self = .site(words[1])
    case "organisation", "contact": self = .organisation(words[1])
    default: return nil
    }
  }

  var isDetail: Bool {
    switch self {
    case .screen, .help: false
    case .row, .alert, .site, .organisation, .incident, .notice, .shift: true
    }
  }
}

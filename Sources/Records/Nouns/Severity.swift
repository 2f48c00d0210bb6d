/// How bad it is, the same scale for both wings. Ordered: `.info < .critical`.
package enum Severity: String, Codable, Sendable, CaseIterable, Comparable {
  case info, low, medium, high, critical

  /// 0 (info) to 4 (critical): what the store sorts by.
  package var rank: Int {
    switch self {
    case .info: 0
    case .low: 1
    case .medium: 2
    case .high: 3
    case .critical: 4
    }
  }
  package init(rank: Int) { self = Severity.allCases[min(max(rank, 0), 4)] }

  /// EVE's `alert.severity` (1 is the worst), raised to critical where the rule's metadata says so
  /// (`signature_severity Critical`, as the Emerging Threats rules have it).
  package init(eve: Int, signatureSeverity: String? = nil) {
    switch eve {
    case _ where signatureSeverity == "Critical": self = .critical
    case ...1: self = .high
    case 2: self = .medium
    case 3: self = .low
    default: self = .info
    }
  }

  package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

  package var title: BilingualText {
    switch self {
    case .critical: BilingualText(en: "critical", zh: "严重")
    case .high: BilingualText(en: "high", zh: "高危")
    case .medium: BilingualText(en: "medium", zh: "中危")
    case .low: BilingualText(en: "low", zh: "低危")
    case .info: BilingualText(en: "info", zh: "提示")
    }
  }
}

/// What came of an attack, judged from the response; the first column that a watch officer looks at. Ordered by
/// how much it asks of the watch.
package enum Outcome: String, Codable, Sendable, CaseIterable, Comparable {
  case failed, notDetermined, attempted, succeeded, compromised

  package var rank: Int {
    switch self {
    case .failed: 0
    case .notDetermined: 1
    case .attempted: 2
    case .succeeded: 3
    case .compromised: 4
    }
  }
  package init(rank: Int) { self = Outcome.allCases[min(max(rank, 0), 4)] }
  package static func < (a: Outcome, b: Outcome) -> Bool { a.rank < b.rank }
}

/// Which wing saw it: the sensor on the wire, or the scanner asking.
package enum Wing: String, Codable, Sendable, CaseIterable { case sensor, scanner }

/// A text in the two languages of the watch.
package struct BilingualText: Codable, Sendable, Hashable {
  package var en: String
  package var zh: String
  package init(en: String, zh: String) {
    self.en = en
    self.zh = zh
  }
  /// One text for both, where there is no translation (a rule's message).
  package init(_ text: String) { self.init(en: text, zh: text) }

  private enum CodingKeys: CodingKey { case en, zh }

  /// A plain string is one text for both: what was kept before it had two.
  package init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: CodingKeys.self) {
      self.init(en: try container.decode(String.self, forKey: .en), zh: try container.decode(String.self, forKey: .zh))
    } else {
      self.init(try decoder.singleValueContainer().decode(String.self))
    }
  }

  package subscript(language: TextLanguage) -> String { language == .zh ? zh : en }
}

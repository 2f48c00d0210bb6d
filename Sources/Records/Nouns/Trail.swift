package import Wire

/// One moment of a site's trail: findings before, alerts during, retests after (事前 事中 事后) on one line of time.
package struct TrailLine: Codable, Sendable, Hashable {
  package enum Phase: String, Codable, Sendable, CaseIterable {
    case before, during, after
    package var title: BilingualText {
      switch self {
      case .before: BilingualText(en: "before", zh: "事前")
      case .during: BilingualText(en: "during", zh: "事中")
      case .after: BilingualText(en: "after", zh: "事后")
      }
    }
  }
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// A weakness was seen first, again after it was gone, otherwise than before, or seen to be gone.
    case opened, returned, changed, verified
    /// A person decided that it takes no points: accepted, no weakness, or an alert row closed.
    case settled
    /// The first alert of a row, and its last.
    case attacked, lastAttack
    /// What a person did to a row.
    case act
    /// The first test of the site.
    case tested
    /// An incident that the site is in: opened, a step, its level.
    case incident

    package var title: BilingualText {
      switch self {
      case .opened: BilingualText(en: "found", zh: "发现")
      case .returned: BilingualText(en: "found again", zh: "复现")
      case .changed: BilingualText(en: "changed", zh: "变化")
      case .verified: BilingualText(en: "gone", zh: "已消除")
      case .settled: BilingualText(en: "settled", zh: "已处置")
      case .attacked: BilingualText(en: "attacked", zh: "遭攻击")
      case .lastAttack: BilingualText(en: "last attack", zh: "最近攻击")
      case .act: BilingualText(en: "act", zh: "处置动作")
      case .tested: BilingualText(en: "tested", zh: "首次检测")
      case .incident: BilingualText(en: "incident", zh: "安全事件")
      }
    }
  }
  package var time: Timestamp
  package var phase: Phase
  package var kind: Kind
  /// Nil where it is about no row.
  package var row: Int64?
  package var severity: Severity?
  package var text: BilingualText
  package init(
    time: Timestamp, phase: Phase = .before, kind: Kind, row: Int64? = nil, severity: Severity? = nil,
    text: BilingualText
  ) {
    self.time = time
    self.phase = phase
    self.kind = kind
    self.row = row
    self.severity = severity
    self.text = text
  }
}

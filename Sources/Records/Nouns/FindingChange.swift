/// What became of a finding between two looks: the words of `vigil findings diff` and of `vigil scan --diff`.
package enum FindingChange: String, Codable, Sendable, CaseIterable, Comparable {
  /// Never seen before.
  case new
  /// Seen before, gone in between.
  case back
  /// There before and now, with other evidence or another severity.
  case changed
  case gone

  private var rank: Int { FindingChange.allCases.firstIndex(of: self) ?? 0 }
  package static func < (a: FindingChange, b: FindingChange) -> Bool { a.rank < b.rank }

  package var title: BilingualText {
    switch self {
    case .new: BilingualText(en: "new", zh: "新增")
    case .back: BilingualText(en: "back", zh: "复现")
    case .changed: BilingualText(en: "changed", zh: "变化")
    case .gone: BilingualText(en: "gone", zh: "消失")
    }
  }

  /// How a finding stood at one look that did see.
  package enum Sight: Sendable, Hashable {
    case never
    case gone
    case present(severity: Severity, evidence: String?)
  }

  /// Nil where nothing changed. Who did not look has no sight, and must not ask: not covered is never gone.
  package static func between(_ before: Sight, _ after: Sight) -> FindingChange? {
    switch (before, after) {
    case (.never, .present): return .new
    case (.gone, .present): return .back
    case (.present, .gone): return .gone
    case (.present(let severity, let evidence), .present(let other, let text)):
      let isOther = if let evidence, let text { evidence != text } else { false }
      return severity != other || isOther ? .changed : nil
    default: return nil
    }
  }
}

package import Records

/// One difference between a baseline and what is seen now.
package struct ScanChange: Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable, Comparable {
    /// Never seen before.
    case new
    /// Seen before, gone in between.
    case back
    /// There before and now, with other evidence or another severity.
    case changed
    case gone

    private var rank: Int { Kind.allCases.firstIndex(of: self) ?? 0 }
    package static func < (a: Kind, b: Kind) -> Bool { a.rank < b.rank }
  }

  package var kind: Kind
  package var key: FindingKey
  package var severity: Severity
  package var evidence: String
  /// The evidence of the baseline, of a finding that changed.
  package var before: String?
}

package struct ScanComparison: Sendable {
  /// Worst first within a kind, kinds in the order of `ScanChange.Kind`.
  package let changes: [ScanChange]
  /// There before and now, unchanged.
  package let same: Int
  /// There before, and now not asked or not determined: neither gone nor confirmed.
  package let unknown: [FindingKey: String]

  /// Without a baseline everything found is new.
  package init(_ baseline: ScanBaseline?, _ seen: [SeenTarget]) {
    let known = Dictionary(
      (baseline?.findings ?? []).map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var changes: [ScanChange] = []
    var same = 0
    var unknown: [FindingKey: String] = [:]
    for target in seen {
      for (key, observation) in target.found {
        if let change = ScanComparison.change(key, observation, known[key]) {
          changes.append(change)
        } else {
          same += 1
        }
      }
    }
    let fates = Dictionary(seen.map { ($0.key, $0.fates) }, uniquingKeysWith: { first, _ in first })
    for (key, finding) in known where finding.state == .present {
      guard let fate = fates[key.target]?(key) else { continue }
      switch fate {
      case .present: break
      case .gone:
        changes.append(ScanChange(kind: .gone, key: key, severity: finding.severity, evidence: finding.evidence))
      case .unknown(let reason): unknown[key] = reason
      }
    }
    self.changes = changes.sorted {
      ($0.kind, $1.severity, $0.key) < ($1.kind, $0.severity, $1.key)
    }
    self.same = same
    self.unknown = unknown
  }

  private static func change(
    _ key: FindingKey, _ now: Observation, _ before: ScanBaseline.Finding?
  ) -> ScanChange? {
    var change = ScanChange(kind: .new, key: key, severity: now.severity, evidence: now.evidence)
    guard let before else { return change }
    if before.state == .gone {
      change.kind = .back
      return change
    }
    guard before.evidence != now.evidence || before.severity != now.severity else { return nil }
    change.kind = .changed
    change.before = before.evidence
    return change
  }

  /// What `--fail-on` counts: what is there now and was not there when the baseline was written.
  package var worstNew: Severity? {
    changes.filter { $0.kind == .new || $0.kind == .back }.map(\.severity).max()
  }
}

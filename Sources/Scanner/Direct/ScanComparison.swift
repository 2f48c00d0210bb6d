package import Records

/// One difference between a baseline and what is seen now.
package struct ScanChange: Sendable, Hashable {
  package typealias Kind = FindingChange

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
    var sight = FindingChange.Sight.never
    if let before {
      sight = before.state == .gone ? .gone : .present(severity: before.severity, evidence: before.evidence)
    }
    let after = FindingChange.Sight.present(severity: now.severity, evidence: now.evidence)
    return FindingChange.between(sight, after).map { kind in
      ScanChange(
        kind: kind, key: key, severity: now.severity, evidence: now.evidence,
        before: kind == .changed ? before?.evidence : nil)
    }
  }

  /// What `--fail-on` counts: what is there now and was not there when the baseline was written.
  package var worstNew: Severity? {
    changes.filter { $0.kind == .new || $0.kind == .back }.map(\.severity).max()
  }
}

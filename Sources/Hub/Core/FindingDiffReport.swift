internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// Shifts of the log with what was seen, as lines.
struct FindingDiffReport {
  let store: Store
  let since: Timestamp
  let until: Timestamp
  /// Site, engine, check: why it was not answered.
  let openChecks: (String, String, String) throws -> String?
  private var counts = FindingDiff.Counts()
  private var lines: [FindingDiff.Line] = []

  init(
    store: Store, since: Timestamp, until: Timestamp, openChecks: @escaping (String, String, String) throws -> String?
  ) {
    self.store = store
    self.since = since
    self.until = until
    self.openChecks = openChecks
  }

  mutating func add(_ shift: FindingDifference.Shift) throws {
    if shift.isSettled {
      counts.settled += 1
      try append(shift) { line, finding in line.settled = finding.state }
    } else if shift.isOpenAtBothEnds {
      try compare(shift)
    } else if let change = shift.change {
      count(change)
      try append(shift) { line, finding in (line.change, line.evidence) = (change, finding.evidence) }
    } else if shift.isPassing {
      counts.passing += 1
    }
  }

  /// Open at both ends: changed, the same, or nobody has looked.
  private mutating func compare(_ shift: FindingDifference.Shift) throws {
    let sights = try store.sights(of: shift.after.id, since: since, until: until)
    guard sights.looked != nil else {
      counts.notCovered += 1
      let reason = try reason(shift)
      return try append(shift) { line, _ in line.notCovered = reason }
    }
    let (before, after) = (sights.before?.evidence, sights.after?.evidence)
    let change = FindingChange.between(
      .present(severity: shift.before?.severity ?? shift.after.severity, evidence: before),
      .present(severity: shift.after.severity, evidence: after))
    guard let change else {
      counts.same += 1
      return
    }
    count(change)
    try append(shift) { line, _ in
      line.change = change
      (line.severityBefore, line.evidence, line.evidenceBefore) = (shift.before?.severity, after ?? "", before)
    }
  }

  private mutating func count(_ change: FindingChange) {
    switch change {
    case .new: counts.new += 1
    case .back: counts.back += 1
    case .changed: counts.changed += 1
    case .gone: counts.gone += 1
    }
  }

  /// In the words of those who were asked, else how long it was not looked at.
  private func reason(_ shift: FindingDifference.Shift) throws -> String {
    guard let finding = try store.findings([shift.after.id]).first else { return "the row is gone" }
    let told = finding.answers.filter(\.hasAffirmed).sorted { $0.time > $1.time }
    for answer in told {
      if case .notDetermined(let reason) = answer.answer, answer.time > since { return "\(answer.engine): \(reason)" }
      if let reason = try openChecks(answer.place, answer.engine, finding.weakness) { return reason }
    }
    return "not looked at since \(finding.row.lastSeen.text)"
  }

  private mutating func append(
    _ shift: FindingDifference.Shift, _ change: (inout FindingDiff.Line, Finding) -> Void
  ) throws {
    let row = shift.after
    guard let finding = try store.findings([row.id], answers: 0).first else { return }
    var line = FindingDiff.Line(
      id: row.id, check: row.check, title: finding.row.title, severity: row.severity,
      site: row.platform == nil ? row.site : nil, platform: row.platform)
    change(&line, finding)
    lines.append(line)
  }

  func diff(begins: Timestamp?, limit: Int) -> FindingDiff {
    func rank(_ line: FindingDiff.Line) -> Int {
      line.change.flatMap { FindingChange.allCases.firstIndex(of: $0) } ?? (line.notCovered == nil ? 11 : 10)
    }
    let sorted = lines.sorted { (rank($0), $1.severity, $0.id) < (rank($1), $0.severity, $1.id) }
    return FindingDiff(since: since, until: until, begins: begins, counts: counts, lines: Array(sorted.prefix(limit)))
  }
}

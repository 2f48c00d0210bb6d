package import Records

/// A site's trail out of its lines of the posture log, its rows and what people did to them.
package enum Trail {
  /// In the order of time. *During* is from the first alert to the last: what lies before is what an attacker found,
  /// what lies after is what was done about it. Without an alert all is *before*.
  package static func lines(
    events: [PostureEvent], rows: [QueueRow], acts: [(row: Int64, entry: AuditEntry)],
    incidents: [(line: IncidentLine, isDrill: Bool)] = []
  ) -> [TrailLine] {
    let titles = Dictionary(rows.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
    var lines = changes(events, titles)
    for row in rows where row.wing == .sensor { lines += attacks(row) }
    for (row, entry) in acts {
      lines.append(
        TrailLine(
          time: entry.time, kind: .act, row: row, text: BilingualText("\(entry.act), \(entry.actor.name)")))
    }
    lines += incidents.map { incident($0, isDrill: $1) }
    lines.sort { ($0.time, $0.row ?? 0, $0.kind.rawValue) < ($1.time, $1.row ?? 0, $1.kind.rawValue) }
    return phased(lines)
  }

  private static func changes(_ events: [PostureEvent], _ titles: [Int64: BilingualText]) -> [TrailLine] {
    var known: [Int64: PostureEvent.Row] = [:]
    return events.compactMap { event in
      switch event.change {
      case .tested(let site): return TrailLine(time: event.time, kind: .tested, text: BilingualText(site))
      case .row(let row):
        let kind = kind(of: row, after: known.updateValue(row, forKey: row.id))
        // The beginning of an alert row is told by the traffic's own clock.
        guard let kind, row.wing == .scanner || kind == .settled else { return nil }
        return TrailLine(
          time: event.time, kind: kind, row: row.id, severity: row.severity,
          text: titles[row.id] ?? BilingualText(row.check))
      case .site, .organisation, .platform, .removed, .deadline, .exclusion, .rating: return nil
      }
    }
  }

  private static func kind(of row: PostureEvent.Row, after old: PostureEvent.Row?) -> TrailLine.Kind? {
    guard let old else { return row.isOpen ? .opened : row.isVerified ? .verified : .settled }
    if row.isOpen { return old.isOpen ? (row.severity == old.severity ? nil : .changed) : .returned }
    return old.isOpen || row.isVerified != old.isVerified ? (row.isVerified ? .verified : .settled) : nil
  }

  private static func attacks(_ row: QueueRow) -> [TrailLine] {
    let first = TrailLine(
      time: row.firstSeen, kind: .attacked, row: row.id, severity: row.severity, text: row.title)
    guard row.count > 1, row.lastSeen > row.firstSeen else { return [first] }
    var last = first
    (last.time, last.kind) = (row.lastSeen, .lastAttack)
    last.text = BilingualText(en: "\(row.title.en) (\(row.count) times)", zh: "\(row.title.zh)（\(row.count) 次）")
    return [first, last]
  }

  private static func incident(_ line: IncidentLine, isDrill: Bool) -> TrailLine {
    let drill = isDrill ? BilingualText(en: " (drill)", zh: "（演练）") : BilingualText("")
    return TrailLine(
      time: line.time, kind: .incident,
      text: BilingualText(
        en: "\(line.incident)\(drill.en) \(line.kind.title.en): \(line.text)",
        zh: "\(line.incident)\(drill.zh) \(line.kind.title.zh)：\(line.text)"))
  }

  private static func phased(_ lines: [TrailLine]) -> [TrailLine] {
    let attacks = lines.filter { $0.kind == .attacked || $0.kind == .lastAttack }.map(\.time)
    guard let first = attacks.min(), let last = attacks.max() else { return lines }
    return lines.map { line in
      var line = line
      line.phase = line.time < first ? .before : line.time <= last ? .during : .after
      return line
    }
  }
}

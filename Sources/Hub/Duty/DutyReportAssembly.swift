internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// A report of the duty out of what is kept. Made beside the hub's own work: a long span has many rows.
struct DutyReportAssembly: Sendable {
  let store: Store
  let zone: CivilZone
  let clocks: DutyClocks
  let sources: DutySources
  let now: Timestamp
  let inventory: [Site]
  let unauthorised: Set<String>
  let stopped: Set<String>
  /// Whether anything captures, or should.
  let hasSensor: Bool

  func report(
    _ kind: DutyReport.Kind, from: Timestamp, until: Timestamp, period: String?, unticked: [BilingualText] = []
  ) throws -> DutyReport {
    let rows = try store.dutyRows(from: from, until: until)
    let events = rows.worst.filter(ZeroReport.isEvent).map(\.id)
    let unsettled = rows.worst.filter(ZeroReport.isUnsettled).map(\.id)
    let tested = try testedSites(since: from)
    let blind = try blindness(from, until, tested)
    let pages = try store.pages(from: from, until: until).filter { !$0.page.isDrill && $0.isSent }
    return DutyReport(
      kind: kind, from: from, until: until, made: now, zone: zone.name, period: period,
      verdict: kind == .zero ? ZeroReport.verdict(events: events, unsettled: unsettled, blind: blind) : nil,
      rows: rows.counts, events: events, unsettled: unsettled,
      acknowledged: AnswerMath.statistics(try store.answers(from: from, until: until), clocks: clocks),
      pages: pages.count { $0.page.reason != .digest }, digests: pages.count { $0.page.reason == .digest },
      shifts: try store.shifts(from: from, until: until).reversed().map(withoutNote), blind: blind,
      sites: inventory.count, sitesTested: tested.count, incidents: try sources.incidentCount?(from, until),
      notices: try sources.noticeCount?(from, until), unticked: unticked)
  }

  private func withoutNote(_ shift: Shift) -> Shift {
    var shift = shift
    shift.note = nil
    return shift
  }

  /// Sites that some engine tested since then. Only the last test is kept: of a day long past it says less.
  private func testedSites(since from: Timestamp) throws -> Set<String> {
    let known = Set(inventory.map(\.id))
    return Set(
      try store.coverage().filter { $0.tested.map { $0 >= from } ?? false && known.contains($0.site) }.map(\.site))
  }

  // MARK: blindness

  private func blindness(_ from: Timestamp, _ until: Timestamp, _ tested: Set<String>) throws -> [BlindSpan] {
    var spans = try store.blindness(from: from, until: until, now: min(now, until))
    if !hasSensor {
      spans.append(
        BlindSpan(
          cause: .noSensor, source: "network", from: from, until: until, reason: "no sensor watches the network"))
    }
    if let begin = try store.document(Timestamp.self, kind: "duty", id: "begin"), begin > from {
      spans.append(
        BlindSpan(
          cause: .hub, source: "hub", from: from, until: begin, reason: "the duty was not kept here yet"))
    }
    return ZeroReport.cut(spans, from: from, until: until) + uncovered(from, until, tested)
  }

  private func uncovered(_ from: Timestamp, _ until: Timestamp, _ tested: Set<String>) -> [BlindSpan] {
    let missed = inventory.map(\.id).filter { !tested.contains($0) }
    let groups = Dictionary(grouping: missed) { site in
      unauthorised.contains(site)
        ? "no valid authorisation" : stopped.contains(site) ? "scans are stopped" : "not looked at"
    }
    return groups.sorted { $0.key < $1.key }.map { reason, sites in
      BlindSpan(
        cause: .coverage, source: "sites", from: from, until: until, reason: reason,
        sites: Array(sites.sorted().prefix(BlindSpan.mostSites)), siteCount: sites.count)
    }
  }
}

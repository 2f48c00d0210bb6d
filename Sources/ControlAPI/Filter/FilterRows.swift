package import Records
package import Wire

extension QueueItem: FilterRow {
  package func filterValues(_ field: String) -> [FilterValue] {
    switch field {
    case "severity": [.rank(row.severity.rank)]
    case "state": [.text(row.triage.state.rawValue)]
    case "outcome": [.text(row.outcome.rawValue)]
    case "wing": [.text(row.wing.rawValue)]
    case "site": [.text(row.site ?? "")]
    case "organisation": [.text(row.organisation ?? "")]
    case "subject": [.text(row.subject)]
    case "rule": ruleNames.map(FilterValue.text)
    case "check": [.text(row.check)]
    case "who": [.text(row.triage.assignee ?? "")]
    case "count": [.number(Double(row.count))]
    case "since": [.time(row.lastSeen)]
    case "first": [.time(row.firstSeen)]
    case "open": [.flag(row.triage.isOpen)]
    case "verdict": row.triage.verdict.map { [.text($0.rawValue)] } ?? []
    case "life": row.findingState.map { [.text($0.rawValue)] } ?? []
    case "id": [.number(Double(row.id))]
    case "incident": [.text(row.incident ?? "")]
    case "place": [.text(row.place.rawValue)]
    case "own": [.flag(row.place == .own)]
    case "hidden": row.hiddenBy.map { [.text($0)] } ?? []
    case "gathers": row.gathering.map { [.text($0.axis.rawValue)] } ?? []
    case "under": row.parent.map { [.number(Double($0))] } ?? []
    case "judged": row.triage.judged.map { [.text($0.by)] } ?? []
    default: []
    }
  }
  private var ruleNames: [String] {
    [row.check, row.check.afterColon, row.title.en, row.title.zh]
  }
  package var filterTexts: [String] {
    [row.title.en, row.title.zh, row.subject, row.site ?? "", row.organisation ?? "", row.check]
  }

  /// The same with the time known, for `overdue`.
  package func at(_ now: Timestamp) -> TimedQueueItem { TimedQueueItem(item: self, now: now) }
}

extension String {
  /// The sid of `gid:sid`; the whole where there is no colon.
  fileprivate var afterColon: String { firstIndex(of: ":").map { String(self[index(after: $0)...]) } ?? self }
}

/// A row of the queue as a list's filter sees it.
package struct FacetedQueueItem: FilterRow {
  let row: TimedQueueItem
  let facets: AlertFacets?
  package init(_ row: TimedQueueItem, _ facets: AlertFacets?) {
    self.row = row
    self.facets = facets
  }
  package func filterValues(_ field: String) -> [FilterValue] {
    let facet: Facet? =
      switch field {
      case "source": facets?.sources
      case "target": facets?.targets
      case "sensor": facets?.sensors
      case "url": facets?.urls
      default: nil
      }
    guard let facet else { return row.filterValues(field) }
    return facet.entries.map { .text($0.value) }
  }
  package var filterTexts: [String] { row.filterTexts }
}

package struct TimedQueueItem: FilterRow {
  let item: QueueItem
  let now: Timestamp
  package func filterValues(_ field: String) -> [FilterValue] {
    guard field == "overdue" else { return item.filterValues(field) }
    return [.flag(item.due.map { $0 < now } ?? false)]
  }
  package var filterTexts: [String] { item.filterTexts }
}

/// A finding as a list's filter sees it.
package struct TimedFinding: FilterRow {
  let item: FindingItem
  let row: TimedQueueItem
  package init(_ item: FindingItem, _ row: TimedQueueItem) {
    self.item = item
    self.row = row
  }
  package func filterValues(_ field: String) -> [FilterValue] {
    switch field {
    case "engine":
      Set(item.finding.answers.map(\.engine)).union(item.finding.engines.keys).sorted().map(FilterValue.text)
    case "disagree": [.flag(item.disagrees)]
    case "confidence": [.number(Double(item.confidence))]
    case "platform": [.text(item.finding.row.platform ?? "")]
    case "sites": [.number(Double(item.finding.showing))]
    case "site":
      row.filterValues(field) + Set(item.finding.answers.filter { $0.holds == true }.map(\.place)).map(FilterValue.text)
    default: row.filterValues(field)
    }
  }
  package var filterTexts: [String] { row.filterTexts + [item.finding.evidence] }
}

extension SiteItem: FilterRow {
  package func filterValues(_ field: String) -> [FilterValue] {
    switch field {
    case "site": [.text(site.id)]
    case "organisation": [.text(site.organisation ?? "")]
    case "host": [.text(site.host)]
    case "tag": site.tags.map(FilterValue.text)
    case "criticality": [.rank(Criticality.allCases.firstIndex(of: site.criticality) ?? 0)]
    case "worst": cell.worst.map { [.rank($0.rank)] } ?? []
    case "score": cell.score.map { [.number(Double($0))] } ?? []
    case "findings": [.number(Double(cell.openFindings))]
    case "alerts": [.number(Double(cell.openAlerts))]
    case "authorised": [.flag(isAuthorised)]
    case "tested": lastTested.map { [.time($0)] } ?? []
    default: []
    }
  }
  package var filterTexts: [String] {
    [site.id, site.host, site.url, organisation?.en ?? "", organisation?.zh ?? ""] + site.tags
  }
}

extension AuditEntry: FilterRow {
  package func filterValues(_ field: String) -> [FilterValue] {
    switch field {
    case "who": [.text(actor.name)]
    case "act": [.text(act)]
    case "on": [.text(subject)]
    case "since": [.time(time)]
    default: []
    }
  }
  package var filterTexts: [String] { [actor.name, act, subject, before ?? "", after ?? ""] }
}

extension AlertRecord: FilterRow {
  package func filterValues(_ field: String) -> [FilterValue] {
    switch field {
    case "since": [.time(timestamp)]
    case "source": [.text(source?.description ?? "")]
    case "destination": [.text(destination?.description ?? "")]
    case "port": [.number(Double(destinationPort))]
    case "sensor": [.text(context.sensor ?? "")]
    case "host": [.text(requestedHost ?? "")]
    case "url": [.text(context.url ?? "")]
    case "method": [.text(context.method ?? "")]
    case "status": context.status.map { [.number(Double($0))] } ?? []
    case "rule": [.text(signature.id), .text(signature.message)]
    default: []
    }
  }
  package var filterTexts: [String] {
    [signature.message, requestedHost ?? "", context.url ?? "", source?.description ?? ""]
  }
}

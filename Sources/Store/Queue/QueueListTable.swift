internal import GRDB
internal import Records
internal import Wire

/// By when a new row must be acknowledged, for `overdue` and the order by `due`: as the duty's clocks have it, which know
/// when it came to the hub and in which guard period; the watch's clocks say it of rows that the duty does not have.
package struct QueueClocks: Sendable, Hashable {
  package var criticalNanoseconds: Int64
  package var highNanoseconds: Int64
  package init(criticalSeconds: Double, highSeconds: Double) {
    criticalNanoseconds = Int64(min(max(criticalSeconds, 0), 1e9) * 1e9)
    highNanoseconds = Int64(min(max(highSeconds, 0), 1e9) * 1e9)
  }

  private static let runs = "state = 'new' AND severity >= 3 AND incident IS NULL"

  private var moment: String {
    """
    coalesce((SELECT due FROM dutyDue WHERE dutyDue.row = queueRow.id), coalesce(changedAt, firstSeen)
      + CASE severity WHEN 4 THEN \(criticalNanoseconds) ELSE \(highNanoseconds) END)
    """
  }

  func overdue(_ now: Timestamp) -> String { "\(QueueClocks.runs) AND \(moment) < \(now.nanoseconds)" }

  fileprivate var due: String {
    "CASE WHEN \(QueueClocks.runs) THEN \(moment) ELSE 9223372036854775807 END"
  }
}

extension ListTable {
  /// What a row of either wing says by itself.
  private static func rowColumns(_ clocks: QueueClocks, _ now: Timestamp) -> [String: Column] {
    [
      "severity": .number("severity"),
      "state": .names("state", names(of: TriageState.self, \.rawValue)),
      "outcome": .names("outcome", names(of: Outcome.self, \.rank)),
      "wing": .names("wing", names(of: Wing.self, \.rawValue)),
      "site": .text(["site"]), "organisation": .text(["organisation"]), "subject": .text(["subject"]),
      "rule": .text(["checkName", "substr(checkName, instr(checkName, ':') + 1)", "titleEn", "titleZh"]),
      "check": .text(["checkName"]), "who": .text(["assignee"]), "count": .number("count"),
      "since": .time("lastSeen"), "first": .time("firstSeen"), "overdue": .flag(clocks.overdue(now)),
      "open": .flag("state <> 'closed'"),
      "verdict": .names("verdict", names(of: Verdict.self, \.rawValue)),
      "life": .names("findingState", names(of: FindingState.self, \.rawValue)),
      "id": .number("id"), "incident": .text(["incident"]),
      "place": .names("place", names(of: RowPlace.self, \.rawValue)), "own": .flag("place = 'own'"),
      "hidden": .optional("hiddenBy"), "gathers": .names("gathering", names(of: GatherAxis.self, \.rawValue)),
      "under": .number("parent"), "judged": .optional("json_extract(judged, '$.by')"),
    ]
  }

  private static let rowTexts = ["titleEn", "titleZh", "subject", "site", "organisation", "checkName"]

  private static func rowSorts(_ clocks: QueueClocks) -> [String: String] {
    [
      "severity": "severity", "outcome": "outcome", "due": clocks.due, "site": "coalesce(site, subject)",
      "rule": "titleEn", "count": "count", "last": "lastSeen", "first": "firstSeen",
      "who": "coalesce(assignee, '')", "state": "state", "id": "id",
    ]
  }

  private static let urgency = ["severity", "outcome", "last", "id"].map { SortKey($0, isDescending: true) }

  private static func facet(_ name: String) -> Column {
    .each(
      own: [],
      [
        Lines(
          from: "json_each(queueRow.body, '$.facets.\(name).entries') AS facet",
          value: "json_extract(facet.value, '$.value')", condition: "queueRow.wing = 'sensor'")
      ])
  }

  static func queue(_ clocks: QueueClocks, now: Timestamp) -> ListTable {
    var columns = rowColumns(clocks, now)
    columns["source"] = facet("sources")
    columns["target"] = facet("targets")
    columns["sensor"] = facet("sensors")
    columns["url"] = facet("urls")
    return ListTable(
      name: "queueRow", columns: columns, texts: rowTexts, sorts: rowSorts(clocks), usual: urgency, identity: "id",
      within: Store.rows)
  }

  /// Of rows whose wing is the scanner's.
  static func findings(_ clocks: QueueClocks, now: Timestamp) -> ListTable {
    var columns = rowColumns(clocks, now)
    columns["site"] = .each(
      own: ["site"],
      [Lines(from: "answer", value: "answer.place", condition: "answer.row = queueRow.id AND answer.holds = 1")])
    columns["engine"] = .each(
      own: [],
      [
        Lines(from: "answer", value: "answer.engine", condition: "answer.row = queueRow.id"),
        Lines(from: "json_each(queueRow.body, '$.engines') AS engine", value: "engine.key", condition: nil),
      ])
    columns["disagree"] = .flag("ifnull(json_extract(body, '$.disputed'), 0) > 0")
    columns["sites"] = .number("json_extract(body, '$.showing')")
    columns["confidence"] = .number(
      "\(FindingConfidence.name)(json_extract(body, '$.engines'), json_extract(body, '$.standing'))")
    columns["platform"] = .text(["platform"])
    return ListTable(
      name: "queueRow", columns: columns, texts: rowTexts + ["json_extract(body, '$.evidence')"],
      sorts: rowSorts(clocks), usual: urgency, identity: "id", within: Store.rows)
  }

  /// The kept counts of `groupCount`, asked with the same words: a filter of these fields only needs no row.
  static var cells: ListTable {
    let columns = rowColumns(QueueClocks(criticalSeconds: 0, highSeconds: 0), Timestamp(nanoseconds: 0))
      .filter { cellFields.contains($0.key) }
    return ListTable(
      name: "groupCount", columns: columns, texts: [], sorts: [:], usual: [], identity: "count",
      // They know of no sites: who sees a part of the city is answered from rows.
      within: { _ in ("0", []) })
  }
  static let cellFields: Set<String> = ["severity", "state", "wing", "open", "place", "own"]

  static let audit = ListTable(
    name: "audit",
    columns: ["who": .text(["actor"]), "act": .text(["act"]), "on": .text(["subject"]), "since": .time("time")],
    texts: ["actor", "act", "subject", "before", "after"], sorts: ["id": "id", "time": "time"],
    usual: [SortKey("id", isDescending: true)], identity: "id", within: Store.audit)
}

/// `Finding.confidence`, as a function of SQL: only where a filter asks for it.
enum FindingConfidence {
  static let name = "findingConfidence"
  static let function = DatabaseFunction(name, argumentCount: 2, pure: true) { values in
    guard let text = String.fromDatabaseValue(values[0]),
      let engines = try? RecordJSON.decode([String: Int].self, from: text)
    else { return nil }
    let standing = String.fromDatabaseValue(values[1]).flatMap { try? RecordJSON.decode([String: Int].self, from: $0) }
    return Finding.confidence(engines: engines, standing: standing ?? [:])
  }
}

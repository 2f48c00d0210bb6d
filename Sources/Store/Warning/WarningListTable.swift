internal import GRDB
package import Records
internal import Wire

/// Notices and what came to us as lists ask about them: what has no column of its own is read out of their JSON.
extension ListTable {
  private static func value(_ path: String) -> String { "json_extract(json, '$.\(path)')" }

  /// The place of a name in an order of names.
  private static func rank(_ path: String, _ names: [String]) -> String {
    let places = names.enumerated().map { "WHEN '\($1)' THEN \($0)" }.joined(separator: " ")
    return "CASE \(value(path)) \(places) END"
  }

  private static func each(_ list: String) -> Lines {
    Lines(from: "json_each(notice.json, '$.\(list)') AS entry", value: "entry.value", condition: nil)
  }

  /// `Notice.due`.
  private static let noticeDue = """
    CASE WHEN state IN ('sent', 'received') THEN \(value("answerDue"))
      WHEN state = 'feedback' THEN coalesce(\(value("fixDue")), \(value("answerDue"))) END
    """
  private static let never = Int64.max

  static func notices(now: Timestamp) -> ListTable {
    let due = MomentOfText.call(noticeDue)
    let severity = rank("severity", Severity.allCases.map(\.rawValue))
    return ListTable(
      name: "notice",
      columns: [
        "state": .names("state", names(of: NoticeState.self, \.rawValue)),
        "kind": .names("kind", names(of: NoticeKind.self, \.rawValue)),
        "colour": .number(rank("colour", WarningColour.allCases.map(\.rawValue))), "severity": .number(severity),
        "organisation": .text(["organisation"]), "site": .each(own: [], [each("sites")]), "number": .text(["number"]),
        "finding": .numbers(each("findings")), "who": .text([value("author"), value("approver")]),
        "open": .flag("isOpen"), "overdue": .flag("ifnull(\(due) <= \(now.nanoseconds), 0)"),
        "supervision": .number(value("supervision")), "since": .time("created"),
        "drill": .flag("ifnull(\(value("isDrill")), 0)"), "id": .number("id"),
      ],
      // No text has the character that stands between sites: none is found over the end of one.
      texts: ["title.en", "title.zh", "advice"].map(value) + [
        "organisation", "number", "(SELECT group_concat(value, char(31)) FROM json_each(notice.json, '$.sites'))",
      ],
      sorts: [
        "id": "id", "since": "created", "severity": severity, "state": "state", "organisation": "organisation",
        "due": "ifnull(\(due), \(never))",
      ], usual: [SortKey("id", isDescending: true)], identity: "id", within: Store.notices)
  }

  static func intakes(now: Timestamp) -> ListTable {
    let received = MomentOfText.call(value("received"))
    return ListTable(
      name: "intake",
      columns: [
        "state": .names("state", names(of: Intake.State.self, \.rawValue)),
        "source": .names(value("source"), names(of: Intake.Source.self, \.rawValue)),
        "organisation": .text([value("organisation")]), "site": .text([value("site")]),
        "number": .text([value("senderNumber")]), "who": .text([value("assignee")]),
        "rating": .names(value("rating"), names(of: Intake.Rating.self, \.rawValue)),
        "overdue": .flag("state = 'open' AND due < \(now.nanoseconds)"), "since": .time(received), "id": .number("id"),
      ], texts: ["title", "text", "sender", "senderNumber", "site", "organisation"].map(value),
      sorts: ["id": "id", "since": received, "due": "due", "state": "state"],
      usual: [SortKey("id", isDescending: true)], identity: "id", within: Store.intakes)
  }
}

/// A moment that a JSON says, in nanoseconds: its text has six decimals or nine, and does not stand in the order of time.
enum MomentOfText {
  private static let name = "momentOfText"
  static func call(_ expression: String) -> String { "\(name)(\(expression))" }
  static let function = DatabaseFunction(name, argumentCount: 1, pure: true) { values in
    String.fromDatabaseValue(values[0]).flatMap { Timestamp(text: $0) }?.nanoseconds
  }
}

extension Store {
  /// What notices and intake can be sorted by.
  package static let noticeSorts = ListTable.notices(now: Timestamp(nanoseconds: 0)).sortWords
  package static let intakeSorts = ListTable.intakes(now: Timestamp(nanoseconds: 0)).sortWords

  package func notices(_ query: ListQuery) throws(StoreError) -> ListSlice<Notice> {
    try page(.notices(now: query.now), query) { try NoticeTable.notice($0) }
  }
  package func noticeCount(_ query: ListQuery) throws(StoreError) -> ListCount? {
    try count(.notices(now: query.now), query)
  }

  package func intakes(_ query: ListQuery) throws(StoreError) -> ListSlice<Intake> {
    try page(.intakes(now: query.now), query) { try RecordJSON.decode(Intake.self, from: $0["json"] as String) }
  }
  package func intakeCount(_ query: ListQuery) throws(StoreError) -> ListCount? {
    try count(.intakes(now: query.now), query)
  }
}

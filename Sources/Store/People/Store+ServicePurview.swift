internal import GRDB
internal import Records

/// What of the services lies within a purview, as conditions on their tables. All of a thing must be hers: of a case or a
/// notice that is somebody else's in part every word may be about him.
extension Store {
  /// On `notice`: to an organisation of hers, and no row that it tells of is anybody else's today.
  @Sendable static func notices(within purview: Purview) -> Term {
    if purview.isAll { return ("1", []) }
    let own = rows(within: purview)
    let told = ["findings", "alerts"].map { list in
      """
      NOT EXISTS (SELECT 1 FROM queueRow
        WHERE id IN (SELECT value FROM json_each(notice.json, '$.\(list)')) AND (\(own.sql)) IS NOT TRUE)
      """
    }
    return (
      "(notice.organisation IN (SELECT value FROM json_each(?)) AND \(told.joined(separator: " AND ")))",
      [list(purview.organisations).databaseValue] + own.arguments + own.arguments
    )
  }

  /// On `incident`: something was ever in it, and all of that is hers. What has left stays in the words of its log.
  @Sendable static func incidents(within purview: Purview) -> Term {
    if purview.isAll { return ("1", []) }
    let own = rows(within: purview)
    let parts = "SELECT 1 FROM incidentPart WHERE incidentPart.incident = incident.id"
    return ("(EXISTS (\(parts)) AND NOT EXISTS (\(parts) AND (\(own.sql)) IS NOT TRUE))", own.arguments)
  }

  /// On `intake`: it names a site or an organisation, and whichever it names is hers.
  @Sendable static func intakes(within purview: Purview) -> Term { named(in: "intake.json", within: purview) }

  static func contacts(within purview: Purview) -> Term {
    if purview.isAll { return ("1", []) }
    return ("organisation IN (SELECT value FROM json_each(?))", [list(purview.organisations).databaseValue])
  }

  /// On `dutyTask`: what it is about is hers.
  static func tasks(within purview: Purview) -> Term {
    if purview.isAll { return ("1", []) }
    return things("dutyTask.subject", within: purview)
  }

  /// A document that names a site, an organisation or both.
  private static func named(in json: String, within purview: Purview) -> Term {
    if purview.isAll { return ("1", []) }
    let (site, organisation) = ("json_extract(\(json), '$.site')", "json_extract(\(json), '$.organisation')")
    return (
      """
      (coalesce(\(site), \(organisation)) IS NOT NULL
        AND (\(site) IS NULL OR \(site) IN (SELECT value FROM json_each(?)))
        AND (\(organisation) IS NULL OR \(organisation) IN (SELECT value FROM json_each(?))))
      """, [list(purview.sites).databaseValue, list(purview.organisations).databaseValue]
    )
  }

  /// A subject such as `notice/17` that names a thing of hers. Each is looked up by its number, for the lines that name one.
  static func things(_ subject: String, within purview: Purview) -> Term {
    let kinds: [(prefix: String, table: String, key: String, own: Term)] = [
      ("finding/", "queueRow", "queueRow.id = CAST(substr(\(subject), 9) AS INTEGER)", rows(within: purview)),
      ("notice/", "notice", "notice.id = CAST(substr(\(subject), 8) AS INTEGER)", notices(within: purview)),
      ("intake/", "intake", "intake.id = CAST(substr(\(subject), 8) AS INTEGER)", intakes(within: purview)),
      ("incident/", "incident", "incident.id = substr(\(subject), 10)", incidents(within: purview)),
      (
        "suppression/", "document", "document.kind = 'suppression' AND document.id = substr(\(subject), 13)",
        named(in: "document.json", within: purview)
      ),
      (
        "contact/", "noticeContact",
        "\(subject) = 'contact/' || noticeContact.organisation || '/' || noticeContact.address",
        contacts(within: purview)
      ),
    ]
    let terms = kinds.map { kind in
      """
      (substr(\(subject), 1, \(kind.prefix.count)) = '\(kind.prefix)'
        AND EXISTS (SELECT 1 FROM \(kind.table) WHERE \(kind.key) AND \(kind.own.sql)))
      """
    }
    return ("(\(terms.joined(separator: " OR ")))", kinds.flatMap(\.own.arguments))
  }
}

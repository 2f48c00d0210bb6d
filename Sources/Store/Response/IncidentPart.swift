internal import GRDB
internal import Records

/// Whose an incident has ever been: the sites and hostings of all that was in it. What leaves a case stays in its log, so
/// no line goes from here; where neither is named, it was a row of nobody's.
enum IncidentPart {
  static let schema = """
    CREATE TABLE incidentPart (incident TEXT NOT NULL, site TEXT, platform TEXT);
    CREATE INDEX incidentPartIncident ON incidentPart(incident, site, platform);
    INSERT INTO incidentPart SELECT DISTINCT r.incident, r.site, q.platform
      FROM incidentRow r LEFT JOIN queueRow q ON q.id = r.row;
    INSERT INTO incidentPart SELECT incident, site, NULL FROM incidentSite
      EXCEPT SELECT incident, site, platform FROM incidentPart;
    -- Sites that have left are known from the words of the log only.
    INSERT INTO incidentPart SELECT DISTINCT incident, NULL, NULL FROM incidentLog
      WHERE kind = 'removed' AND text LIKE '%site %';
    """

  static func add(_ db: Database, _ incident: String, site: String?, platform: String?) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO incidentPart SELECT ?1, ?2, ?3
          WHERE NOT EXISTS (SELECT 1 FROM incidentPart WHERE incident = ?1 AND site IS ?2 AND platform IS ?3)
        """
    ).execute(arguments: [incident, site, platform])
  }
}

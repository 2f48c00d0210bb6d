/// What a queue of ten million alerts wants beside its rows: indices for what is asked most, counters by rule and site,
/// how many alerts a row still has, and what was before a bulk act.
enum QueueMigration {
  static let schema = columns + indices + counters + bulk

  /// `alertsKept`: lines of `alert` that the row has; its `count` is of all that came.
  private static let columns = """
    ALTER TABLE queueRow ADD COLUMN alertsKept INTEGER NOT NULL DEFAULT 0;
    UPDATE queueRow SET alertsKept = (SELECT count(*) FROM alert WHERE row = queueRow.id) WHERE wing = 'sensor';

    """

  /// None of them has `lastSeen` or `count`: an alert that only counts up touches none.
  private static let indices = """
    CREATE INDEX queueRowOpenSite ON queueRow(site COLLATE NOCASE, severity) WHERE state <> 'closed';
    CREATE INDEX queueRowOpenOrganisation ON queueRow(organisation, severity) WHERE state <> 'closed';
    CREATE INDEX queueRowOpenCheck ON queueRow(checkName COLLATE NOCASE, severity) WHERE state <> 'closed';
    CREATE INDEX queueRowAssigned ON queueRow(assignee COLLATE NOCASE) WHERE assignee IS NOT NULL;
    CREATE INDEX queueRowWaiting ON queueRow(severity, coalesce(changedAt, firstSeen)) WHERE state = 'new';
    CREATE INDEX queueRowManyAlerts ON queueRow(alertsKept) WHERE alertsKept > 1000;
    CREATE INDEX auditTime ON audit(time);

    """

  private static let live = """
    ('open', 'notified', 'received', 'fixing', 'claimed', 'reopened', 'unverifiable')
    """

  private static func cell(_ row: String, _ kind: String, _ value: String) -> String {
    """
    '\(kind)', \(row).\(value), \(row).wing, \(row).severity, \(row).state, \(row).place,
      \(row).gathering IS NOT NULL, \(row).checkName LIKE '9001:%', \(isLive(row))
    """
  }

  static func isLive(_ row: String) -> String { "ifnull(\(row).findingState, 'open') IN \(live)" }

  private static let key = "kind, value, wing, severity, state, place, isGathering, isDrill, isLive"

  private static func added(_ row: String, _ kind: String, _ value: String) -> String {
    """
    INSERT INTO groupCount SELECT \(cell(row, kind, value)), 1 WHERE \(row).\(value) IS NOT NULL
      ON CONFLICT DO UPDATE SET count = count + 1;
    """
  }

  private static func removed(_ row: String, _ kind: String, _ value: String) -> String {
    """
    UPDATE groupCount SET count = count - 1 WHERE (\(key)) = (\(cell(row, kind, value)));
    """
  }

  /// Kept by the rows' own changes, as `rowCount` is; of all rows, with what lists and statistics leave out told apart.
  private static let counters = """
    CREATE TABLE groupCount (
      kind TEXT NOT NULL, value TEXT NOT NULL, wing TEXT NOT NULL, severity INTEGER NOT NULL, state TEXT NOT NULL,
      place TEXT NOT NULL, isGathering INTEGER NOT NULL, isDrill INTEGER NOT NULL, isLive INTEGER NOT NULL,
      count INTEGER NOT NULL, PRIMARY KEY (\(key))
    ) WITHOUT ROWID;
    INSERT INTO groupCount SELECT \(cell("queueRow", "rule", "checkName")), count(*) FROM queueRow
      GROUP BY 2, 3, 4, 5, 6, 7, 8, 9;
    INSERT INTO groupCount SELECT \(cell("queueRow", "site", "site")), count(*) FROM queueRow
      WHERE site IS NOT NULL GROUP BY 2, 3, 4, 5, 6, 7, 8, 9;
    CREATE TRIGGER groupAdded AFTER INSERT ON queueRow BEGIN
      \(added("NEW", "rule", "checkName"))
      \(added("NEW", "site", "site"))
    END;
    CREATE TRIGGER groupMoved AFTER UPDATE OF severity, state, findingState, site, checkName, place, gathering
      ON queueRow
      WHEN OLD.severity <> NEW.severity OR OLD.state <> NEW.state OR OLD.findingState IS NOT NEW.findingState
        OR OLD.site IS NOT NEW.site OR OLD.checkName <> NEW.checkName OR OLD.place <> NEW.place
        OR OLD.gathering IS NOT NEW.gathering BEGIN
      \(removed("OLD", "rule", "checkName"))
      \(removed("OLD", "site", "site"))
      \(added("NEW", "rule", "checkName"))
      \(added("NEW", "site", "site"))
    END;
    CREATE TRIGGER groupRemoved AFTER DELETE ON queueRow BEGIN
      \(removed("OLD", "rule", "checkName"))
      \(removed("OLD", "site", "site"))
    END;
    CREATE TRIGGER groupEmpty AFTER UPDATE OF count ON groupCount WHEN NEW.count = 0 BEGIN
      DELETE FROM groupCount WHERE (\(key)) = (
        NEW.kind, NEW.value, NEW.wing, NEW.severity, NEW.state, NEW.place, NEW.isGathering, NEW.isDrill, NEW.isLive);
    END;

    """

  private static let bulk = """
    CREATE TABLE bulkAct (
      id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, actor TEXT NOT NULL, act TEXT NOT NULL,
      undoneAt INTEGER
    );
    CREATE TABLE bulkActRow (
      bulk INTEGER NOT NULL, row INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, PRIMARY KEY (bulk, row)
    ) WITHOUT ROWID;
    """
}

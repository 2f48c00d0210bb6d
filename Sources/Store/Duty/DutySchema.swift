/// The tables of the duty. Its log is append-only by the database itself.
enum DutySchema {
  static let schema =
    """
    CREATE TABLE dutyShift (
      id INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER,
      json TEXT NOT NULL
    );
    CREATE UNIQUE INDEX dutyShiftOpen ON dutyShift(until IS NULL) WHERE until IS NULL;
    CREATE TABLE dutyLine (
      id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, author TEXT, kind TEXT NOT NULL,
      en TEXT NOT NULL, zh TEXT NOT NULL
    );
    CREATE TRIGGER dutyLineUnchanged BEFORE UPDATE ON dutyLine BEGIN
      SELECT RAISE(ABORT, 'the log of the duty is append-only');
    END;
    CREATE TRIGGER dutyLineKept BEFORE DELETE ON dutyLine BEGIN
      SELECT RAISE(ABORT, 'the log of the duty is append-only');
    END;
    CREATE TABLE dutyCase (row INTEGER PRIMARY KEY, json TEXT NOT NULL);
    CREATE TABLE dutyBudget (person TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE dutyPage (
      id TEXT PRIMARY KEY, time INTEGER NOT NULL, person TEXT NOT NULL, row INTEGER NOT NULL, reason TEXT NOT NULL,
      isDrill INTEGER NOT NULL, isSent INTEGER NOT NULL, json TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX dutyPageTime ON dutyPage(time);
    CREATE TABLE dutyAnswer (
      id INTEGER PRIMARY KEY, time INTEGER NOT NULL, row INTEGER NOT NULL, isDrill INTEGER NOT NULL, json TEXT NOT NULL
    );
    CREATE INDEX dutyAnswerTime ON dutyAnswer(time);
    CREATE TABLE blindness (
      id INTEGER PRIMARY KEY, cause TEXT NOT NULL, source TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER,
      reason TEXT NOT NULL
    );
    CREATE INDEX blindnessSince ON blindness(since);
    CREATE TABLE canaryRun (id TEXT PRIMARY KEY, sent INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX canaryRunSent ON canaryRun(sent);
    CREATE TABLE dutyReport (
      id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
      json TEXT NOT NULL
    );
    CREATE TABLE drill (id TEXT PRIMARY KEY, json TEXT NOT NULL, until INTEGER) WITHOUT ROWID;
    CREATE INDEX queueRowUnassigned ON queueRow(severity DESC, id) WHERE state = 'new' AND assignee IS NULL;

    """ + counters

  /// By when a row must be acknowledged, as the duty's clocks have it; of the others the watch's own say.
  static let dues = """
    CREATE TABLE dutyDue (row INTEGER PRIMARY KEY, due INTEGER NOT NULL);
    CREATE INDEX dutyDueTime ON dutyDue(due);
    """

  /// What sensors stated was kept twice, for the situation and for the duty: now here only.
  static let oneBlindness = """
    ALTER TABLE blindness ADD COLUMN packets INTEGER;
    INSERT INTO blindness (cause, source, since, until, reason)
      SELECT 'sensor', sensor, began, ended, json_extract(json, '$.reason') FROM blindInterval AS stated
        WHERE NOT EXISTS (
          SELECT 1 FROM blindness WHERE source = stated.sensor AND since = stated.began AND until = stated.ended);
    UPDATE blindness SET packets = (
      SELECT CAST(json_extract(json, '$.packets') AS INTEGER) FROM blindInterval
        WHERE sensor = blindness.source AND began = blindness.since AND ended = blindness.until);
    DROP TABLE blindInterval;
    """

  /// As before, without the rows of drills: an exercise is in no statistic.
  private static let counters = """
    DROP TRIGGER rowAdded;
    DROP TRIGGER rowMoved;
    DROP TRIGGER rowRemoved;
    CREATE TRIGGER rowAdded AFTER INSERT ON queueRow WHEN NEW.checkName NOT LIKE '9001:%' BEGIN
      INSERT INTO rowCount VALUES (NEW.wing, NEW.severity, NEW.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER rowMoved AFTER UPDATE OF severity, state ON queueRow
      WHEN (OLD.severity <> NEW.severity OR OLD.state <> NEW.state) AND NEW.checkName NOT LIKE '9001:%' BEGIN
      UPDATE rowCount SET count = count - 1
        WHERE wing = OLD.wing AND severity = OLD.severity AND state = OLD.state;
      INSERT INTO rowCount VALUES (NEW.wing, NEW.severity, NEW.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER rowRemoved AFTER DELETE ON queueRow WHEN OLD.checkName NOT LIKE '9001:%' BEGIN
      UPDATE rowCount SET count = count - 1
        WHERE wing = OLD.wing AND severity = OLD.severity AND state = OLD.state;
    END;
    """
}

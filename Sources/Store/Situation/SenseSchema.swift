/// What rows mean: gathered, hidden, our own, judged by people; and what that is made from.
enum SenseSchema {
  /// Counters are of what is shown by itself; hidden rows may be deleted by age though nobody closes them.
  static let sql = """
    ALTER TABLE queueRow ADD COLUMN place TEXT NOT NULL DEFAULT 'shown';
    ALTER TABLE queueRow ADD COLUMN parent INTEGER;
    ALTER TABLE queueRow ADD COLUMN gathering TEXT;
    ALTER TABLE queueRow ADD COLUMN gatheredSource TEXT;
    ALTER TABLE queueRow ADD COLUMN members INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE queueRow ADD COLUMN hiddenBy TEXT;
    ALTER TABLE queueRow ADD COLUMN judged TEXT;
    ALTER TABLE alert ADD COLUMN client TEXT;
    CREATE INDEX queueRowShown ON queueRow(severity DESC, outcome DESC, lastSeen DESC, id DESC)
      WHERE state <> 'closed' AND place = 'shown';
    CREATE INDEX queueRowParent ON queueRow(parent, lastSeen) WHERE parent IS NOT NULL;
    CREATE INDEX queueRowHidden ON queueRow(place, lastSeen) WHERE place IN ('own', 'suppressed');

    DROP TRIGGER rowAdded;
    DROP TRIGGER rowMoved;
    DROP TRIGGER rowRemoved;
    DROP TRIGGER openRowKept;
    CREATE TRIGGER rowAdded AFTER INSERT ON queueRow
      WHEN NEW.place = 'shown' AND NEW.checkName NOT LIKE '9001:%' BEGIN
      INSERT INTO rowCount VALUES (NEW.wing, NEW.severity, NEW.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER rowMoved AFTER UPDATE OF severity, state, place ON queueRow
      WHEN (OLD.place = 'shown' OR NEW.place = 'shown') AND NEW.checkName NOT LIKE '9001:%'
        AND (OLD.severity <> NEW.severity OR OLD.state <> NEW.state OR OLD.place <> NEW.place) BEGIN
      UPDATE rowCount SET count = count - 1
        WHERE OLD.place = 'shown' AND wing = OLD.wing AND severity = OLD.severity AND state = OLD.state;
      INSERT INTO rowCount SELECT NEW.wing, NEW.severity, NEW.state, 1 WHERE NEW.place = 'shown'
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER rowRemoved AFTER DELETE ON queueRow
      WHEN OLD.place = 'shown' AND OLD.checkName NOT LIKE '9001:%' BEGIN
      UPDATE rowCount SET count = count - 1
        WHERE wing = OLD.wing AND severity = OLD.severity AND state = OLD.state;
    END;
    CREATE TRIGGER openRowKept BEFORE DELETE ON queueRow
      WHEN OLD.state <> 'closed' AND OLD.place NOT IN ('own', 'suppressed') BEGIN
      SELECT RAISE(ABORT, 'open work is never deleted');
    END;

    CREATE TABLE gatherTrack (
      axis TEXT NOT NULL, key TEXT NOT NULL, last INTEGER NOT NULL, row INTEGER, touched TEXT NOT NULL,
      planted TEXT NOT NULL, PRIMARY KEY (axis, key)
    ) WITHOUT ROWID;
    CREATE INDEX gatherTrackLast ON gatherTrack(last);
    CREATE TABLE gatherCount (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO gatherCount VALUES ('tracks', 0), ('evicted', 0);
    CREATE TRIGGER trackAdded AFTER INSERT ON gatherTrack BEGIN
      UPDATE gatherCount SET count = count + 1 WHERE name = 'tracks';
    END;
    CREATE TRIGGER trackRemoved AFTER DELETE ON gatherTrack BEGIN
      UPDATE gatherCount SET count = count - 1 WHERE name = 'tracks';
    END;
    CREATE TABLE gatherUndo (
      gathering INTEGER NOT NULL, row INTEGER NOT NULL, before TEXT NOT NULL, PRIMARY KEY (gathering, row)
    ) WITHOUT ROWID;

    CREATE TABLE suppressionDay (
      id TEXT NOT NULL, day INTEGER NOT NULL, alerts INTEGER NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (id, day)
    ) WITHOUT ROWID;
    CREATE TABLE thresholdWindow (
      id TEXT NOT NULL, subject TEXT NOT NULL, start INTEGER NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (id, subject)
    ) WITHOUT ROWID;

    CREATE TABLE ownConnection (
      remote TEXT NOT NULL, remotePort INTEGER NOT NULL, local TEXT NOT NULL, localPort INTEGER NOT NULL,
      transport TEXT NOT NULL, opened INTEGER NOT NULL, closed INTEGER NOT NULL, engine TEXT NOT NULL
    );
    CREATE INDEX ownConnectionEnds ON ownConnection(remote, remotePort, localPort);
    CREATE INDEX ownConnectionClosed ON ownConnection(closed);
    CREATE TABLE ownWaiting (
      id INTEGER PRIMARY KEY AUTOINCREMENT, due INTEGER NOT NULL, source TEXT NOT NULL, line TEXT NOT NULL
    );
    CREATE INDEX ownWaitingDue ON ownWaiting(due);
    """
}

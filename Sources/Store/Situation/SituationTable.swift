/// What the situation is made from: counters kept by the batches themselves, so that no screen counts alerts.
enum SituationTable {
  /// `attackHour` is a summary of bounded size for each hour (`HeavyHitters`): a count is short by at most the hour's
  /// `short`. `attackReach` has at which sites a source or a rule was seen within a day, at most `reachLimit` pairs.
  static let schema = """
    CREATE TABLE attackHour (
      hour INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (hour, kind, value)
    ) WITHOUT ROWID;
    CREATE TABLE attackTotal (
      hour INTEGER NOT NULL, kind TEXT NOT NULL, total INTEGER NOT NULL, short INTEGER NOT NULL,
      PRIMARY KEY (hour, kind)
    ) WITHOUT ROWID;
    CREATE TABLE attackReach (
      kind TEXT NOT NULL, value TEXT NOT NULL, site TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL,
      PRIMARY KEY (kind, value, site)
    ) WITHOUT ROWID;
    CREATE TABLE attackReachHeld (kind TEXT PRIMARY KEY, pairs INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE attackReachLeft (
      hour INTEGER NOT NULL, kind TEXT NOT NULL, pairs INTEGER NOT NULL, PRIMARY KEY (hour, kind)
    ) WITHOUT ROWID;
    CREATE TABLE attackOnFinding (
      finding INTEGER NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL, outcome INTEGER NOT NULL,
      PRIMARY KEY (finding, hour)
    ) WITHOUT ROWID;
    CREATE TABLE exploit (
      number INTEGER PRIMARY KEY AUTOINCREMENT, finding INTEGER NOT NULL, row INTEGER NOT NULL, site TEXT,
      outcome INTEGER NOT NULL, time INTEGER NOT NULL, UNIQUE (finding, row)
    );
    CREATE TABLE rowReturn (
      number INTEGER PRIMARY KEY AUTOINCREMENT, row INTEGER NOT NULL, time INTEGER NOT NULL, reason TEXT NOT NULL
    );
    CREATE TABLE sightHour (
      hour INTEGER NOT NULL, sensor TEXT NOT NULL, flows INTEGER NOT NULL, bytes INTEGER NOT NULL,
      encrypted INTEGER NOT NULL, oneSided INTEGER NOT NULL, unknown INTEGER NOT NULL,
      ended INTEGER NOT NULL, attributed INTEGER NOT NULL, untold INTEGER NOT NULL,
      PRIMARY KEY (hour, sensor)
    ) WITHOUT ROWID;
    CREATE TABLE blindInterval (
      number INTEGER PRIMARY KEY AUTOINCREMENT, sensor TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL,
      json TEXT NOT NULL
    );
    """

  /// Pairs of source and site within a day, and as many of rule and site: a megabyte each, grouped in 30 ms.
  static let reachLimit = 16_384
  static let reachSeconds = 86_400.0
  /// Hours of counters that are kept: a month.
  static let hoursKept: Int64 = 24 * 31
}

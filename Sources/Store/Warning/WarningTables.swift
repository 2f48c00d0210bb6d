/// The tables of notices, their proofs and what came to us. `look` is when the clock has to look at a notice again;
/// `seen` is the state of a finding that its notice has answered to, so that one question finds all that have moved.
enum WarningTables {
  static let schema = """
    CREATE TABLE notice (
      id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT UNIQUE, organisation TEXT NOT NULL, kind TEXT NOT NULL,
      state TEXT NOT NULL, cause TEXT, isOpen INTEGER NOT NULL, look INTEGER, created INTEGER NOT NULL,
      json TEXT NOT NULL
    );
    CREATE INDEX noticeOpen ON notice(organisation, cause) WHERE isOpen;
    CREATE INDEX noticeLook ON notice(look) WHERE look IS NOT NULL;
    CREATE TABLE noticeFinding (
      finding INTEGER NOT NULL, notice INTEGER NOT NULL, round INTEGER NOT NULL, seen TEXT NOT NULL,
      isOpen INTEGER NOT NULL, PRIMARY KEY (finding, notice)
    ) WITHOUT ROWID;
    CREATE INDEX noticeFindingOpen ON noticeFinding(notice) WHERE isOpen;
    CREATE TABLE noticeNumber (series TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE noticeToken (
      hash TEXT PRIMARY KEY, notice INTEGER NOT NULL, contact TEXT NOT NULL, address TEXT NOT NULL,
      created INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE noticeDocument (
      notice INTEGER NOT NULL, language TEXT NOT NULL, html TEXT NOT NULL, markdown TEXT NOT NULL,
      PRIMARY KEY (notice, language)
    ) WITHOUT ROWID;
    CREATE TABLE noticeContact (
      organisation TEXT NOT NULL, address TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (organisation, address)
    ) WITHOUT ROWID;
    CREATE TABLE dutyTask (
      id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL, doneAt INTEGER,
      json TEXT NOT NULL
    );
    CREATE UNIQUE INDEX dutyTaskOpen ON dutyTask(kind, subject) WHERE doneAt IS NULL;
    CREATE TABLE retest (
      id INTEGER PRIMARY KEY AUTOINCREMENT, finding INTEGER NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL,
      due INTEGER NOT NULL, since INTEGER, tries INTEGER NOT NULL, result TEXT
    );
    CREATE INDEX retestDue ON retest(due) WHERE state <> 'ended';
    CREATE INDEX retestAsked ON retest(id) WHERE state = 'asked';
    CREATE INDEX retestFinding ON retest(finding);
    CREATE TABLE retestLook (
      retest INTEGER NOT NULL, site TEXT NOT NULL, engine TEXT NOT NULL, since INTEGER NOT NULL, answered INTEGER,
      obstacle TEXT, isBlocked INTEGER NOT NULL, PRIMARY KEY (retest, site, engine)
    ) WITHOUT ROWID;
    CREATE INDEX retestLookOpen ON retestLook(site, engine) WHERE answered IS NULL;
    CREATE TABLE intake (
      id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, due INTEGER NOT NULL, json TEXT NOT NULL
    );
    CREATE INDEX intakeDue ON intake(due) WHERE state = 'open';
    CREATE INDEX queueRowToNotice ON queueRow(severity) WHERE findingState IN ('open', 'reopened');
    CREATE INDEX queueRowCheck ON queueRow(checkName, firstSeen) WHERE wing = 'scanner';
    CREATE INDEX queueRowSettled ON queueRow(id) WHERE findingState IN ('accepted', 'falsePositive');
    """
}

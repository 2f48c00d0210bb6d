package import Records

/// The table. An endpoint stands here once, with its types, and in `table` once, for those who need them all.
extension API {
  package static let health = Endpoint<Nothing, Health>(.get, "/health", "whether the hub works, and what ails it")
  package static let versionOf = Endpoint<Nothing, Version>(.get, "/version", "what runs, since when")
  package static let overview = Endpoint<Nothing, Overview>(
    .get, "/overview", "everything that the overview screen shows, in one answer")

  package static let queue = Endpoint<ListRequest, Page<QueueItem>>(
    .get, "/queue", "rows of the queue, of both wings, worst first")
  package static let queueGroups = Endpoint<GroupRequest, Page<QueueGroupItem>>(
    .get, "/queue/groups", "how many rows of the queue each rule has, or each site, person, severity; worst first")
  package static let rowAlerts = Endpoint<ListRequest, Page<AlertRecord>>(
    .get, "/queue/{id}/alerts", "single alerts of one row, newest first")
  package static let queueRow = Endpoint<Nothing, QueueDetail>(
    .get, "/queue/{id}", "one row: its alert group or finding, comments, last alerts and audit")
  package static let act = Endpoint<ActRequest, ActReport>(
    .post, "/queue/acts", "acknowledge, escalate, close, shelve, assign, comment or undo, on any number of rows")
  package static let findings = Endpoint<ListRequest, Page<FindingItem>>(
    .get, "/findings", "weaknesses of sites and platforms with engines, confidence and life")
  package static let findingDiff = Endpoint<FindingDiffRequest, FindingDiff>(
    .get, "/findings/diff", "findings at two moments: new, back, changed, gone; what nobody looked at apart")

  package static let sites = Endpoint<ListRequest, Page<SiteItem>>(.get, "/sites", "sites with their posture")
  package static let site = Endpoint<Nothing, SiteDetail>(
    .get, "/sites/{id}", "one site: deductions, findings, coverage, authorisations")
  package static let importSites = Endpoint<ImportRequest, ImportReport>(
    .post, "/sites/import", "takes over an inventory (CSV, YAML or JSON), or only says what would change", role: .lead)
  package static let exportSites = Endpoint<ExportRequest, ExportAnswer>(
    .get, "/sites/export", "the whole inventory as a file that an import reads to the same")
  package static let checkSites = Endpoint<Nothing, Page<InventoryRemark>>(
    .get, "/sites/check", "what a person should look at in the inventory")
  package static let duplicateSites = Endpoint<Nothing, Page<InventoryDuplicate>>(
    .get, "/sites/duplicates", "sites that may be one, with the reason")
  package static let proposals = Endpoint<ProposalsRequest, Page<Proposal>>(
    .get, "/sites/proposals", "parts of sites that scans met, and what a person said to each")
  package static let decideProposals = Endpoint<ProposalDecision, ProposalReport>(
    .post, "/sites/proposals", "accepts or declines proposals", role: .lead)
  package static let scanningNotice = Endpoint<Nothing, ScanningNotice>(
    .get, "/sites/notice", "who scans, from which addresses, how and by whose word, for the owners of sites")
  package static let acceptChange = Endpoint<AcceptRequest, AcceptReport>(
    .post, "/sites/{id}/accept", "takes what has changed on a site as right: its engines look again and keep the new", role: .lead)
  package static let organisations = Endpoint<Nothing, Page<Organisation>>(
    .get, "/organisations", "who answers for sites")
  package static let authorisations = Endpoint<Nothing, Page<Authorisation>>(
    .get, "/authorisations", "who permits which probing, from when to when")

  package static let posture = Endpoint<PostureRequest, PostureReport>(
    .get, "/posture", "the score of the city, an organisation or a site, what explains it, and its days")
  package static let ranking = Endpoint<PostureRequest, RankingReport>(
    .get, "/posture/ranking", "organisations by score and closure rate, computed from the posture log")
  package static let indicators = Endpoint<Nothing, Page<Indicator>>(
    .get, "/posture/indicators", "what a score is made of: checks, rules, weights, remedies")
  package static let checkPosture = Endpoint<Nothing, PostureCheck>(
    .get, "/posture/check", "computes every kept day again from the log and says which are the same")
  package static let report = Endpoint<ReportRequest, ReportAnswer>(
    .get, "/report", "a report of the city, an organisation or a site over a period, as HTML, Markdown, JSON or SARIF")

  package static let trail = Endpoint<Nothing, Page<TrailLine>>(
    .get, "/sites/{id}/trail", "one site's line of time: findings before, alerts during, acts and retests after")

  package static let scans = Endpoint<Nothing, ScanOverview>(
    .get, "/scans", "freshness, what runs, what is due, what is stopped")
  package static let startScans = Endpoint<ScanRequest, ScanReport>(
    .post, "/scans/start", "makes sites due now, as far as they are authorised and not stopped", role: .lead)
  package static let stopScans = Endpoint<ScanRequest, ScanReport>(
    .post, "/scans/stop", "ends every connection of all or some sites, and stays in force", role: .lead)
  package static let resumeScans = Endpoint<ScanRequest, ScanReport>(.post, "/scans/resume", "takes a stop back", role: .lead)
  package static let noteScan = Endpoint<ScanNote, ActReport>(
    .post, "/scans/note", "keeps in the audit log by whose word targets outside the inventory are scanned")
  package static let guards = Endpoint<Nothing, Page<GuardPeriod>>(
    .get, "/scans/guards", "guard periods: what is looked at oftener, what is frozen, from when to when")
  package static let setGuard = Endpoint<GuardRequest, Page<GuardPeriod>>(
    .post, "/scans/guards", "puts a guard period, in the place of one with its id", role: .lead)
  package static let endGuard = Endpoint<GuardEnd, Page<GuardPeriod>>(
    .post, "/scans/guards/end", "ends a guard period now, and forgets it", role: .lead)
  package static let engines = Endpoint<Nothing, Page<EngineItem>>(.get, "/engines", "the engines that scans may use")
  package static let precision = Endpoint<Nothing, Page<PrecisionLine>>(
    .get, "/engines/precision", "how often engines and rules were right, by analysts' verdicts")

  package static let content = Endpoint<Nothing, ContentReport>(
    .get, "/content", "rules, templates and tables in force: version, age, digest, by whom, and who has not followed")

  package static let sensors = Endpoint<Nothing, Page<SensorItem>>(
    .get, "/sensors", "each sensor: what it sees, what it lost and why, in words")
  package static let scanners = Endpoint<Nothing, Page<ScannerItem>>(.get, "/scanners", "each scanner at work")

  package static let stream = Endpoint<StreamRequest, StreamItem>(
    .get, "/stream", "changes of the queue and alerts as they come, a line each, from a cursor or a time on")
  package static let audit = Endpoint<ListRequest, Page<AuditEntry>>(.get, "/audit", "who did what, newest first", role: .lead)
  package static let backup = Endpoint<BackupRequest, BackupReport>(
    .post, "/backup", "writes a copy of the store, whole and consistent, while the hub works", role: .administrator)
  package static let restore = Endpoint<BackupRequest, BackupReport>(
    .post, "/restore", "puts a backup in the store's place, checked before, and goes on with it", role: .administrator)
  package static let ingestCursor = Endpoint<Nothing, CursorAnswer>(
    .get, "/ingest/{id}", "how far a followed eve.json is stored")

  package static let table: [EndpointEntry] = [
    health.entry, versionOf.entry, overview.entry, queue.entry, queueGroups.entry, rowAlerts.entry, queueRow.entry, act.entry, findings.entry,
    findingDiff.entry, sites.entry, site.entry, importSites.entry, acceptChange.entry, exportSites.entry,
    checkSites.entry, duplicateSites.entry,
    proposals.entry, decideProposals.entry, scanningNotice.entry, organisations.entry, authorisations.entry,
    posture.entry, ranking.entry, indicators.entry, checkPosture.entry, report.entry,
    trail.entry,
    scans.entry, startScans.entry, stopScans.entry, resumeScans.entry, noteScan.entry,
    guards.entry, setGuard.entry, endGuard.entry, engines.entry, precision.entry, content.entry,
    sensors.entry, scanners.entry, stream.entry, audit.entry,
    backup.entry, restore.entry, ingestCursor.entry,
  ]
}

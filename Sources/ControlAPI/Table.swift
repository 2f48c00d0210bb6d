package import Records

/// The table. An endpoint stands here once, with its types, and in `table` once, for those who need them all.
extension API {
  package static let health = Endpoint<Nothing, Health>(
    .get, "/health", "whether the hub works, and what ails it", reach: .purview)
  package static let versionOf = Endpoint<Nothing, Version>(.get, "/version", "what runs, since when", reach: .anyone)
  package static let overview = Endpoint<Nothing, Overview>(
    .get, "/overview", "everything that the overview screen shows, in one answer", reach: .purview)

  package static let queue = Endpoint<ListRequest, Page<QueueItem>>(
    .get, "/queue", "rows of the queue, of both wings, worst first", reach: .purview)
  package static let queueGroups = Endpoint<GroupRequest, Page<QueueGroupItem>>(
    .get, "/queue/groups", "how many rows of the queue each rule has, or each site, person, severity; worst first",
    reach: .purview)
  package static let rowAlerts = Endpoint<ListRequest, Page<AlertRecord>>(
    .get, "/queue/{id}/alerts", "single alerts of one row, newest first", reach: .purview)
  package static let queueRow = Endpoint<Nothing, QueueDetail>(
    .get, "/queue/{id}", "one row: its alert group or finding, comments, last alerts and audit", reach: .purview)
  package static let act = Endpoint<ActRequest, ActReport>(
    .post, "/queue/acts", "acknowledge, escalate, close, shelve, assign, comment, judge or undo, on any number of rows",
    reach: .purview)
  package static let suppressions = Endpoint<Nothing, Page<SuppressionItem>>(
    .get, "/suppressions", "suppressions and thresholds, those in force first, with what they hid day by day",
    reach: .purview)
  package static let addSuppression = Endpoint<SuppressionRequest, SuppressionItem>(
    .post, "/suppressions", "puts a suppression or threshold in force until a day", role: .lead, reach: .purview)
  package static let trySuppression = Endpoint<SuppressionRequest, SuppressionTrial>(
    .post, "/suppressions/try", "what one would have hidden in the last 30 days, and whether that mattered",
    reach: .purview)
  package static let endSuppression = Endpoint<SuppressionEnd, SuppressionItem>(
    .post, "/suppressions/end", "ends one now; what it hid stays listed", role: .lead, reach: .purview)
  package static let findings = Endpoint<ListRequest, Page<FindingItem>>(
    .get, "/findings", "weaknesses of sites and platforms with engines, confidence and life", reach: .purview)
  package static let findingDiff = Endpoint<FindingDiffRequest, FindingDiff>(
    .get, "/findings/diff", "findings at two moments: new, back, changed, gone; what nobody looked at apart",
    reach: .purview)

  package static let incidents = Endpoint<ListRequest, Page<IncidentItem>>(
    .get, "/incidents", "cases with level, clocks and people, the newest first", reach: .purview)
  package static let incident = Endpoint<Nothing, IncidentDetail>(
    .get, "/incidents/{id}", "one case: proposed and set level, clocks, rows, sites, log", reach: .purview)
  package static let incidentOffers = Endpoint<OffersRequest, Page<IncidentOffer>>(
    .get, "/incidents/offers", "open cases that a row may join: same site, source or technique first", reach: .purview)
  package static let openIncident = Endpoint<IncidentOpening, IncidentDetail>(
    .post, "/incidents", "opens a case, under the next number of the year, and escalates its rows", reach: .purview)
  package static let actOnIncident = Endpoint<IncidentActRequest, IncidentDetail>(
    .post, "/incidents/{id}/acts",
    "joins and removes rows and sites, takes steps with proof, records facts, marks and words", reach: .purview)
  package static let decideOnIncident = Endpoint<IncidentDecision, IncidentDetail>(
    .post, "/incidents/{id}/decisions", "sets level or lead, closes with proof, opens again with a reason", role: .lead,
    reach: .purview)

  package static let sites = Endpoint<ListRequest, Page<SiteItem>>(
    .get, "/sites", "sites with their posture", reach: .purview)
  package static let site = Endpoint<Nothing, SiteDetail>(
    .get, "/sites/{id}", "one site: deductions, findings, coverage, authorisations", reach: .purview)
  package static let importSites = Endpoint<ImportRequest, ImportReport>(
    .post, "/sites/import", "takes over an inventory (CSV, YAML or JSON), or only says what would change", role: .lead,
    largestBody: BodyLimit.files)
  package static let exportSites = Endpoint<ExportRequest, ExportAnswer>(
    .get, "/sites/export", "the whole inventory as a file that an import reads to the same", reach: .purview)
  package static let checkSites = Endpoint<Nothing, Page<InventoryRemark>>(
    .get, "/sites/check", "what a person should look at in the inventory", reach: .purview)
  package static let duplicateSites = Endpoint<Nothing, Page<InventoryDuplicate>>(
    .get, "/sites/duplicates", "sites that may be one, with the reason", reach: .purview)
  package static let proposals = Endpoint<ProposalsRequest, Page<Proposal>>(
    .get, "/sites/proposals", "parts of sites that scans met, and what a person said to each", reach: .purview)
  package static let decideProposals = Endpoint<ProposalDecision, ProposalReport>(
    .post, "/sites/proposals", "accepts or declines proposals", role: .lead, reach: .purview)
  package static let scanningNotice = Endpoint<Nothing, ScanningNotice>(
    .get, "/sites/notice", "who scans, from which addresses, how and by whose word, for the owners of sites",
    reach: .purview)
  package static let acceptChange = Endpoint<AcceptRequest, AcceptReport>(
    .post, "/sites/{id}/accept", "takes what has changed on a site as right: its engines look again and keep the new",
    role: .lead, reach: .purview)
  package static let organisations = Endpoint<Nothing, Page<Organisation>>(
    .get, "/organisations", "who answers for sites", reach: .purview)
  package static let authorisations = Endpoint<Nothing, Page<Authorisation>>(
    .get, "/authorisations", "who permits which probing, from when to when", reach: .purview)

  package static let situation = Endpoint<SituationRequest, SituationReport>(
    .get, "/situation", "the city: posture, top risks, sources and targets, coverage, blindness, early picture, cases",
    reach: .purview)
  package static let organisationSituation = Endpoint<SituationRequest, SituationReport>(
    .get, "/situation/organisations/{id}", "the same of an organisation with all below it", reach: .purview)
  package static let siteSituation = Endpoint<SituationRequest, SituationReport>(
    .get, "/situation/sites/{id}", "the same of a site", reach: .purview)
  package static let changes = Endpoint<ChangesRequest, SituationChanges>(
    .get, "/situation/changes",
    "what is new, back, gone, moved or down since the caller's last look, and what nobody saw", reach: .purview)
  package static let look = Endpoint<Nothing, LookAnswer>(
    .post, "/situation/look", "remembers that the caller has looked now", role: .viewer, reach: .anyone)
  package static let earlyWarnings = Endpoint<SituationRequest, Page<EarlyWarning>>(
    .get, "/situation/warnings", "campaigns in their beginning, and weaknesses exploited with every site that has them",
    reach: .purview)

  package static let posture = Endpoint<PostureRequest, PostureReport>(
    .get, "/posture", "the score of the city, an organisation or a site, what explains it, and its days",
    reach: .purview)
  package static let ranking = Endpoint<PostureRequest, RankingReport>(
    .get, "/posture/ranking", "organisations by score and closure rate, computed from the posture log", reach: .purview)
  package static let indicators = Endpoint<Nothing, Page<Indicator>>(
    .get, "/posture/indicators", "what a score is made of: checks, rules, weights, remedies", reach: .anyone)
  package static let checkPosture = Endpoint<Nothing, PostureCheck>(
    .get, "/posture/check", "computes every kept day again from the log and says which are the same")
  package static let report = Endpoint<ReportRequest, ReportAnswer>(
    .get, "/report", "a report of the city, an organisation or a site over a period, as HTML, Markdown, JSON or SARIF",
    reach: .purview)

  package static let trail = Endpoint<Nothing, Page<TrailLine>>(
    .get, "/sites/{id}/trail", "one site's line of time: findings before, alerts during, acts and retests after",
    reach: .purview)

  package static let scans = Endpoint<Nothing, ScanOverview>(
    .get, "/scans", "freshness, what runs, what is due, what is stopped", reach: .purview)
  package static let startScans = Endpoint<ScanRequest, ScanReport>(
    .post, "/scans/start", "makes sites due now, as far as they are authorised and not stopped", role: .lead,
    reach: .purview)
  package static let stopScans = Endpoint<ScanRequest, ScanReport>(
    .post, "/scans/stop", "ends every connection of all or some sites, and stays in force", role: .lead, reach: .purview
  )
  package static let resumeScans = Endpoint<ScanRequest, ScanReport>(
    .post, "/scans/resume", "takes a stop back", role: .lead, reach: .purview)
  package static let noteScan = Endpoint<ScanNote, ActReport>(
    .post, "/scans/note", "keeps in the audit log by whose word targets outside the inventory are scanned")
  package static let guards = Endpoint<Nothing, Page<GuardPeriod>>(
    .get, "/scans/guards", "guard periods: what is looked at oftener, what is frozen, from when to when",
    reach: .purview)
  package static let setGuard = Endpoint<GuardRequest, Page<GuardPeriod>>(
    .post, "/scans/guards", "puts a guard period, in the place of one with its id", role: .lead)
  package static let endGuard = Endpoint<GuardEnd, Page<GuardPeriod>>(
    .post, "/scans/guards/end", "ends a guard period now, and forgets it", role: .lead)
  package static let engines = Endpoint<Nothing, Page<EngineItem>>(
    .get, "/engines", "the engines that scans may use", reach: .anyone)
  package static let precision = Endpoint<Nothing, Page<PrecisionLine>>(
    .get, "/engines/precision", "how often engines and rules were right, by analysts' verdicts")

  package static let content = Endpoint<Nothing, ContentReport>(
    .get, "/content", "rules, templates and tables in force: version, age, digest, by whom, and who has not followed",
    reach: .anyone)

  package static let notices = Endpoint<ListRequest, Page<Notice>>(
    .get, "/notices", "notices and early warnings to organisations, the newest first", reach: .purview)
  package static let notice = Endpoint<Nothing, NoticeDetail>(
    .get, "/notices/{id}", "one notice: its whole text, findings, addresses, tasks and audit", reach: .purview)
  package static let draftNotice = Endpoint<NoticeDraft, Notice>(
    .post, "/notices", "drafts a notice to one organisation from rows of the queue, incidents or an advisory",
    reach: .purview)
  package static let editNotice = Endpoint<NoticeEdit, Notice>(
    .post, "/notices/{id}/edit", "changes a draft; who does may not approve it", reach: .purview)
  package static let approveNotice = Endpoint<NoticeAct, Notice>(
    .post, "/notices/{id}/approve", "approves another's draft, and gives it its number", role: .lead, reach: .purview)
  package static let sendNotice = Endpoint<NoticeAct, Notice>(
    .post, "/notices/{id}/send", "sends what is approved; its clocks begin", reach: .purview)
  package static let receiptOfNotice = Endpoint<NoticeAct, Notice>(
    .post, "/notices/{id}/receipt", "enters a receipt that was told by telephone, with the name of who told it",
    reach: .purview)
  package static let extendNotice = Endpoint<NoticeAct, Notice>(
    .post, "/notices/{id}/extend", "gives more time, with the reason", role: .lead, reach: .purview)
  package static let gradeNotice = Endpoint<NoticeAct, Notice>(
    .post, "/notices/{id}/grade", "upgrades or downgrades it, with the reason", role: .lead, reach: .purview)
  package static let liftNotice = Endpoint<NoticeAct, Notice>(
    .post, "/notices/{id}/lift", "takes it back, with the reason", role: .lead, reach: .purview)
  package static let closeNotice = Endpoint<NoticeAct, Notice>(
    .post, "/notices/{id}/close", "closes one whose every finding is proved gone or settled", role: .lead,
    reach: .purview)
  package static let acceptFinding = Endpoint<FindingAct, FindingActReport>(
    .post, "/findings/{id}/accept", "accepts the risk of a finding until a day, with the reason", role: .lead,
    reach: .purview)
  package static let falseFinding = Endpoint<FindingAct, FindingActReport>(
    .post, "/findings/{id}/false", "calls a finding false until a day, with the reason", role: .lead, reach: .purview)
  package static let claimFinding = Endpoint<FindingAct, FindingActReport>(
    .post, "/findings/{id}/claim", "enters that a finding is said to be fixed: its engines look again", reach: .purview)
  package static let retestFinding = Endpoint<FindingAct, FindingActReport>(
    .post, "/findings/{id}/retest", "has the engines that saw a finding look again", reach: .purview)
  package static let contacts = Endpoint<Nothing, Page<NoticeContact>>(
    .get, "/contacts", "addresses of organisations that proved themselves, or did not", reach: .purview)
  package static let confirmContact = Endpoint<ContactConfirmation, NoticeContact>(
    .post, "/contacts/confirm", "says that somebody was reached at an address, with how", reach: .purview)
  package static let tasks = Endpoint<Nothing, Page<DutyTask>>(
    .get, "/tasks", "what people of the watch must do for notices and intake", reach: .purview)
  package static let endTask = Endpoint<Nothing, DutyTask>(
    .post, "/tasks/{id}/done", "says that a task is done", reach: .purview)
  package static let intakes = Endpoint<ListRequest, Page<Intake>>(
    .get, "/intake", "what came to us from above, the public or by telephone, the newest first", reach: .purview)
  package static let intake = Endpoint<Nothing, Intake>(.get, "/intake/{id}", "one of them", reach: .purview)
  package static let addIntake = Endpoint<IntakeDraft, Intake>(
    .post, "/intake", "enters what came, folds it against findings, and sets the clock of its answer",
    reach: .purview, largestBody: BodyLimit.files)
  package static let answerIntake = Endpoint<IntakeAnswer, Intake>(
    .post, "/intake/{id}/answer", "what was answered to the sender", reach: .purview)
  package static let rateIntake = Endpoint<IntakeRating, Intake>(
    .post, "/intake/{id}/rate", "how those who were served found it, or that they did not answer", reach: .purview)

  package static let sensors = Endpoint<Nothing, Page<SensorItem>>(
    .get, "/sensors", "each sensor: what it sees, what it lost and why, in words", reach: .purview)
  package static let scanners = Endpoint<Nothing, Page<ScannerItem>>(
    .get, "/scanners", "each scanner at work", reach: .anyone)

  package static let outbox = Endpoint<OutboxRequest, Page<OutboxItem>>(
    .get, "/outbox", "what leaves by mail, chat, webhook, syslog and file: waiting, delivered, given up")
  package static let outboxLanes = Endpoint<Nothing, Page<OutboxLaneItem>>(
    .get, "/outbox/lanes", "each way out: at work, down or not set up, and how long the oldest waits")
  package static let outboxMessage = Endpoint<Nothing, OutboxDetail>(
    .get, "/outbox/{id}", "one message: its text, its tries, who did what to it")
  package static let retryOutbox = Endpoint<OutboxAct, OutboxReport>(
    .post, "/outbox/retry", "has messages that were given up tried again", role: .lead)
  package static let dropOutbox = Endpoint<OutboxAct, OutboxReport>(
    .post, "/outbox/drop", "takes messages out that wait or were given up", role: .lead)

  package static let stream = Endpoint<StreamRequest, StreamItem>(
    .get, "/stream", "changes of the queue and alerts as they come, a line each, from a cursor or a time on",
    reach: .purview)
  package static let audit = Endpoint<ListRequest, Page<AuditEntry>>(
    .get, "/audit", "who did what, newest first", role: .lead, reach: .purview)
  package static let metrics = Endpoint<Nothing, PlainText>(
    .get, "/metrics", "the hub's figures in Prometheus's text format 0.0.4")
  package static let verifyAudit = Endpoint<AuditVerifyRequest, AuditVerdict>(
    .get, "/audit/verify", "walks the audit log's chain: whole, or the first entry that is not as it was written",
    role: .lead)
  package static let backup = Endpoint<BackupRequest, BackupReport>(
    .post, "/backup", "writes a copy of the store, whole and consistent, while the hub works", role: .administrator)
  package static let restore = Endpoint<BackupRequest, BackupReport>(
    .post, "/restore", "puts a backup in the store's place, checked before, and goes on with it", role: .administrator)
  package static let ingestCursor = Endpoint<Nothing, CursorAnswer>(
    .get, "/ingest/{id}", "how far a followed eve.json is stored")

  package static let people = Endpoint<Nothing, Page<Person>>(
    .get, "/people", "who works with Vigil: role, organisations, user of this machine", role: .administrator)
  package static let whoAmI = Endpoint<Nothing, WhoAmI>(
    .get, "/people/me", "who asks, as the hub sees it: role, organisations, where from", reach: .anyone)
  package static let putPerson = Endpoint<PersonRequest, Person>(
    .post, "/people", "puts a person, in the place of one with her id", role: .administrator)
  package static let removePerson = Endpoint<PersonEnd, Person>(
    .post, "/people/remove", "removes a person and revokes her tokens", role: .administrator)
  package static let tokens = Endpoint<Nothing, Page<AccessToken>>(
    .get, "/people/tokens", "one's own tokens; an administrator's answer has everybody's", reach: .anyone)
  package static let addToken = Endpoint<TokenRequest, TokenAnswer>(
    .post, "/people/tokens", "makes a token of a person; its secret stands in this answer only", role: .administrator)
  package static let revokeToken = Endpoint<TokenEnd, AccessToken>(
    .post, "/people/tokens/revoke", "revokes a token, one's own or as an administrator any", role: .viewer,
    reach: .anyone)

  package static let table: [EndpointEntry] =
    [
      health.entry, versionOf.entry, overview.entry, queue.entry, queueGroups.entry, rowAlerts.entry, queueRow.entry,
      act.entry, suppressions.entry, addSuppression.entry, trySuppression.entry, endSuppression.entry, findings.entry,
      findingDiff.entry, incidents.entry, incident.entry, incidentOffers.entry, openIncident.entry, actOnIncident.entry,
      decideOnIncident.entry, sites.entry, site.entry, importSites.entry, acceptChange.entry, exportSites.entry,
      checkSites.entry, duplicateSites.entry,
      proposals.entry, decideProposals.entry, scanningNotice.entry, organisations.entry, authorisations.entry,
      situation.entry, organisationSituation.entry, siteSituation.entry, changes.entry, look.entry, earlyWarnings.entry,
      posture.entry, ranking.entry, indicators.entry, checkPosture.entry, report.entry,
      trail.entry,
      scans.entry, startScans.entry, stopScans.entry, resumeScans.entry, noteScan.entry,
      guards.entry, setGuard.entry, endGuard.entry, engines.entry, precision.entry, content.entry,
      notices.entry, notice.entry, draftNotice.entry, editNotice.entry, approveNotice.entry, sendNotice.entry,
      receiptOfNotice.entry, extendNotice.entry, gradeNotice.entry, liftNotice.entry, closeNotice.entry,
      acceptFinding.entry, falseFinding.entry, claimFinding.entry, retestFinding.entry, contacts.entry,
      confirmContact.entry, tasks.entry, endTask.entry,
      intakes.entry, intake.entry, addIntake.entry, answerIntake.entry, rateIntake.entry,
      sensors.entry, scanners.entry,
      outbox.entry, outboxLanes.entry, outboxMessage.entry, retryOutbox.entry, dropOutbox.entry,
      stream.entry, metrics.entry, audit.entry, verifyAudit.entry,
      backup.entry, restore.entry, ingestCursor.entry,
      people.entry, whoAmI.entry, putPerson.entry, removePerson.entry, tokens.entry, addToken.entry, revokeToken.entry,
    ] + dutyTable
}

internal import ContentBundle
internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Seam
internal import Services
internal import Store
internal import Wire

/// The hub's own state: the schedule, the roles, the inventory in force. What is durable is in the store; what is
/// here is made from it at the start.
actor HubCore {
  let configuration: Configuration
  let store: Store
  let clock: WallClock
  nonisolated let feed = ChangeFeed()
  let requests = RequestMeter()
  var ingested = IngestMeter()
  nonisolated let laneBoard = LaneBoard()
  let desk = DiskDesk()
  let logger: Logger
  let started: Timestamp
  let engines: [EngineItem]
  /// Who may what; asked beside the hub's own work.
  let access: Access

  var scheduler: Scheduler
  var board: PostureBoard
  /// The last day whose predecessors are kept.
  var postureDay: Int64?
  /// The newest kept day, as of `postureDay`: what the score of now is compared with.
  var lastPostureDay: PostureDay?
  var acceptances = Acceptances()
  var registry: RoleRegistry
  var sites: SiteIndex
  var proposalRules: ProposalRules
  var peers: [Int: SeamPeer] = [:]
  /// What scanners held when they came, until each has told what it knows of.
  var unheard: [Int: [Int64]] = [:]
  /// The last boot of each scanner that was here since the hub began.
  var boots: [String: UInt64] = [:]
  /// Why the hub is ailing, until the next time that the same thing works.
  var ailments: [Ailment: String] = [:]
  /// Alerts of the hub's own, and the words on coverage, that the store has not taken yet.
  var own = OwnAlerts()
  var untold = UntoldCoverage()
  /// The latest moment that the clock ever said.
  var latest = Timestamp(nanoseconds: 0)
  /// Until when moments come twice, and what of it is not written down yet.
  var clockEnd: Timestamp?
  var clockNews: (from: Timestamp, sentence: String)?
  /// When a batch last met a locked store.
  var busySince: ContinuousClock.Instant?
  var unkept = UnkeptSchedule()
  var lastRetention = Timestamp(nanoseconds: 0)
  var isRetaining = false
  var isCheckpointing = false
  var pace = IngestPace()
  var lastExpiryLook = Timestamp(nanoseconds: 0)
  let content: HubContent?
  /// What the hub works with, and what the state's file was when it was read.
  var contentState = ContentState()
  var contentStamp: [Int]?
  /// From where scanners were last seen to connect.
  var scanAddresses: [IPAddress: Timestamp] = [:]
  /// When a scan of each site was last known to run.
  var scannedSites: [String: Timestamp] = [:]
  /// Nil: to be read anew.
  var held: HeldSuppressions?
  /// Where the tree of `board` was read.
  var treeFolder: String?
  var duty = DutyDesk()
  nonisolated let dues = DutyDues()
  /// Rows that changed on any thread, until the duty takes them.
  nonisolated let decided = ChangedRows()
  /// The last day of which a daily report was made or is not wanted.
  var lastDutyDay: Int64?
  /// A sign of life is on its way.
  var isSignalling = false
  /// By source: roles that work with other content than this.
  var contentBehind: [String: ContentFollower] = [:]
  let notices: NoticeRules
  var lastSettlementLook = Timestamp(nanoseconds: 0)
  var lastWarningLook = Timestamp(nanoseconds: 0)
  /// The day at which rankings of ended months were looked for.
  var rankingDay: Int64?
  /// The day whose falls were warned of.
  var lastFallDay: Int64?

  let guide: GradingGuide
  /// What scans say of the measures of open incidents, by incident, with the time of asking.
  var incidentMeasures: [String: (asked: Timestamp, facts: [IncidentFact])] = [:]

  var situationGlance: SituationGlance?
  /// What the start has to write and could not yet, and when it was (`keepBeginnings`).
  var unbegun: Set<Beginning> = []
  var begun = Timestamp(nanoseconds: 0)

  /// What of each sensor's counters is kept.
  var sightMarks: [String: SightMark] = [:]

  init(
    configuration: Configuration, store: Store, engines: [EngineItem], tree: IndicatorTree, guide: GradingGuide,
    content: HubContent?, notices: NoticeRules, clock: WallClock, logger: Logger
  ) throws {
    self.guide = guide
    self.content = content
    self.notices = notices
    contentState = content?.state ?? ContentState()
    treeFolder = content.flatMap { $0.posture(in: $0.state) }
    self.configuration = configuration
    self.store = store
    self.clock = clock
    self.logger = logger
    self.engines = engines
    let now = clock.now()
    started = now
    if let fault = try store.settleAudit(at: now) { ailments[.audit] = HubCore.auditWarning(fault) }
    registry = RoleRegistry(lateSeconds: configuration.watch.lateSeconds)
    for role in configuration.duty.expects { registry.expect(role, now: now) }
    if configuration.sensor.enabled, !configuration.sensor.interface.isEmpty {
      registry.expect(sensor: configuration.sensor.name, interface: configuration.sensor.interface, now: now)
    }
    let kept = try store.inventory()
    let inventory = Scheduling.Inventory(kept)
    access = try Access(configuration, store, kept)
    scheduler = try HubCore.restoredScheduler(configuration, store, now)
    _ = scheduler.replace(inventory, now: now)
    sites = SiteIndex(sites: kept.sites, platforms: kept.platforms, home: configuration.rules.home)
    board = try HubCore.restoredBoard(store, tree, now)
    acceptances = try store.document(Acceptances.self, kind: "acceptances", id: "all") ?? Acceptances()
    latest = max(now, try store.lastStored() ?? now)
    proposalRules = ProposalRules(inventory, addresses: AddressPolicy(allowed: configuration.scan.allow))
    duty.sources = DutySources(store, clock)
  }

  // MARK: records

  /// Who gets what, as it is now; for the store's transaction.
  var policy: IngestPolicy {
    let (index, webhook, city, clock) = (sites, configuration.webhook, configuration.city, clock)
    let board = board
    let proposals = proposalRules
    let canaryKey = duty.canary?.key
    let hiding = hiding(clock.now())
    let own = ownScans(clock.now())
    let tests = CleanTests(store: store, engines: engines)
    return IngestPolicy(
      ownerOfAlert: { alert in
        var owner = index.owner(of: alert)
        guard let site = owner.site, owner.isOutbound != true else { return owner }
        owner.weakness = board.weakness(behind: alert.signature.id, atSite: site)?.id
        guard owner.weakness == nil else { return owner }
        let checks = board.tree.weaknesses(attackedBy: alert.signature.id)
        owner.testedClean = tests.since(checks, site: site, at: alert.timestamp)
        return owner
      }, ownerOfObservation: { index.owner(of: $0) },
      notices: { change in
        guard let webhook, change.kind != .changed, change.row.severity >= webhook.severity,
          change.row.triage.state == .new, !change.row.isDrill
        else { return [] }
        let now = clock.now()
        let message = WebhookMessage(change.row, city: city, time: now)
        guard let body = try? RecordJSON.text(message) else { return [] }
        return [OutboxEntry(channel: "webhook", body: body, created: now, due: now)]
      }, proposals: { proposals.proposals(of: $0) },
      canary: { alert in canaryKey.flatMap { CanaryLane.id(of: alert, key: $0) } }, hiding: hiding,
      mayBeOwn: { own.mayBe($0, $1) })
  }

  /// Stores and tells. Throws where the store refused: then nothing of the batch was kept, and it comes again.
  func store(_ batch: RecordBatch) throws -> UInt64 {
    let now = clock.now()
    let result: IngestResult
    do {
      try refuseWhileBusy()
      try followPosture()
      if let last = batch.records.last, last.kind == .cursor {
        let cursor = try RecordJSON.decode(IngestCursor.self, from: last.bytes)
        result = try store.ingest(
          eve: batch.records.dropLast().map(\.bytes), cursor: cursor, policy: policy, now: now)
      } else {
        result = try store.ingest(batch, policy: policy, now: now)
      }
    } catch {
      ingested.refused &+= 1
      noteStoreFault()
      throw error
    }
    ingested.took(result)
    sayStoreFault()
    absorb(result, from: batch.source, now)
    return batch.records.last?.kind == .cursor ? batch.last : result.storedThrough
  }

  /// The same for alerts of a sensor, in parts, beside the actor: heartbeats, screens and acts go on between them. After
  /// an error the parts before it are stored, and the sender comes again with what is not.
  func storeAlerts(_ batch: RecordBatch) async throws -> UInt64 {
    let now = clock.now()
    do {
      try refuseWhileBusy()
      try followPosture()
      let policy = policy
      var last: UInt64 = 0
      var rest = batch
      while !rest.records.isEmpty {
        let part = rest.takeFirst(pace.count)
        let result = try await desk.store { [store] in try store.ingest(part, policy: policy, now: now) }
        if part.records.count == pace.count { pace.took(result.work) }
        ingested.took(result)
        absorb(result, from: batch.source, now)
        last = result.storedThrough
      }
      sayStoreFault()
      return last
    } catch {
      ingested.refused &+= 1
      noteStoreFault()
      throw error
    }
  }

  func absorb(_ result: IngestResult, from source: String, _ now: Timestamp) {
    for change in result.changes {
      publish(change.row, change.kind == .made ? .made : change.kind == .returned ? .returned : .counted, now)
    }
    if !result.canaries.isEmpty { canariesStored(result.canaries, clock.now()) }
    if result.alerts > 0 || result.observations > 0 { feed.publish([.news]) }
    if result.unreadable > 0 {
      logger.warning(
        "records could not be read",
        metadata: ["source": "\(source)", "count": "\(result.unreadable)", "first": "\(result.firstReason ?? "")"])
    }
    if result.missing > 0 {
      raise(HubAlert.record(.missing, about: source, "\(result.missing) records of \(source) never came", now: now))
    }
    for interval in result.blindness {
      let packets = interval.packets.map { ", about \($0) packets" } ?? ""
      let text = "\(interval.sensor) was blind for \(interval.seconds) s\(packets): \(interval.reason)"
      raise(HubAlert.record(.wasBlind, about: interval.sensor, text, now: now))
    }
  }

  /// A row whose change nobody may miss is read from the store by each listener; the rest goes by the feed.
  nonisolated func publish(_ row: QueueRow, _ change: StreamItem.Change, _ now: Timestamp) {
    decided.note(row)
    guard change != .made else { return }
    feed.publish([.item(StreamItem(kind: .row, change: change, cursor: "", time: now, row: item(row)))])
  }

  // MARK: rows

  nonisolated func item(_ row: QueueRow) -> QueueItem { QueueItem(row: row, due: due(row)) }

  /// MODEL.md's first clock: critical and high rows must be acknowledged in time. In an open incident it stands still.
  private nonisolated func due(_ row: QueueRow) -> Timestamp? {
    guard row.triage.state == .new, row.severity >= .high, row.incident == nil else { return nil }
    if let due = dues[row.id] { return due }
    let from = row.triage.changedAt ?? row.firstSeen
    let watch = configuration.watch
    let seconds = row.severity == .critical ? watch.acknowledgeCriticalSeconds : watch.acknowledgeHighSeconds
    return Timestamp(nanoseconds: from.nanoseconds &+ Int64(seconds * 1e9))
  }
}

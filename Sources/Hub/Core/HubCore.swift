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
  let feed = ChangeFeed()
  let desk = DiskDesk()
  let logger: Logger
  let started: Timestamp
  let engines: [EngineItem]

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
  var ailments: [String: String] = [:]
  var ownSequence: UInt64 = 1
  var unkept = UnkeptSchedule()
  var lastRetention = Timestamp(nanoseconds: 0)
  var isRetaining = false
  var pace = IngestPace()
  var lastExpiryLook = Timestamp(nanoseconds: 0)
  let content: HubContent?
  /// What the hub works with, and what the state's file was when it was read.
  var contentState = ContentState()
  var contentStamp: [Int]?
  /// Where the tree of `board` was read.
  var treeFolder: String?
  /// By source: roles that work with other content than this.
  var contentBehind: [String: ContentFollower] = [:]

  init(
    configuration: Configuration, store: Store, engines: [EngineItem], tree: IndicatorTree, content: HubContent?,
    clock: WallClock, logger: Logger
  ) throws {
    self.content = content
    contentState = content?.state ?? ContentState()
    treeFolder = content.flatMap { $0.posture(in: $0.state) }
    self.configuration = configuration
    self.store = store
    self.clock = clock
    self.logger = logger
    self.engines = engines
    let now = clock.now()
    started = now
    registry = RoleRegistry(lateSeconds: configuration.watch.lateSeconds)
    if configuration.sensor.enabled, !configuration.sensor.interface.isEmpty {
      registry.expect(sensor: configuration.sensor.name, interface: configuration.sensor.interface, now: now)
    }
    let kept = try store.inventory()
    let inventory = Scheduling.Inventory(kept)
    scheduler = try HubCore.restoredScheduler(configuration, store, now)
    _ = scheduler.replace(inventory, now: now)
    try HubCore.keepCadence(configuration, store, now)
    sites = SiteIndex(sites: kept.sites, platforms: kept.platforms, home: configuration.rules.home)
    board = try HubCore.restoredBoard(store, tree, now)
    acceptances = try store.document(Acceptances.self, kind: "acceptances", id: "all") ?? Acceptances()
    proposalRules = ProposalRules(inventory, addresses: AddressPolicy(allowed: configuration.scan.allow))
  }

  // MARK: records

  /// Who gets what, as it is now; for the store's transaction.
  var policy: IngestPolicy {
    let (index, webhook, city, clock) = (sites, configuration.webhook, configuration.city, clock)
    let board = board
    let proposals = proposalRules
    return IngestPolicy(
      ownerOfAlert: { alert in
        var owner = index.owner(of: alert)
        owner.weakness = owner.site.flatMap { board.weakness(behind: alert.signature.id, atSite: $0)?.id }
        return owner
      }, ownerOfObservation: { index.owner(of: $0) },
      notices: { change in
        guard let webhook, change.kind != .changed, change.row.severity >= webhook.severity,
          change.row.triage.state == .new
        else { return [] }
        let now = clock.now()
        let message = WebhookMessage(change.row, city: city, time: now)
        guard let body = try? RecordJSON.text(message) else { return [] }
        return [OutboxEntry(channel: "webhook", body: body, created: now, due: now)]
      }, proposals: { proposals.proposals(of: $0) })
  }

  /// Stores and tells. Throws where the store refused: then nothing of the batch was kept, and it comes again.
  func store(_ batch: RecordBatch) throws -> UInt64 {
    let now = clock.now()
    let result: IngestResult
    do {
      try followPosture()
      if let last = batch.records.last, last.kind == .cursor {
        let cursor = try RecordJSON.decode(IngestCursor.self, from: last.bytes)
        result = try store.ingest(
          eve: batch.records.dropLast().map(\.bytes), cursor: cursor, policy: policy, now: now)
      } else {
        result = try store.ingest(batch, policy: policy, now: now)
      }
    } catch {
      ailments["store"] = "\(error)"
      throw error
    }
    ailments["store"] = nil
    absorb(result, from: batch.source, now)
    return batch.records.last?.kind == .cursor ? batch.last : result.storedThrough
  }

  /// The same for alerts of a sensor, in parts, beside the actor: heartbeats, screens and acts go on between them. After
  /// an error the parts before it are stored, and the sender comes again with what is not.
  func storeAlerts(_ batch: RecordBatch) async throws -> UInt64 {
    let now = clock.now()
    do {
      try followPosture()
      let policy = policy
      var last: UInt64 = 0
      var rest = batch
      while !rest.records.isEmpty {
        let part = rest.takeFirst(pace.count)
        let start = ContinuousClock.now
        let result = try await desk.store { [store] in try store.ingest(part, policy: policy, now: now) }
        if part.records.count == pace.count { pace.took(start.duration(to: .now)) }
        absorb(result, from: batch.source, now)
        last = result.storedThrough
      }
      ailments["store"] = nil
      return last
    } catch {
      ailments["store"] = "\(error)"
      throw error
    }
  }

  private func absorb(_ result: IngestResult, from source: String, _ now: Timestamp) {
    for change in result.changes {
      publish(change.row, change.kind == .made ? .made : change.kind == .returned ? .returned : .counted, now)
    }
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
    guard change != .made else { return }
    feed.publish([.item(StreamItem(kind: .row, change: change, cursor: "", time: now, row: item(row)))])
  }

  /// An alert of the hub's own, by the way of all alerts.
  func raise(_ record: BatchRecord?) {
    guard let record else { return }
    let boot = UInt64(bitPattern: started.nanoseconds)
    let batch = RecordBatch(source: "hub", boot: boot, first: ownSequence, records: [record])
    do {
      ownSequence = try store(batch) + 1
    } catch {
      logger.error("an alert of the hub's own was not stored", metadata: ["error": "\(error)"])
    }
  }

  // MARK: rows

  nonisolated func item(_ row: QueueRow) -> QueueItem { QueueItem(row: row, due: due(row)) }

  /// MODEL.md's first clock: critical and high rows must be acknowledged in time.
  private nonisolated func due(_ row: QueueRow) -> Timestamp? {
    guard row.triage.state == .new, row.severity >= .high else { return nil }
    let from = row.triage.changedAt ?? row.firstSeen
    let watch = configuration.watch
    let seconds = row.severity == .critical ? watch.acknowledgeCriticalSeconds : watch.acknowledgeHighSeconds
    return Timestamp(nanoseconds: from.nanoseconds &+ Int64(seconds * 1e9))
  }
}

internal import ContentBundle
internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Seam
internal import Store
internal import Wire

/// The roles' side: batches up, leases down.
extension HubCore {
  func joined(_ peer: SeamPeer) -> SeamMessage.Welcome {
    peers[peer.id] = peer
    let source = peer.hello.source
    if peer.hello.role == .scanner {
      unheard[peer.id] = scheduler.leases.values.filter { $0.holder == source }.map(\.id)
    }
    let marks = (try? store.marks(source: source)) ?? []
    logger.info(
      "a role is here",
      metadata: ["role": "\(peer.hello.role.rawValue)", "source": "\(source)", "pid": "\(peer.hello.pid)"])
    return SeamMessage.Welcome(
      marks: marks.map { SeamMessage.StoredMark(source: source, boot: $0.boot, last: $0.last) })
  }

  func left(id: Int) {
    unheard[id] = nil
    guard let peer = peers.removeValue(forKey: id) else { return }
    contentBehind[peer.hello.source] = nil
    logger.info("a role is gone", metadata: ["role": "\(peer.hello.role.rawValue)", "source": "\(peer.hello.source)"])
  }

  func receive(_ message: SeamMessage, from peer: SeamPeer) async {
    let now = clock.now()
    switch message {
    case .batch(let batch): await take(batch, peer)
    case .sensorStatus(let status):
      if let item = registry.heard(status, now: now) {
        feed.publish([.item(StreamItem(kind: .sensor, cursor: "", time: now, sensor: item))])
      }
      keepSight(status, now)
      await heardContent(status.content, of: peer, .sensor, now)
    case .scannerStatus(let status):
      if let item = registry.heard(status, now: now) {
        feed.publish([.item(StreamItem(kind: .scanner, cursor: "", time: now, scanner: item))])
      }
      await heardContent(status.content, of: peer, .scanner, now)
    case .leaseRequest(let request): await grant(request, peer, now)
    case .leaseDone(let done):
      _ = scheduler.completed(lease: done.lease, outcome: done.outcome, now: now)
      settle(done)
      keepCoverage()
    case .leaseRenew(let ids):
      forget(besides: ids, of: peer, now)
      let lost = scheduler.renew(ids, holder: peer.hello.source, now: now)
      if !lost.isEmpty { await peer.tell(.leaseRevoked(lost)) }
    case .reply(let reply): heard(reply, of: peer)
    case .hello, .welcome, .refused, .stored, .leaseGrant, .leaseRevoked, .command: break
    }
  }

  /// A scanner's first word on a connection is which leases it knows of; the others that it had come again at once.
  private func forget(besides ids: [Int64], of peer: SeamPeer, _ now: Timestamp) {
    guard peer.hello.role == .scanner, let before = unheard.removeValue(forKey: peer.id) else { return }
    let (source, boot) = (peer.hello.source, peer.hello.boot)
    let isDeath = boots[source].map { $0 != boot } ?? false
    boots[source] = boot
    scheduler.lost(Set(before).subtracting(ids), holder: source, isDeath: isDeath, now: now)
    keepCoverage()
  }

  /// Answered only once it is stored. A store that refuses (a full disk) keeps the sender's spool growing: it sends
  /// again when the connection is made anew.
  private func take(_ batch: RecordBatch, _ peer: SeamPeer) async {
    guard batch.source == peer.hello.source else {
      return await peer.tell(.refused("a batch of \(batch.source) came from \(peer.hello.source)"))
    }
    do {
      let last = batch.isOfAlerts ? try await storeAlerts(batch) : try store(batch)
      for record in batch.records where record.kind == .observation {
        if let observation = try? RecordJSON.decode(Observation.self, from: record.bytes) {
          scheduler.observed(observation)
        }
      }
      noteScanAddresses(batch)
      await peer.tell(.stored(SeamMessage.StoredMark(source: batch.source, boot: batch.boot, last: last)))
    } catch {
      logger.error("a batch was not stored", metadata: ["source": "\(batch.source)", "error": "\(error)"])
      await peer.tell(.refused("the store could not take the batch: \(error)"))
      await peer.close()
    }
  }

  private func grant(_ request: SeamMessage.LeaseRequest, _ peer: SeamPeer, _ now: Timestamp) async {
    guard configuration.scan.enabled else { return await peer.tell(.leaseGrant([])) }
    let leases = scheduler.lease(
      holder: peer.hello.source, engines: request.engines, limit: min(max(request.capacity, 0), 512), now: now)
    keepCoverage()
    // A grant that could not be kept is not made: after a crash nobody would know of it. The leases run out.
    guard keepSchedule() || leases.isEmpty else { return await peer.tell(.leaseGrant([])) }
    noteScans(leases, now)
    await peer.tell(.leaseGrant(leases.map { accepting(remembering($0)) }))
  }

  /// With what the engine gave to be kept at its last look. A store that cannot tell costs the comparison, not the scan.
  private func remembering(_ lease: Lease) -> Lease {
    guard let site = lease.job.site else { return lease }
    var lease = lease
    do {
      lease.job.known = try store.memory(site: site, engine: lease.job.engine)?.body
      ailments[.memory] = nil
    } catch { ailments[.memory] = "\(error)" }
    return lease
  }

  /// Every connection of these leases ends now.
  func revoke(_ leases: [Lease]) async {
    guard !leases.isEmpty else { return }
    for peer in peers.values where peer.hello.role == .scanner {
      let held = leases.filter { $0.holder == peer.hello.source }.map(\.id)
      if !held.isEmpty { await peer.tell(.leaseRevoked(held)) }
    }
  }
}

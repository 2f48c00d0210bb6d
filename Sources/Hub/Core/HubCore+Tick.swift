internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Store
internal import Wire

/// What a passing second changes.
extension HubCore {
  static let retentionEvery = 60.0

  func tick() {
    let now = clock.now()
    followClock(now)
    followContent(now)
    scheduler.tick(now: now)
    for silence in registry.tick(now: now) { raise(HubAlert.record(silence, now: now)) }
    guard isStoreWell() else { return }
    checkpoint()
    keepClockNews(now)
    tellOwnAlerts()
    keepCoverage()
    do {
      try keepBeginnings()
      for row in try store.elapse(now: now) { publish(row, .returned, now) }
      ailments[.elapse] = nil
    } catch { ailments[.elapse] = "\(error)" }
    tickDuty(now)
    followAudit(now)
    announceExpiries(now)
    elapseNotices(now)
    followSuppressions(now)
    settleOwn(now)
    _ = keepSchedule()
    keepPostureDays(now)
    keepUsedTokens()
    if Double(now.nanoseconds(since: lastRetention)) / 1e9 >= HubCore.retentionEvery { retain(now) }
  }

  /// A fault that it meets is the store's, and said as such.
  private func checkpoint() {
    guard !isCheckpointing else { return }
    isCheckpointing = true
    Task {
      try? await desk.checkpoint { [store] in try store.checkpoint() }
      isCheckpointing = false
    }
  }

  /// Beside the actor: it may have much to delete.
  private func retain(_ now: Timestamp) {
    guard !isRetaining else { return }
    isRetaining = true
    lastRetention = now
    let policy = RetentionPolicy(
      closedSeconds: configuration.retention.ageSeconds, recordSeconds: configuration.retention.ageSeconds,
      byteLimit: Int64(configuration.retention.bytes))
    Task {
      do {
        let result = try await desk.keep { [store] in try store.retain(policy, now: now) }
        ailments[.retention] =
          result.isOverLimit
          ? "the store has \(result.bytes) bytes, more than retention.size, and only open work is left" : nil
      } catch {
        ailments[.retention] = "\(error)"
        // Not a minute later but as soon as the store takes something.
        if store.fault != nil { lastRetention = Timestamp(nanoseconds: 0) }
      }
      isRetaining = false
    }
  }

  func health(within purview: Purview) -> Health {
    sayStoreFault()
    let now = clock.now()
    return Health(
      reasons: Set(ailments.values).sorted(),
      notes: (contentWarnings(now) + (purview.isAll ? deliveryWarnings(now) : [])).map(\.en))
  }

  func end() {
    feed.finish()
    _ = keepSchedule()
    keepUsedTokens()
  }
}

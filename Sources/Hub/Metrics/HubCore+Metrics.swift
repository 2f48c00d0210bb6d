internal import ControlAPI
internal import Records
internal import Store
internal import Wire

/// The hub's figures as text. What the store cannot tell now is left out; that it cannot is one of the figures.
extension HubCore {
  func metrics() -> PlainText {
    let now = clock.now()
    var text = MetricText()
    text.add(.build, [([Hub.version], 1)])
    text.add(.uptime, Double(now.nanoseconds(since: started)) / 1e9)
    text.add(.ailments, ailments.count)
    queueMetrics(&text)
    ingestMetrics(&text)
    outboxMetrics(&text)
    sensorMetrics(&text, now)
    scannerMetrics(&text, now)
    scanMetrics(&text, now)
    requestMetrics(&text)
    storeMetrics(&text)
    return PlainText(text: text.text, mediaType: MetricText.mediaType)
  }

  private func queueMetrics(_ text: inout MetricText) {
    let counters = try? store.counters(since: clock.now())
    text.add(
      .rows,
      (counters?.rows ?? []).map { ([$0.wing.rawValue, $0.severity.rawValue, $0.state.rawValue], Double($0.count)) })
  }

  private func outboxMetrics(_ text: inout MetricText) {
    let outbox = (try? store.outboxCountsByChannel()) ?? []
    text.add(.outbox, outbox.map { ([$0.channel, $0.state], Double($0.count)) })
  }

  private func ingestMetrics(_ text: inout MetricText) {
    text.add(.batches, [(["stored"], Double(ingested.stored)), (["refused"], Double(ingested.refused))])
    text.add(.alerts, ingested.alerts)
    text.add(.observations, ingested.observations)
    text.add(.duplicates, ingested.duplicates)
    text.add(.unreadable, ingested.unreadable)
    text.add(.missing, ingested.missing)
  }

  private func sensorMetrics(_ text: inout MetricText, _ now: Timestamp) {
    let sensors = registry.sensorItems(now: now)
    func each(_ family: MetricFamily, _ value: (SensorItem) -> Double) {
      text.add(family, sensors.map { ([$0.status.sensor], value($0)) })
    }
    text.add(.sensorState, sensors.map { ([$0.status.sensor, $0.state.rawValue], 1) })
    each(.sensorAge) { registry.silence(ofSensor: $0.status.sensor, now: now) }
    each(.packets) { Double($0.status.packets) }
    each(.bytes) { Double($0.status.bytes) }
    each(.sensorAlerts) { Double($0.status.alerts) }
    text.add(
      .drops,
      sensors.flatMap { item in item.status.drops.map { ([item.status.sensor, $0.cause], Double($0.count)) } })
    each(.sensorSpool) { Double($0.status.spoolBytes) }
  }

  private func scannerMetrics(_ text: inout MetricText, _ now: Timestamp) {
    let scanners = registry.scannerItems(now: now)
    text.add(.scannerLate, scanners.map { ([$0.status.scanner], $0.isLate ? 1 : 0) })
    text.add(
      .scannerJobs,
      scanners.flatMap {
        [
          ([$0.status.scanner, "completed"], Double($0.status.jobsCompleted)),
          ([$0.status.scanner, "failed"], Double($0.status.jobsFailed)),
        ]
      })
    text.add(.scannerRunning, scanners.map { ([$0.status.scanner], Double($0.status.running)) })
  }

  private func scanMetrics(_ text: inout MetricText, _ now: Timestamp) {
    let scans = scanOverview(now, within: .all)
    text.add(.sites, scans.sites)
    text.add(.fresh, scans.fresh)
    text.add(.never, scans.never)
    text.add(.denied, scans.notAuthorised)
    text.add(.running, scans.running)
    text.add(.due, scans.classes.map { ([$0.name], Double($0.due)) })
    text.add(.lag, scans.classes.map { ([$0.name], $0.lagSeconds) })
    let coverage = (try? store.coverageCounts()) ?? []
    text.add(.coverage, coverage.map { ([$0.engine, $0.status], Double($0.count)) })
  }

  private func requestMetrics(_ text: inout MetricText) {
    let all = requests.all
    text.add(.requests, all.map { ($0.key.labels, Double($0.record.total)) })
    text.add(
      .durations, all.map { ($0.key.labels, $0.record.counts, $0.record.sum) }, bounds: RequestMeter.bounds)
    text.add(.clients, feed.listenerCount)
  }

  private func storeMetrics(_ text: inout MetricText) {
    text.add(.storeBytes, (try? store.usedBytes()).map { [([], Double($0))] } ?? [])
    text.add(.storeFault, store.fault == nil ? 0 : 1)
    text.add(.auditHead, (try? store.auditEnd()).map { [([], Double($0.id))] } ?? [])
  }
}

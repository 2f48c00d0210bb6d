internal import Flow
internal import Capture
internal import Records
internal import Seam
internal import Wire

/// What a live sensor tells of itself: heartbeats with every drop and its cause, and the time that it was blind.
extension LiveSensor {
  func beat(_ now: Int64) {
    lastBeat = now
    let time = Timestamp(nanoseconds: now)
    let capture = source.statistics
    page?.beat(now: time, interfacePackets: InterfaceCounter.received(source.name))
    page?.count(bytes: capture.bytes, alerts: worker.counters.alerts, drops: capture.kernelDrops)
    seam?.send(.sensorStatus(status(time, capture)))
  }

  private func status(_ time: Timestamp, _ capture: CaptureStatistics) -> SensorStatus {
    SensorStatus(
      sensor: configuration.name, boot: boot, time: time, started: started, interface: source.name,
      packets: capture.packets, bytes: capture.bytes, flows: UInt64(worker.flows.count),
      alerts: worker.counters.alerts, rulesLoaded: totals.loaded,
      rulesRefused: totals.failed, spoolBytes: UInt64(seam?.spool.byteCount ?? 0), drops: drops(capture))
  }

  /// Every way in which something was lost, in words.
  private func drops(_ capture: CaptureStatistics) -> [DropCount] {
    var drops = [
      DropCount(cause: "the capture ring was full: the sensor was too slow", count: capture.kernelDrops),
      DropCount(cause: "the network card or its driver dropped it", count: capture.interfaceDrops),
      DropCount(cause: "the flow table was full", count: worker.flows.counters.memoryCapDrops),
      DropCount(cause: "stream memory was full", count: worker.flows.streamCounters.memoryCapDrops),
      DropCount(cause: output.failure ?? "EVE lines could not be written", count: output.lostLines),
    ]
    drops += seam?.spool.drops ?? []
    return drops.filter { $0.count > 0 }
  }

  /// From the last sign of life of the boot before until now nobody looked; said once, at the start.
  func stateBlindness() {
    let now = Timestamp(nanoseconds: WallClock.nanoseconds())
    guard let previous = page?.previous, let seam else { return }
    let received = InterfaceCounter.received(source.name)
    let missed =
      previous.interfacePackets > 0 && received >= previous.interfacePackets
      ? received - previous.interfacePackets : nil
    let interval = BlindInterval(
      sensor: configuration.name, from: previous.alive, until: now, packets: missed,
      reason: previous.endedCleanly ? "the sensor was stopped" : "the sensor died")
    _ = seam.append(.blindness, json: interval)
  }
}

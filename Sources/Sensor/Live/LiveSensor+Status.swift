internal import Capture
internal import Flow
internal import Records
internal import Seam
package import Wire

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
      rulesRefused: totals.failed, spoolBytes: UInt64(seam?.spool.byteCount ?? 0), drops: drops(capture),
      content: configuration.content, sight: worker.trafficSight, ends: worker.takeTrafficEnds(at: time))
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

  /// From the last sign of life of the boot before until this boot's source was open nobody looked; said once, at the
  /// start. The packets are the interface's count since then, less what the boot before had still read.
  func stateBlindness() {
    guard let previous = page?.previous, let seam else { return }
    var missed: UInt64?
    if previous.interfacePackets > 0, opening.interfacePackets >= previous.interfacePackets {
      let received = opening.interfacePackets - previous.interfacePackets
      let looked = previous.lastPacket >= previous.packetAtBeat ? previous.lastPacket - previous.packetAtBeat : 0
      missed = received > looked ? received - looked : 0
    }
    let interval = BlindInterval(
      sensor: configuration.name, from: previous.alive, until: max(opening.time, previous.alive), packets: missed,
      reason: previous.endedCleanly ? "the sensor was stopped" : "the sensor died")
    _ = seam.append(.blindness, json: interval)
  }
}

/// When a source was opened, and how many packets its interface had seen by then.
package struct CaptureOpening: Sendable {
  package var time: Timestamp
  package var interfacePackets: UInt64

  /// As it is now; called when the source has just been opened.
  package static func now(_ interface: String) -> CaptureOpening {
    CaptureOpening(
      time: Timestamp(nanoseconds: WallClock.nanoseconds()), interfacePackets: InterfaceCounter.received(interface))
  }
}

internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// What sensors tell of what they could see: kept by the hour, attributed by the inventory.
extension HubCore {
  /// The last telling of a sensor's boot that is in the counters.
  struct SightMark {
    var boot: UInt64
    var sight: TrafficSight
  }

  /// Once a minute, when a heartbeat tells the ends. What a hub that was away has missed is not counted.
  func keepSight(_ status: SensorStatus, _ now: Timestamp) {
    guard let sight = status.sight, let ends = status.ends else { return }
    let before = sightMarks[status.sensor]
    sightMarks[status.sensor] = SightMark(boot: status.boot, sight: sight)
    let base: TrafficSight
    if let before, before.boot == status.boot {
      base = before.sight
    } else if status.started >= started {
      base = TrafficSight()
    } else {
      return
    }
    guard let rise = sight.risen(since: base) else { return }
    do {
      try store.add(sum(rise, ends), sensor: status.sensor, at: now)
      ailments[.sight] = nil
    } catch { ailments[.sight] = "\(error)" }
  }

  private func sum(_ rise: TrafficSight, _ ends: TrafficEnds) -> Store.SightSum {
    var sum = Store.SightSum()
    sum.sight = rise
    sum.untold = ends.restBytes
    sum.ended = ends.restBytes
    for end in ends.ends.prefix(TrafficEnds.told) {
      sum.ended &+= end.bytes
      if sites.site(named: end.name, address: end.address, port: end.port) != nil { sum.attributed &+= end.bytes }
    }
    return sum
  }

  func blindness(since: Timestamp, _ now: Timestamp) throws -> Blindness {
    let kept = try store.sights(since: since)
    let here = Dictionary(
      registry.sensorItems(now: now).map { ($0.status.sensor, $0) }, uniquingKeysWith: { first, _ in first })
    var all = Store.SightSum()
    for sum in kept.values { all.add(sum) }
    let sensors = Set(kept.keys).union(here.keys).sorted().map { name in
      let item = here[name]
      return Blindness.Sensor(
        sensor: name, state: item?.state, reason: item?.reason, spoolBytes: item?.status.spoolBytes ?? 0,
        lost: item?.loss?.en, shares: (kept[name] ?? Store.SightSum()).shares)
    }
    return Blindness(sensors: sensors, all: all.shares, intervals: try blindIntervals(since: since, now))
  }

  /// Those that reach into the time after `since`, in order: as sensors stated them and as their silence was heard. What
  /// a duty report calls blind of a sensor is the same.
  nonisolated func blindIntervals(since: Timestamp, _ now: Timestamp) throws -> [BlindInterval] {
    let spans = try store.blindness(from: since, until: Timestamp(nanoseconds: .max), now: now)
    return BlindSpan.joined(spans.filter { $0.cause == .sensor }).map { span in
      BlindInterval(
        sensor: span.source, from: span.from, until: span.until, packets: span.packets, reason: span.reason)
    }
  }
}

extension TrafficSight {
  /// Nil where a counter fell: it is another boot's, or nonsense.
  func risen(since base: TrafficSight) -> TrafficSight? {
    guard flows >= base.flows, bytes >= base.bytes, encryptedBytes >= base.encryptedBytes,
      oneSidedBytes >= base.oneSidedBytes, unknownBytes >= base.unknownBytes
    else { return nil }
    var rise = TrafficSight()
    rise.flows = flows - base.flows
    rise.bytes = bytes - base.bytes
    rise.encryptedBytes = encryptedBytes - base.encryptedBytes
    rise.oneSidedBytes = oneSidedBytes - base.oneSidedBytes
    rise.unknownBytes = unknownBytes - base.unknownBytes
    return rise
  }
}

extension Store.SightSum {
  mutating func add(_ other: Store.SightSum) {
    sight.flows &+= other.sight.flows
    sight.bytes &+= other.sight.bytes
    sight.encryptedBytes &+= other.sight.encryptedBytes
    sight.oneSidedBytes &+= other.sight.oneSidedBytes
    sight.unknownBytes &+= other.sight.unknownBytes
    ended &+= other.ended
    attributed &+= other.attributed
    untold &+= other.untold
  }

  var shares: Blindness.Shares {
    func share(_ part: UInt64, of whole: UInt64) -> Double? {
      whole > 0 ? (1000 * Double(part) / Double(whole)).rounded() / 10 : nil
    }
    let told = ended >= untold ? ended - untold : 0
    return Blindness.Shares(
      flows: sight.flows, bytes: sight.bytes, encrypted: share(sight.encryptedBytes, of: sight.bytes),
      oneSided: share(sight.oneSidedBytes, of: sight.bytes), unknown: share(sight.unknownBytes, of: sight.bytes),
      unattributed: share(told >= attributed ? told - attributed : 0, of: ended),
      notDetermined: share(untold, of: ended))
  }
}

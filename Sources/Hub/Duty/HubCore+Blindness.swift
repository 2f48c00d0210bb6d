internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// When something was not seen: kept as it begins and ends, so that a report of the duty can say so later.
extension HubCore {
  private static let beatEvery = 60.0
  /// Two beats and a little: a hub that was started again at once was not away.
  private static let absence = 150.0

  /// What the hub itself missed: between its last beat and this start.
  func noteAbsence(_ now: Timestamp) throws {
    if let beat = try store.document(Timestamp.self, kind: "duty", id: "beat") {
      if Double(now.nanoseconds(since: beat)) / 1e9 > HubCore.absence {
        try store.keep(
          blindness: BlindSpan(
            cause: .hub, source: "hub", from: beat, until: now,
            reason: "the hub was not running: no site was looked at, nobody was called"), isOver: true)
      }
    } else {
      try store.put(kind: "duty", [(id: "begin", value: now)])
    }
    try beat(now)
  }

  private func beat(_ now: Timestamp) throws {
    duty.lastBeat = now
    try store.put(kind: "duty", [(id: "beat", value: now)])
  }

  func followBlindness(_ now: Timestamp) throws {
    if !unbegun.contains(.absence), abs(Double(now.nanoseconds(since: duty.lastBeat)) / 1e9) >= HubCore.beatEvery {
      try beat(now)
    }
    for sensor in registry.sensorItems(now: now) {
      let silent = sensor.state == .seeing ? nil : sensor.reason ?? sensor.state.rawValue
      try follow("sensor", sensor.status.sensor, silent, isBlindness: true, now)
    }
    for scanner in registry.scannerItems(now: now) {
      try follow("scanner", scanner.status.scanner, scanner.isLate ? "no sign of life" : nil, isBlindness: false, now)
    }
  }

  /// A scanner's silence is told; what it did not look at is in the coverage.
  private func follow(_ role: String, _ name: String, _ reason: String?, isBlindness: Bool, _ now: Timestamp) throws {
    let key = isBlindness ? name : "\(role)/\(name)"
    guard (reason != nil) != duty.blind.contains(key) else { return }
    let words: BilingualText
    if let reason {
      if isBlindness {
        try store.keep(
          blindness: BlindSpan(cause: .sensor, source: name, from: now, until: now, reason: reason), isOver: false)
      }
      duty.blind.insert(key)
      words = BilingualText(en: "\(role) \(name): \(reason)", zh: "\(role) \(name)：\(reason)")
    } else {
      if isBlindness { try store.endBlindness(of: name, at: now) }
      duty.blind.remove(key)
      words = BilingualText(en: "\(role) \(name) is back", zh: "\(role) \(name) 已恢复")
    }
    try store.append(DutyLine(time: now, kind: .fault, text: words))
  }
}

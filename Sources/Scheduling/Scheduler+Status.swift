internal import Records
package import Wire

/// What stands where, for people: computed when asked.
package struct ScheduleStatus: Sendable, Hashable {
  package struct ClassStatus: Sendable, Hashable {
    package var kind: CadenceClass
    package var jobs = 0
    package var running = 0
    /// Due, and not running: ready, or waiting at a gate.
    package var due = 0
    /// Seconds that the longest due one waits.
    package var lag = 0.0
  }
  package var classes: [ClassStatus]
  /// What is due or would be, and waits for a reason: how many.
  package var held: [String: Int]
}

extension Scheduler {
  package func status(now: Timestamp) -> ScheduleStatus {
    var classes = Dictionary(
      uniqueKeysWithValues: CadenceClass.allCases.map { ($0, ScheduleStatus.ClassStatus(kind: $0)) })
    var held: [String: Int] = [:]
    for (index, pair) in pairs.enumerated() {
      let kind = kind(pair, now)
      classes[kind]?.jobs += 1
      switch pair.state {
      case .leased: classes[kind]?.running += 1
      case .stopped: held["stopped by an operator", default: 0] += 1
      case .atGate:
        let gate = gates.firstClosed(pair.gates, to: urgency(index))
        held[gate.map { full(gates[$0].kind) } ?? "next", default: 0] += 1
      case .waiting, .ready: break
      }
      if let hold = pair.entry.held, pair.state == .waiting { held[words(hold), default: 0] += 1 }
      guard pair.state == .ready || pair.state == .atGate || (pair.state == .waiting && pair.entry.due <= now) else {
        continue
      }
      classes[kind]?.due += 1
      let longest = classes[kind]?.lag ?? 0
      classes[kind]?.lag = max(longest, Double(now.nanoseconds(since: pair.entry.due)) / 1e9)
    }
    return ScheduleStatus(classes: CadenceClass.allCases.compactMap { classes[$0] }, held: held)
  }

  /// A light look is of the watch.
  private func kind(_ pair: Pair, _ now: Timestamp) -> CadenceClass {
    guard pair.profile.lightPages != nil, let whole = pair.entry.wholeDue, whole > now else {
      return pair.profile.cadence
    }
    return .watch
  }

  private func full(_ kind: Gate.Kind) -> String {
    switch kind {
    case .host: "another engine is at the host"
    case .address: "jobs enough at the address"
    case .platform: "jobs enough at the platform"
    case .network: "jobs enough in the network"
    }
  }

  private func words(_ hold: Hold) -> String {
    switch hold {
    case .notAuthorised: "not authorised"
    case .refusedAddress: "refused address"
    case .maintenance: "maintenance window"
    case .frozen: "frozen by a guard period"
    }
  }

  /// The seconds within which a (site, engine) that was tested counts as fresh: its interval, and what the jitter takes.
  package func freshness(_ key: Key) -> Double? {
    index[key].map { interval($0, pairs[$0].profile.cadence, pairs[$0].entry.step) * (1 + configuration.jitter) }
  }
}

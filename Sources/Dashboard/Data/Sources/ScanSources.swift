import ControlAPI
import Records

/// Sensors, scanners and the schedule, out of the overview.
extension Source {
  static let scanSources = [
    Source(
      "sensors", "each sensor: what it sees, what it lost and why",
      columns: [.sensor, .state, .interface, .rate, .packets, .dropped, .rules, .behind, .last, .reason],
      usual: [.sensor, .state, .rate, .dropped, .rules, .reason], overview: { $0.sensors }),
    Source(
      "scanners", "each scanner at work",
      columns: [.scanner, .state, .running, .connections, .jobs, .failed, .behind, .last],
      usual: [.scanner, .state, .running, .jobs, .failed, .last], overview: { $0.scanners }),
    Source(
      "cadences", "the classes of the schedule: jobs, what runs, what waits, how late",
      columns: [.name, .jobs, .running, .waiting, .lag], overview: { $0.scans.classes }),
    Source("holds", "why jobs wait", columns: [.reason, .jobs], overview: { $0.scans.held }),
    Source(
      "jobs", "scans that run", columns: [.site, .engine, .scanner, .due], overview: { $0.scans.jobs }),
    Source("stops", "scans that are stopped, by whom", columns: [.site, .who, .since], overview: { $0.scans.stops }),
    Source(
      "guards", "guard periods in force or to come", columns: [.id, .name, .from, .due],
      overview: { $0.scans.guards }),
  ]
}

extension SensorItem: Listed {
  var key: String { status.sensor }

  func value(_ column: Column) -> Value {
    switch column {
    case .sensor, .name: .text(status.sensor)
    case .state: state.value(state == .seeing ? .good : .error)
    case .interface: .text(status.interface)
    case .rate: .bits(bitsPerSecond)
    case .packets: .number(packetsPerSecond)
    case .dropped: .count(dropped)
    case .rules: .count(status.rulesLoaded)
    case .behind: .count(status.spoolBytes)
    case .last: .time(status.time)
    case .reason: reason.map { .text($0) } ?? loss.map { .words($0) } ?? .none
    default: .none
    }
  }
}

extension ScannerItem: Listed {
  var key: String { status.scanner }

  func value(_ column: Column) -> Value {
    switch column {
    case .scanner, .name: .text(status.scanner)
    case .state: isLate ? SensorItem.State.late.value(.error) : SensorItem.State.seeing.value(.good)
    case .running: .count(status.running)
    case .connections: .count(status.connectionsOpen)
    case .jobs: .count(status.jobsCompleted)
    case .failed: .count(status.jobsFailed)
    case .behind: .count(status.spoolBytes)
    case .last: .time(status.time)
    default: .none
    }
  }
}

extension ScanClass: Listed {
  var key: String { name }

  func value(_ column: Column) -> Value {
    switch column {
    case .name: .text(name)
    case .jobs: .count(jobs)
    case .running: .count(running)
    case .waiting: .count(due)
    case .lag: .seconds(lagSeconds)
    default: .none
    }
  }
}

extension ScanHold: Listed {
  var key: String { reason }

  func value(_ column: Column) -> Value {
    switch column {
    case .reason, .name: .text(reason)
    case .jobs: .count(jobs)
    default: .none
    }
  }
}

extension RunningScan: Listed {
  var key: String { "\(site) \(engine)" }
  var leadsTo: Model.Place? { .site(site) }

  func value(_ column: Column) -> Value {
    switch column {
    case .site, .subject: .text(site)
    case .engine, .title: .text(engine)
    case .scanner, .who: .text(scanner)
    case .due: .due(until)
    default: .none
    }
  }
}

extension ScanStop: Listed {
  var key: String { site ?? "*" }

  func value(_ column: Column) -> Value {
    switch column {
    case .site: .text(site ?? "*")
    case .who: .text(by)
    case .since: .time(since)
    default: .none
    }
  }
}

extension GuardPeriod: Listed {
  var key: String { id }

  func value(_ column: Column) -> Value {
    switch column {
    case .id, .subject: .text(id)
    case .name, .title: .text(name)
    case .from, .begun: .time(from)
    case .due, .until: .due(until)
    default: .none
    }
  }
}

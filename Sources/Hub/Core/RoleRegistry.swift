internal import ControlAPI
internal import Records
internal import Wire

/// Sensors and scanners by their heartbeats: who sees, who is blind, who fell silent. Time comes in as an argument.
struct RoleRegistry {
  struct Silence: Equatable {
    let role: String
    let name: String
    let since: Timestamp
    /// Why it is blind, where it said so itself.
    var reason: String?
  }

  /// Silent for so many times the bound: gone, not only late.
  static let goneAfter = 6.0
  /// Names come from peers: more than these are not ours.
  static let mostRoles = 1024

  private struct Sensor {
    var status: SensorStatus
    var heard: Timestamp
    var bitsPerSecond = 0.0
    var packetsPerSecond = 0.0
    var isTold = false
    var isBlindTold = false
  }
  private struct Scanner {
    var status: ScannerStatus
    var heard: Timestamp
    var isTold = false
  }
  private var sensors: [String: Sensor] = [:]
  private var scanners: [String: Scanner] = [:]
  private let late: Double

  init(lateSeconds: Double) { late = lateSeconds }

  /// A sensor that the configuration promises counts as heard at the start, so that its absence is noticed.
  mutating func expect(sensor name: String, interface: String, now: Timestamp) {
    let status = SensorStatus(
      sensor: name, boot: 0, time: now, started: now, interface: interface, blind: "not started yet")
    sensors[name] = Sensor(status: status, heard: now, isBlindTold: true)
  }

  /// `sensor/NAME` or `scanner/NAME`: roles on other machines, of which this configuration says nothing else.
  mutating func expect(_ role: String, now: Timestamp) {
    let parts = role.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return }
    if parts[0] == "sensor" { return expect(sensor: parts[1], interface: "", now: now) }
    let status = ScannerStatus(scanner: parts[1], boot: 0, time: now, started: now)
    scanners[parts[1]] = Scanner(status: status, heard: now)
  }

  mutating func heard(_ status: SensorStatus, now: Timestamp) -> SensorItem? {
    guard sensors.count < RoleRegistry.mostRoles || sensors[status.sensor] != nil else { return nil }
    var entry = Sensor(status: status, heard: now)
    if let before = sensors[status.sensor], before.status.boot == status.boot {
      entry.isBlindTold = before.isBlindTold && status.blind != nil
      let seconds = Double(status.time.nanoseconds(since: before.status.time)) / 1e9
      if seconds > 0.01 {
        entry.bitsPerSecond = rate(before.status.bytes, status.bytes, seconds) * 8
        entry.packetsPerSecond = rate(before.status.packets, status.packets, seconds)
      }
    }
    sensors[status.sensor] = entry
    return item(entry, now)
  }

  mutating func heard(_ status: ScannerStatus, now: Timestamp) -> ScannerItem? {
    guard scanners.count < RoleRegistry.mostRoles || scanners[status.scanner] != nil else { return nil }
    scanners[status.scanner] = Scanner(status: status, heard: now)
    return ScannerItem(status: status, isLate: false)
  }

  /// Those that fell silent, or said that they are blind, since the last call: each once.
  mutating func tick(now: Timestamp) -> [Silence] {
    var result: [Silence] = []
    for (name, sensor) in sensors.sorted(by: { $0.key < $1.key }) {
      if isLate(sensor.heard, now), !sensor.isTold {
        sensors[name]?.isTold = true
        result.append(Silence(role: "sensor", name: name, since: sensor.heard))
      } else if let reason = sensor.status.blind, !sensor.isBlindTold {
        sensors[name]?.isBlindTold = true
        result.append(Silence(role: "sensor", name: name, since: sensor.status.time, reason: reason))
      }
    }
    for (name, scanner) in scanners.sorted(by: { $0.key < $1.key }) where isLate(scanner.heard, now) && !scanner.isTold
    {
      scanners[name]?.isTold = true
      result.append(Silence(role: "scanner", name: name, since: scanner.heard))
    }
    return result
  }

  /// A role that was heard a second ago was, whatever the clock says now.
  mutating func clockWasSetBack(by seconds: Double) {
    for name in sensors.keys { sensors[name].map { sensors[name]?.heard = $0.heard.advanced(seconds: -seconds) } }
    for name in scanners.keys { scanners[name].map { scanners[name]?.heard = $0.heard.advanced(seconds: -seconds) } }
  }

  func sensorItems(now: Timestamp) -> [SensorItem] {
    sensors.values.map { item($0, now) }.sorted { $0.status.sensor < $1.status.sensor }
  }

  /// Seconds since it was heard; 0 of a sensor that nobody knows.
  func silence(ofSensor name: String, now: Timestamp) -> Double {
    sensors[name].map { max(0, Double(now.nanoseconds(since: $0.heard)) / 1e9) } ?? 0
  }

  func scannerItems(now: Timestamp) -> [ScannerItem] {
    scanners.values.map { ScannerItem(status: $0.status, isLate: isLate($0.heard, now)) }
      .sorted { $0.status.scanner < $1.status.scanner }
  }

  private func item(_ sensor: Sensor, _ now: Timestamp) -> SensorItem {
    let silent = Double(now.nanoseconds(since: sensor.heard)) / 1e9
    let state: SensorItem.State =
      silent > late * RoleRegistry.goneAfter
      ? .gone : silent > late ? .late : sensor.status.blind != nil ? .blind : .seeing
    let isHeard = state == .seeing || state == .blind
    let reason =
      isHeard
      ? sensor.status.blind
      : "no sign of life for \(Int(silent)) s" + (sensor.status.blind.map { "; it said: \($0)" } ?? "")
    return SensorItem(
      status: sensor.status, state: state, reason: reason, bitsPerSecond: isHeard ? sensor.bitsPerSecond : 0,
      packetsPerSecond: isHeard ? sensor.packetsPerSecond : 0)
  }

  private func isLate(_ heard: Timestamp, _ now: Timestamp) -> Bool {
    Double(now.nanoseconds(since: heard)) / 1e9 > late
  }

  private func rate(_ before: UInt64, _ after: UInt64, _ seconds: Double) -> Double {
    after >= before ? Double(after - before) / seconds : 0
  }
}

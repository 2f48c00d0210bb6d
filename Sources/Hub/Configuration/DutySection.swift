internal import Documents
internal import Records
internal import Wire

/// The section `duty` of the configuration.
struct DutySection {
  let beside: (String) -> String

  func read(_ map: DocumentValue) throws -> Configuration.Duty {
    var duty = Configuration.Duty()
    try map["roster"].map { duty.roster = try $0.string() }
    try map["rounds"].map { duty.rounds = try $0.int(in: 1...10) }
    try map["pagesPerHour"].map { duty.pagesPerHour = try $0.int(in: 1...1000) }
    try map["guardFactor"].map { duty.guardFactor = try $0.double(in: 0.1...1) }
    try clocks(map, &duty)
    try map["zeroReport"].map { duty.zeroReportSeconds = try timeOfDay($0) }
    if let path = try map["checklist"]?.string(), !path.isEmpty { duty.checklist = beside(path) }
    try canary(map, &duty)
    duty.expects = try map["expects"]?.list().map(role) ?? []
    if let place = map["heartbeat"], case let url = try place.string(), !url.isEmpty {
      guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
        throw DocumentError(.badValue, place.position, "\(place.kind) is not an http or https URL")
      }
      duty.heartbeat = url
    }
    return duty
  }

  private func clocks(_ map: DocumentValue, _ duty: inout Configuration.Duty) throws {
    let day = 1...86_400.0
    let reader = ConfigurationReader(file: map.position.file)
    try map["assign"].map { duty.assignSeconds = try reader.seconds($0, 1...3600) }
    try map["holdCritical"].map { duty.holdCriticalSeconds = try reader.seconds($0, day) }
    try map["holdHigh"].map { duty.holdHighSeconds = try reader.seconds($0, day) }
    try map["take"].map { duty.takeSeconds = try reader.seconds($0, day) }
    try map["canaryEvery"].map { duty.canarySeconds = try reader.seconds($0, 1...3600) }
    try map["canaryLate"].map { duty.canaryLateSeconds = try reader.seconds($0, 1...3600) }
    try map["heartbeatEvery"].map { duty.heartbeatSeconds = try reader.seconds($0, 1...3600) }
  }

  private func canary(_ map: DocumentValue, _ duty: inout Configuration.Duty) throws {
    guard let place = map["canary"], case let text = try place.string(), !text.isEmpty else { return }
    guard let address = IPAddress(text) else {
      throw DocumentError(.badValue, place.position, "\(place.kind) is no address", hint: "for example 192.0.2.1")
    }
    duty.canary = address
  }

  private func timeOfDay(_ value: DocumentValue) throws -> Int {
    let text = try value.string()
    guard text.utf8.count == 5, let moment = LocalMoment(text: "1970-01-01T\(text)") else {
      throw DocumentError(.badValue, value.position, "\(value.kind) is no time of day", hint: "in quotes: \"17:00\"")
    }
    return Int(moment.secondOfDay)
  }

  private func role(_ value: DocumentValue) throws -> String {
    let text = try value.string()
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, ["sensor", "scanner"].contains(parts[0]), (1...64).contains(parts[1].utf8.count) else {
      throw DocumentError(.badValue, value.position, "\(value.kind) is no role", hint: "sensor/NAME or scanner/NAME")
    }
    return text
  }
}

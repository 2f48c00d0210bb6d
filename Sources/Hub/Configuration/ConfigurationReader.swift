package import ControlAPI
internal import Documents
internal import Records
internal import Scheduling
internal import Wire

extension Configuration {
  package static func read(path: String) throws(OperatorMistake) -> Configuration {
    do {
      return try read(text: try DocumentFile.text(path: path), file: path)
    } catch let error as DocumentError {
      throw OperatorMistake(error)
    } catch let error as OperatorMistake {
      throw error
    } catch {
      throw OperatorMistake("configuration.unreadable", at: path, "\(error)")
    }
  }

  /// The first mistake ends it: a configuration holds as a whole or not at all.
  package static func read(text: String, file: String) throws(OperatorMistake) -> Configuration {
    do {
      let root = try YAMLDocument.parse(text, file: file)
      var reader = ConfigurationReader(file: file)
      return try reader.read(root)
    } catch let error as DocumentError {
      throw OperatorMistake(error)
    } catch let error as OperatorMistake {
      throw error
    } catch {
      throw OperatorMistake("configuration.unreadable", at: file, "\(error)")
    }
  }
}

extension OperatorMistake {
  init(_ error: DocumentError) {
    self.init("configuration.\(error.code.rawValue)", at: error.position.description, error.message, hint: error.hint)
  }
}

/// Values out of the document into the configuration, a section at a time.
struct ConfigurationReader {
  let file: String
  private var result = Configuration()

  init(file: String) { self.file = file }

  mutating func read(_ root: DocumentValue) throws -> Configuration {
    result.file = file
    if root.isNull { return result }
    _ = try root.map()
    try refuseUnknown(root, below: "")
    try root["city"].map { result.city = try $0.string() }
    try root["language"].map { result.language = try $0.choice(Configuration.Language.self) }
    if let folder = try root["data"].map({ try $0.string() }), !folder.isEmpty {
      result.data = DataFolder(path: beside(folder))
    }
    try section(root, "sensor") { try sensor($0) }
    try section(root, "rules") { try rules($0) }
    try section(root, "content") { try content($0) }
    try section(root, "eve") { try eve($0) }
    try section(root, "scan") { try scan($0) }
    try section(root, "cadence") { try cadence($0) }
    try section(root, "webhook") { try webhook($0) }
    try section(root, "delivery") { try delivery($0) }
    try section(root, "retention") { try retention($0) }
    try section(root, "watch") { try watch($0) }
    try section(root, "notices") { try notices($0) }
    if result.notices.page.isEmpty { result.notices.page = result.delivery.page?.url ?? "" }
    try section(root, "duty") { result.duty = try DutySection(beside: beside).read($0) }
    try section(root, "api") { try api($0) }
    try section(root, "people") { map in
      try map["unknown"].map { result.people.unknown = try $0.choice(UnknownPeople.self) == .viewer ? .viewer : nil }
    }
    try root["inventory"].map { result.inventory.files = try $0.strings().map(beside) }
    for key in ["sites", "organisations", "authorisations"] {
      if let list = try root[key]?.list(), !list.isEmpty { result.inventory.isInline = true }
    }
    return result
  }

  private func refuseUnknown(_ map: DocumentValue, below prefix: String) throws(DocumentError) {
    if let first = map.unknownKeys(besides: ConfigurationKeys.names(below: prefix)).first { throw first }
  }

  private func section(
    _ root: DocumentValue, _ name: String, below prefix: String? = nil, _ body: (DocumentValue) throws -> Void
  ) throws {
    guard let map = root[name] else { return }
    _ = try map.map()
    try refuseUnknown(map, below: prefix.map { "\($0).\(name)" } ?? name)
    try body(map)
  }

  /// Relative paths are relative to the configuration's own folder.
  private func beside(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    return folder.isEmpty ? (file.hasPrefix("/") ? "/" + path : path) : folder + "/" + path
  }

  private mutating func sensor(_ map: DocumentValue) throws {
    try map["enabled"].map { result.sensor.enabled = try $0.bool() }
    try map["name"].map { result.sensor.name = try $0.string() }
    try map["interface"].map { result.sensor.interface = try $0.string() }
    try map["filter"].map { result.sensor.filter = try $0.string() }
    try map["snapLength"].map { result.sensor.snapLength = try $0.int(in: 64...262_144) }
    try map["buffer"].map { result.sensor.bufferBytes = try bytes($0, 1 << 20...2 << 30) }
    try map["checksums"].map { result.sensor.verifiesChecksums = try $0.bool() }
    try map["user"].map { result.sensor.user = try $0.string() }
    try map["rawEvidence"].map { result.sensor.rawEvidence = try $0.bool() }
  }

  private mutating func rules(_ map: DocumentValue) throws {
    try map["files"].map { result.rules.files = try $0.strings().map(beside) }
    if let folder = try map["posture"]?.string(), !folder.isEmpty { result.rules.posture = beside(folder) }
    if let path = try map["incidents"]?.string(), !path.isEmpty { result.rules.incidents = beside(path) }
    for entry in try map["variables"]?.map() ?? [] {
      result.rules.variables[entry.key] = try entry.value.string()
      if entry.key == "HOME_NET" { result.rules.home = networks(try entry.value.string()) }
    }
  }

  /// The plain networks of a variable; negated parts and names are the rule language's business.
  private func networks(_ text: String) -> [IPPrefix] {
    text.split { "[], ".contains($0) }.compactMap { IPPrefix($0) }
  }

  private mutating func content(_ map: DocumentValue) throws {
    try map["keys"].map { result.content.keys = try $0.strings().map(beside) }
    try map["staleDays"].map { result.content.staleDays = try $0.int(in: 1...3650) }
  }

  private mutating func eve(_ map: DocumentValue) throws {
    try map["enabled"].map { result.eve.enabled = try $0.bool() }
    try map["file"].map { result.eve.file = try $0.string() }
    try map["rotateSize"].map { result.eve.rotateBytes = try bytes($0, 1 << 10...1 << 40) }
    try map["rotateEvery"].map { result.eve.rotateSeconds = Int(try seconds($0, 1...31_536_000)) }
    try map["keep"].map { result.eve.keep = try $0.int(in: 0...10_000) }
    try map["types"].map { result.eve.types = try $0.strings() }
  }

  private mutating func scan(_ map: DocumentValue) throws {
    try map["enabled"].map { result.scan.enabled = try $0.bool() }
    result.scan.allow = try networks(map["allow"])
    try map["engines"].map { result.scan.engines = try $0.strings() }
    if let interval = map["interval"], try interval.string() != "" {
      result.scan.interval = try seconds(interval, 1...31_536_000)
    }
    try map["jitter"].map { result.scan.jitter = try $0.double(in: 0...0.5) }
    try map["concurrency"].map { result.scan.concurrency = try $0.int(in: 1...512) }
    try map["jobsPerAddress"].map { result.scan.jobsPerAddress = try $0.int(in: 1...64) }
    try map["jobsPerPlatform"].map { result.scan.jobsPerPlatform = try $0.int(in: 1...512) }
    try map["jobsPerNetwork"].map { result.scan.jobsPerNetwork = try $0.int(in: 1...512) }
    try map["connectionsPerAddress"].map { result.scan.connectionsPerAddress = try $0.int(in: 1...16) }
    try map["connectsPerSecond"].map { result.scan.connectsPerSecond = try $0.double(in: 0.1...100) }
    try map["requestsPerSecond"].map { result.scan.requestsPerSecond = try $0.double(in: 0.1...100) }
    try map["userAgent"].map { result.scan.userAgent = try $0.string() }
    result.scan.resolver = try map["resolver"]?.list().map(ScanSources.nameServer) ?? []
    if let second = map["secondResolver"], try second.string() != "" {
      result.scan.secondResolver = try ScanSources.nameServer(second)
    }
    if let place = map["trustAnchor"], case let path = try place.string(), !path.isEmpty {
      result.scan.trustAnchors = try ScanSources.anchors(place, file: beside(path))
    }
    let stores = try map["trustStores"]?.list() ?? []
    result.scan.trustStores = try stores.map { try ScanSources.trustStore($0, beside: beside) }
    try map["asksRevocation"].map { result.scan.asksRevocation = try $0.bool() }
    result.scan.addresses = try networks(map["addresses"])
    try map["contact"].map { result.scan.contact = try $0.string() }
    try external(map)
    try section(map, "templates", below: "scan") { try templates($0) }
  }

  private mutating func templates(_ map: DocumentValue) throws {
    if let folder = try map["folder"]?.string(), !folder.isEmpty { result.scan.templates.folder = beside(folder) }
    try map["allow"].map { result.scan.templates.allow = try $0.strings() }
    try map["deep"].map { result.scan.templates.deep = try $0.bool() }
  }

  private mutating func external(_ map: DocumentValue) throws {
    for entry in try map["programs"]?.map() ?? [] {
      let path = try entry.value.string()
      guard path.hasPrefix("/") else {
        throw DocumentError(
          .badValue, entry.value.position, "\(entry.value.kind) is no absolute path", hint: "begin it with /")
      }
      result.scan.programs[entry.key] = path
    }
    if let folder = try map["nucleiTemplates"]?.string(), !folder.isEmpty {
      result.scan.nucleiTemplates = beside(folder)
    }
    if let pin = try map["nucleiPin"]?.string(), !pin.isEmpty { result.scan.nucleiPin = pin }
  }

  private func networks(_ list: DocumentValue?) throws -> [IPPrefix] {
    try (list?.list() ?? []).map { value in
      guard let network = IPPrefix(try value.string()) else {
        throw DocumentError(
          .badValue, value.position, "\(value.kind) is not a network", hint: "for example 10.1.0.0/16")
      }
      return network
    }
  }

  private mutating func cadence(_ map: DocumentValue) throws {
    try map["availability"].map { result.cadence.availability = try pair($0) }
    try map["watch"].map { result.cadence.watch = try pair($0) }
    try map["pages"].map { result.cadence.pages = try seconds($0, ConfigurationReader.intervals) }
    try map["risk"].map { result.cadence.steps = try intervals($0, count: 4, "critical, high, medium, clean") }
  }

  /// From as often as a site should bear to a year.
  private static let intervals = Cadence.shortest...31_536_000

  private func pair(_ value: DocumentValue) throws -> Cadence.Pair {
    let both = try intervals(value, count: 2, "critical sites, others")
    return Cadence.Pair(critical: both[0], others: both[1])
  }

  /// Exactly `count`, none shorter than the one before it.
  private func intervals(_ value: DocumentValue, count: Int, _ names: String) throws -> [Double] {
    let found = try value.list().map { try seconds($0, ConfigurationReader.intervals) }
    guard found.count == count, zip(found, found.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw DocumentError(
        .badValue, value.position, "\(count) intervals are wanted, none shorter than the one before it",
        hint: "they are of \(names)")
    }
    return found
  }

  private mutating func webhook(_ map: DocumentValue) throws {
    guard let place = map["url"], case let url = try place.string(), !url.isEmpty else { return }
    guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
      throw DocumentError(.badValue, place.position, "\(place.kind) is not an http or https URL")
    }
    var secret = try map["secret"]?.string() ?? ""
    if let file = map["secretFile"], case let path = try file.string(), !path.isEmpty {
      let text = try DocumentFile.text(path: beside(path))
      secret = String(text.prefix { !$0.isNewline })
    }
    guard !secret.isEmpty else {
      throw DocumentError(
        .missingKey, place.position, "a webhook needs a secret, or its receiver cannot know us",
        hint: "add webhook.secretFile")
    }
    var webhook = Configuration.Webhook(url: url, secret: secret)
    try map["severity"].map { webhook.severity = try $0.choice(Severity.self) }
    try map["timeout"].map { webhook.timeoutSeconds = try seconds($0, 1...60) }
    try map["attempts"].map { webhook.attempts = try $0.int(in: 1...100) }
    result.webhook = webhook
  }

  private mutating func delivery(_ map: DocumentValue) throws {
    let reader = DeliveryReader(beside: beside)
    try map["attempts"].map { result.delivery.attempts = try $0.int(in: 1...100) }
    try map["age"].map { result.delivery.ageSeconds = try seconds($0, 60...30 * 86_400) }
    try section(map, "mail", below: "delivery") { result.delivery.mail = try reader.mail($0) }
    if let receivers = map["receivers"] { result.delivery.receivers = try reader.receivers(receivers) }
    try section(map, "page", below: "delivery") { result.delivery.page = try reader.page($0) }
  }

  private mutating func retention(_ map: DocumentValue) throws {
    try map["age"].map { result.retention.ageSeconds = try seconds($0, 3600...3650 * 86_400) }
    try map["size"].map { result.retention.bytes = try bytes($0, 10 << 20...1 << 50) }
  }

  private enum UnknownPeople: String, CaseIterable { case none, viewer }

  private mutating func api(_ map: DocumentValue) throws {
    try map["group"].map { result.api.group = try $0.string() }
    try map["requestsPerSecond"].map { result.api.requestsPerSecond = try $0.double(in: 0.1...10_000) }
    try map["burst"].map { result.api.burst = try $0.double(in: 1...100_000) }
    guard let place = map["listen"], case let text = try place.string(), !text.isEmpty else { return }
    guard let (address, port) = ConfigurationReader.endpoint(text) else {
      throw DocumentError(
        .badValue, place.position, "\(place.kind) is no address with a port", hint: "for example 192.0.2.7:8443")
    }
    let certificate = try map["certificate"]?.string() ?? ""
    let key = try map["key"]?.string() ?? ""
    guard !certificate.isEmpty, !key.isEmpty else {
      throw DocumentError(
        .missingKey, place.position, "api.listen without a certificate would carry tokens in the clear",
        hint: "name api.certificate and api.key, or take api.listen away")
    }
    result.api.listener = .init(address: address, port: port, certificate: beside(certificate), key: beside(key))
  }

  /// `192.0.2.7:8443`, `[2001:db8::7]:8443`; port 0 is one that the system chooses.
  private static func endpoint(_ text: String) -> (IPAddress, UInt16)? {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    let host = text[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    guard let address = IPAddress(String(isBracketed ? host.dropFirst().dropLast() : host)),
      address.isV6 == isBracketed
    else { return nil }
    return (address, port)
  }

  private mutating func watch(_ map: DocumentValue) throws {
    try map["late"].map { result.watch.lateSeconds = try seconds($0, 2...3600) }
    try map["acknowledgeCritical"].map { result.watch.acknowledgeCriticalSeconds = try seconds($0, 1...86_400) }
    try map["acknowledgeHigh"].map { result.watch.acknowledgeHighSeconds = try seconds($0, 1...86_400) }
    try map["suppressionLongest"].map {
      result.watch.suppressionLongestSeconds = try seconds($0, 3600...Configuration.Watch.mostSuppressionSeconds)
    }
  }

  private mutating func notices(_ map: DocumentValue) throws {
    try map["severity"].map { result.notices.severity = try $0.choice(Severity.self) }
    if let value = map["number"] {
      let form = try value.string()
      guard form.contains("{number}"), form.utf8.count <= 64 else {
        throw DocumentError(.badValue, value.position, "a number's form has {number} in it, and at most 64 bytes")
      }
      result.notices.number = form
    }
    if let value = map["page"], case let page = try value.string(), !page.isEmpty {
      guard page.hasPrefix("https://") || page.hasPrefix("http://") else {
        throw DocumentError(.badValue, value.position, "\(value.kind) is not an http or https URL")
      }
      result.notices.page = page.hasSuffix("/") ? String(page.dropLast()) : page
    }
    try map["byRule"].map { result.notices.isByRule = try $0.bool() }
    if let folder = try map["folder"]?.string(), !folder.isEmpty { result.notices.folder = beside(folder) }
  }

  func seconds(_ value: DocumentValue, _ range: ClosedRange<Double>) throws(DocumentError) -> Double {
    let found = try value.seconds()
    guard range.contains(found) else {
      let (low, high) = (
        DurationText.text(Int64(range.lowerBound * 1e9)), DurationText.text(Int64(range.upperBound * 1e9))
      )
      throw DocumentError(.badValue, value.position, "\(value.kind) is outside \(low) to \(high)")
    }
    return found
  }

  private func bytes(_ value: DocumentValue, _ range: ClosedRange<Int>) throws(DocumentError) -> Int {
    let found = try value.byteCount()
    guard range.contains(found) else {
      throw DocumentError(
        .badValue, value.position, "\(value.kind) is outside \(range.lowerBound >> 10)kb to \(range.upperBound >> 10)kb"
      )
    }
    return found
  }
}

import ControlAPI
import Engines
import Records
import Scanner
import Wire

/// What a scan will do: its targets, each at one address or at whichever its name has, and the jobs for them.
struct ScanPlan: Sendable {
  struct Place: Sendable {
    var target: Target
    /// What people, JSON and the baseline call it: the URL (`smtp://host:port` with STARTTLS), with the address where
    /// that was given by hand or is one of several.
    var key: String
    var name: String
    /// The target that it is one address of, by index.
    var group: Int
    var jobs: [ScanJob]
  }

  let engines: [any ScanEngine]
  private(set) var places: [Place] = []
  var jobs: [ScanJob] { places.flatMap(\.jobs) }
  var groups: Int { Set(places.map(\.group)).count }

  init(
    _ targets: [Target], _ grants: [ScanGrant], engines: [any ScanEngine], options: ScanOptions, reach: ScanReach,
    memories: [String: [String: String]]
  ) async throws {
    self.engines = engines
    for (group, (target, grant)) in zip(targets, grants).enumerated() {
      let name = options.startTLS.map { ScanPlan.name(target, $0) } ?? target.url
      let addresses = reach.allAddresses ? await ScanPlan.addresses(of: target, reach.family) : []
      let pinned = addresses.isEmpty ? [target.address] : addresses
      for address in pinned {
        var target = target
        target.address = address
        let isPinned = reach.ip != nil || !addresses.isEmpty
        let key = isPinned ? address.map { "\(name) at \($0)" } ?? name : name
        var place = Place(target: target, key: key, name: name, group: group, jobs: [])
        for engine in engines where engine.applies(to: target) {
          place.jobs.append(
            ScanJob(
              id: "\(places.count) \(engine.name)", engine: engine.name, target: target,
              probeClass: grant.probeClass, authorisation: grant.word, allowedNetworks: grant.networks,
              options: options, known: memories[key]?[engine.name]))
        }
        guard !place.jobs.isEmpty else {
          throw OperatorMistake(
            "scan.nothing", at: name, "no engine of \(engines.map(\.name).joined(separator: ", ")) asks such a target",
            hint: "see vigil engines")
        }
        places.append(place)
      }
    }
  }

  private static func name(_ target: Target, _ startTLS: String) -> String {
    let host = target.host.contains(":") ? "[\(target.host)]" : target.host
    return "\(startTLS)://\(host):\(target.port)"
  }

  private static func addresses(of target: Target, _ family: AddressFamily?) async -> [IPAddress?] {
    guard target.address == nil else { return [] }
    return await withCheckedContinuation { continuation in
      let isStarted = Thread {
        let found = Resolver.addresses(of: target.host, family: family, until: Deadline(milliseconds: 20_000))
        continuation.resume(returning: found.map(Optional.some))
      }.start()
      if !isStarted { continuation.resume(returning: []) }
    }
  }

  /// Engines by name, as far as they go with what else was asked.
  static func engines(
    _ question: ScanQuestion, _ reach: ScanReach, _ external: ExternalSettings, _ templates: TemplateEngine
  ) throws -> [any ScanEngine] {
    let own = EngineRegistry.all(with: templates)
    let named = try question.engines.map { try chosen($0, own, external) }
    var engines = named ?? own
    if let starttls = question.starttls {
      engines = try narrowed(engines, isNamed: named != nil, "--starttls \(starttls.rawValue)") {
        StartTLSProtocol.engines.contains($0)
      }
    }
    // The DNS engine asks about the name, wherever the operator says that it is.
    if reach.ip != nil { engines = try narrowed(engines, isNamed: named != nil, "--ip") { $0 != "dns" } }
    for (isSet, option, engine, other) in [
      (question.ports != nil, "--ports", "ports", "nmap"), (question.pages != nil, "--pages", "content", "content"),
      (question.jarm, "--jarm", "tls", "tls"), (question.templates != nil, "--templates", "templates", "templates"),
      (!question.allowedTemplates.isEmpty, "--allow-template", "templates", "templates"),
      (question.deep, "--deep", "templates", "templates"),
    ]
    where isSet && !engines.contains(where: { $0.name == engine || $0.name == other }) {
      throw OperatorMistake(
        "scan.option", "\(option) is for the \(engine) engine, which this scan does not use",
        hint: "leave \(option) away, or add \(engine) to --engines")
    }
    return engines
  }

  private static func narrowed(
    _ engines: [any ScanEngine], isNamed: Bool, _ option: String, _ goes: (String) -> Bool
  ) throws -> [any ScanEngine] {
    if isNamed, let odd = engines.first(where: { !goes($0.name) }) {
      throw OperatorMistake(
        "scan.option", "the \(odd.name) engine does not go with \(option)", hint: "leave one of them away")
    }
    return engines.filter { goes($0.name) }
  }

  private static func chosen(
    _ list: String, _ own: [any ScanEngine], _ external: ExternalSettings
  ) throws -> [any ScanEngine] {
    var names: Set<Substring> = []
    return try list.split(separator: ",").filter { names.insert($0).inserted }.map { name in
      if let engine = own.first(where: { $0.name == name }) { return engine }
      if ExternalTools.names.contains(String(name)) { return try external.engine(String(name)) }
      let known = own.map(\.name) + ExternalTools.names
      let hint = NearestWord.find(String(name), among: known).map { "did you mean \($0)?" }
      throw OperatorMistake(
        "scan.engine", "there is no engine \(Table.harmless(String(name)))",
        hint: hint ?? "one of \(known.joined(separator: ", "))")
    }
  }
}

import ArgumentParser
import ControlAPI
import Dashboard
import Engines
import Hub
import Records

struct EnginesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engines",
    abstract: "The engines that scans may use, what each asks, which external programs are there, how right they are.",
    subcommands: [EngineList.self, EnginePrecision.self], defaultSubcommand: EngineList.self)

  static func items(_ own: [any ScanEngine]) -> [EngineItem] {
    own.map { engine in
      EngineItem(
        name: engine.name, summary: "\(engine.title.en), \(engine.checks.count) checks",
        probeClass: EnginesCommand.reach(of: engine.checks), checks: engine.checks.map(\.id))
    }
  }

  /// The class that its most curious check needs.
  fileprivate static func reach(of checks: [Check]) -> ProbeClass { checks.map(\.probeClass).max() ?? .observe }
}

struct EngineList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The engines, and which external programs are there.")
  @OptionGroup var look: Look
  @Flag(help: "Every check of every engine.") var checks = false
  @Option(help: "The configuration, for external programs that lie elsewhere.") var config: String?

  /// One engine, our own or external.
  private struct Line: Encodable {
    var name: String
    var summary: String
    var probeClass: ProbeClass
    var checks: Int
    /// Of an engine that is there.
    var version: String?
    var isExternal: Bool
    /// Of an external program that was found.
    var program: String?
    /// `built in`, `ready`, `not installed`, or why it is not used.
    var state: String
  }

  private struct CheckItem: Encodable {
    var check: String
    var engine: String
    var severity: Severity
    var probeClass: ProbeClass
    var title: BilingualText
  }

  func run() throws {
    let configuration = try ConfigurationFile.read(config)
    let own = EngineRegistry.all(with: try TemplateChoice(configuration).engine())
    if checks { return try listChecks(own) }
    let external = ExternalEngines.detect(ExternalSettings(configuration.scan))
    let lines = own.map(line) + external.map(line)
    if look.json { return try look.objects(lines) }
    var table = Table([
      .init("ENGINE"), .init("VERSION", isRight: true), .init("CHECKS", isRight: true), .init("UP TO"), .init("STATE"),
      .init("WHAT", yields: true),
    ])
    for line in lines {
      table.add([
        line.name, line.version ?? "-", "\(line.checks)", line.probeClass.rawValue,
        Table.harmless(line.state == "ready" ? line.program ?? "ready" : line.state), line.summary,
      ])
    }
    table.print(look.style)
  }

  private func line(_ engine: any ScanEngine) -> Line {
    Line(
      name: engine.name, summary: "\(engine.title.en) \(engine.title.zh)",
      probeClass: EnginesCommand.reach(of: engine.checks), checks: engine.checks.count, version: engine.version,
      isExternal: false, state: "built in")
  }

  private func line(_ found: ExternalEngines.Detection) -> Line {
    let checks = found.tool.mappedChecks
    var line = Line(
      name: found.tool.name, summary: "\(found.tool.title.en) \(found.tool.title.zh)",
      probeClass: max(EnginesCommand.reach(of: checks), found.tool.probeClass), checks: checks.count,
      isExternal: true, program: found.program, state: "not installed")
    switch found.state {
    case .ready(let version): (line.version, line.state) = (version, "ready")
    case .unusable(let reason): line.state = reason
    case .missing: break
    }
    return line
  }

  private func listChecks(_ own: [any ScanEngine]) throws {
    if look.json {
      return try look.objects(
        own.flatMap { engine in
          engine.checks.map {
            CheckItem(
              check: $0.id, engine: engine.name, severity: $0.severity, probeClass: $0.probeClass, title: $0.title)
          }
        })
    }
    var table = Table([.init("CHECK"), .init("S"), .init("CLASS"), .init("TITLE", yields: true)])
    for check in own.flatMap(\.checks) {
      table.add([
        .init(check.id), .init(check.severity.letter, severity: check.severity),
        .init(check.probeClass.rawValue), .init(check.title.en),
      ])
    }
    table.print(look.style)
  }
}

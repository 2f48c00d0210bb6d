import ArgumentParser
import ControlAPI
import Engines
import Records

struct EnginesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engines", abstract: "The engines that scans may use, and what each asks.")
  @OptionGroup var look: Look
  @Flag(help: "Every check of every engine.") var checks = false

  static var items: [EngineItem] {
    EngineRegistry.all.map { engine in
      EngineItem(
        name: engine.name, summary: "\(engine.title.en), \(engine.checks.count) checks",
        probeClass: EnginesCommand.reach(of: engine), checks: engine.checks.map(\.id))
    }
  }

  /// The class that its most curious check needs.
  private static func reach(of engine: any ScanEngine) -> ProbeClass {
    engine.checks.map(\.probeClass).max() ?? .observe
  }

  private struct CheckItem: Encodable {
    var check: String
    var engine: String
    var severity: Severity
    var probeClass: ProbeClass
    var title: BilingualText
  }

  func run() throws {
    if checks { return try listChecks() }
    if look.json { return try look.objects(EnginesCommand.items) }
    var table = Table([
      .init("ENGINE"), .init("VERSION", isRight: true), .init("CHECKS", isRight: true), .init("UP TO"),
      .init("WHAT", yields: true),
    ])
    for engine in EngineRegistry.all {
      table.add([
        engine.name, engine.version, "\(engine.checks.count)", EnginesCommand.reach(of: engine).rawValue,
        "\(engine.title.en) \(engine.title.zh)",
      ])
    }
    table.print(look.style)
  }

  private func listChecks() throws {
    if look.json {
      return try look.objects(
        EngineRegistry.all.flatMap { engine in
          engine.checks.map {
            CheckItem(
              check: $0.id, engine: engine.name, severity: $0.severity, probeClass: $0.probeClass, title: $0.title)
          }
        })
    }
    var table = Table([.init("CHECK"), .init("S"), .init("CLASS"), .init("TITLE", yields: true)])
    for check in EngineRegistry.all.flatMap(\.checks) {
      table.add([
        .init(check.id), .init(QueueLines.letter(check.severity), code: Style.code(check.severity)),
        .init(check.probeClass.rawValue), .init(check.title.en),
      ])
    }
    table.print(look.style)
  }
}

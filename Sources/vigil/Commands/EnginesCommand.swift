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
        probeClass: engine.checks.map(\.probeClass).max() ?? .observe)
    }
  }

  func run() throws {
    if look.json { return try look.objects(EnginesCommand.items) }
    if checks {
      var table = Table([.init("CHECK"), .init("S"), .init("CLASS"), .init("TITLE", yields: true)])
      for check in EngineRegistry.all.flatMap(\.checks) {
        table.add([
          .init(check.id), .init(QueueLines.letter(check.severity), code: Style.code(check.severity)),
          .init(check.probeClass.rawValue), .init(check.title.en),
        ])
      }
      return table.print(look.style)
    }
    var table = Table([.init("ENGINE"), .init("UP TO"), .init("WHAT", yields: true)])
    for item in EnginesCommand.items { table.add([item.name, item.probeClass.rawValue, item.summary]) }
    table.print(look.style)
  }
}

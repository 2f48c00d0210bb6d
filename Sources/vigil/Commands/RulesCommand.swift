import ArgumentParser
import ControlAPI
import Glibc
import RuleLanguage
import Sensor

struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Works on rule files.",
    subcommands: [RulesCheckCommand.self, RulesExplainCommand.self])
}

struct RulesCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Loads rule files as the sensor would, and says what is wrong with them.",
    discussion: "Exit status 1 when a rule is refused.")

  @Argument(help: "Rule files.") var files: [String]
  @Option(help: "Vigil's configuration or a suricata.yaml, for its variables.") var config: String?
  @Flag(help: "Only the summary.") var quiet = false

  func run() throws {
    let reader = try SensorSettingsReader(config: config, overrides: [])
    do {
      let loaded = try RuleLoading(settings: reader.settings.detection).load(files)
      if !quiet { for diagnostic in loaded.diagnostics { Console.out.line(diagnostic.description) } }
      let totals = loaded.totals
      Console.out.line("\(totals.loaded) rules load, \(totals.failed) are refused, \(totals.skipped) are skipped")
      if totals.failed > 0 { throw ExitCode(1) }
    } catch let error as SensorError {
      throw OperatorMistake("rules.check", error.sentence, hint: error.hint)
    }
  }
}

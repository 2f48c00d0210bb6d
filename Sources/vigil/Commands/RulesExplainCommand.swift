import ArgumentParser
import ControlAPI
import Records
import RuleLanguage
import Sensor

struct RulesExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Says in sentences what rules look for.",
    discussion: """
      Each rule's sentences stand in the order in which it is read; those that hold of one buffer are indented under it.
      Exit status 2 where no rule has the number asked for.
      """)

  @Argument(help: "Rule files.") var files: [String]
  @Option(help: "Only the rule of this number, as 2010935 or 1:2010935.") var sid: [String] = []
  @OptionGroup var tongue: LanguageOption

  func run() throws {
    let rules = try chosen()
    let words = CommandWords(language: tongue.language ?? .en)
    for rule in rules {
      Console.out.line("\(rule.gid):\(rule.sid) rev \(rule.rev)  \(Table.harmless(rule.message))")
      for sentence in rule.explanation {
        let text = words(sentence.meaning.en, sentence.meaning.zh)
        Console.out.line((sentence.isOfBuffer ? "    " : "  ") + Table.harmless(text))
      }
    }
  }

  private func chosen() throws -> [Rule] {
    let rules = try loaded()
    guard !sid.isEmpty else { return rules }
    let found = rules.filter { sid.contains("\($0.sid)") && $0.gid == 1 || sid.contains("\($0.gid):\($0.sid)") }
    guard !found.isEmpty else {
      throw OperatorMistake(
        "rules.explain",
        "no rule of \(files.joined(separator: ", ")) that loads has the number \(sid.joined(separator: ", "))",
        hint: "vigil rules check names the rules that are refused, and why")
    }
    return found
  }

  private func loaded() throws -> [Rule] {
    var sources: [(name: String, bytes: [UInt8])] = []
    do throws(SensorError) {
      for file in files { sources.append((file, try RuleLoading.bytes(of: file))) }
    } catch {
      throw OperatorMistake("rules.explain", error.sentence, hint: error.hint)
    }
    return RuleParser().parse(sources).rules
  }
}

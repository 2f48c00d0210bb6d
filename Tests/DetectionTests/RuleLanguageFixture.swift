import RuleLanguage
import Wire

@testable import Detection

enum RuleLanguageFixture {
  static func parse(_ text: String) -> [Rule] { RuleParser().parse(Array(text.utf8), file: "test.rules").rules }

  static func compile(_ rules: [Rule]) throws -> Compilation {
    try RuleCompiler(variables: RuleVariables.standard()).compile(rules)
  }
}

import RuleLanguage

@testable import Detection

enum RuleLanguageFixture {
  static func parse(_ text: String) -> [Rule] { RuleParser().parse(Array(text.utf8), file: "test.rules").rules }

  static func compile(_ rules: [Rule]) throws -> Compilation {
    try RuleCompiler(variables: RuleVariables.standard()).compile(rules)
  }
}

/// A generator that repeats: tests print the seed.
struct Walk: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

import Testing

@testable import Engines

/// What is said of half an answer must hold of the whole, and what is said without a value whatever the value becomes.
@Suite("What is not known") struct TemplateDoubtTests {
  private static let matchers = [
    "{type: word, words: [ab]}", "{type: word, words: [ab], negative: true}",
    "{type: word, words: [aa, bb], condition: and}",
    "{type: word, words: [AB], case-insensitive: true}", "{type: size, size: [3, 4]}",
    "{type: binary, binary: ['6162']}",
    "{type: regex, regex: ['ab$']}", "{type: regex, regex: ['(?m)^a$']}", "{type: regex, regex: ['b\\b']}",
    "{type: regex, regex: ['a(?!b)']}", "{type: regex, regex: ['a(?=b)']}", "{type: regex, regex: ['a+']}",
    "{type: regex, regex: ['(?>a+)b']}", "{type: regex, regex: ['^a*$']}",
    "{type: regex, regex: ['a\\z'], negative: true}",
    "{type: regex, regex: ['\\Ba']}", "{type: regex, regex: ['a|b$']}", "{type: regex, regex: ['(a)(?:(?=b)|c)']}",
    "{type: dsl, dsl: ['contains(body, \"ab\")']}", "{type: dsl, dsl: ['starts_with(body, \"ab\", \"b\")']}",
    "{type: dsl, dsl: ['ends_with(body, \"a\")']}", "{type: dsl, dsl: ['line_starts_with(body, \"ab\")']}",
    "{type: dsl, dsl: ['line_ends_with(body, \"a\")']}", "{type: dsl, dsl: ['len(body) > 3']}",
    "{type: dsl, dsl: ['contains_all(to_upper(body), \"A\", \"B\")']}",
    "{type: dsl, dsl: ['contains_any(body, \"aa\", \"b b\")']}",
    "{type: dsl, dsl: ['body == \"ab\" || contains(body, \"b\")']}", "{type: dsl, dsl: ['body !~ \"a b\"']}",
    "{type: dsl, dsl: ['regex_all(\"b\", body, \"b\")']}", "{type: dsl, dsl: ['!regex(\"ab$\", body)']}",
    "{type: dsl, dsl: ['content_length == 4']}", "{type: dsl, dsl: ['md5(body) != \"x\"']}",
    "{type: word, part: all, words: [ab]}", "{type: word, part: header, words: [ab], negative: true}",
  ]

  @Test("what a matcher says of the first part of a body it says of the whole")
  func monotony() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chance = TemplateChance(seed: seed)
    var decided = 0
    for matcher in Self.matchers {
      let template = try TemplateBench.read("  - path: [/]\n    matchers: [\(matcher)]")
      let request = template.requests[0]
      for _ in 0..<150 {
        let body = String(
          (0..<Int.random(in: 0...7, using: &chance)).compactMap { _ in "aabb \n".randomElement(using: &chance) })
        var whole = TemplateBench.evaluation(answer: .response(TemplateBench.response(body)))
        let wanted = try #require(request.judged(&whole)).truth
        for count in 0...body.count {
          let answer = TemplateBench.response(String(body.prefix(count)), cut: "cut")
          var part = TemplateBench.evaluation(answer: .response(answer))
          let found = try #require(request.judged(&part)).truth
          if case .unknown = found { continue }
          decided += 1
          #expect(found == wanted, "seed \(seed): \(matcher) of \(count) characters of \(body.debugDescription)")
        }
      }
    }
    #expect(decided > 1000, "seed \(seed): too little was decided: \(decided)")
  }

  /// A random condition over three names.
  private func condition(_ depth: Int, _ chance: inout TemplateChance) -> String {
    if depth == 0 || chance.next() % 5 == 0 { return ["a", "b", "c", "true", "false"][Int(chance.next() % 5)] }
    switch chance.next() % 4 {
    case 0: return "!(\(condition(depth - 1, &chance)))"
    case 1:
      return
        "(\(condition(depth - 1, &chance)) && \(condition(depth - 1, &chance)) && \(condition(depth - 1, &chance)))"
    case 2: return "(\(condition(depth - 1, &chance)) || \(condition(depth - 1, &chance)))"
    default: return "(\(condition(depth - 1, &chance)) == \(condition(depth - 1, &chance)))"
    }
  }

  @Test("a condition that is decided without a value stays so whatever the value is")
  func decided() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chance = TemplateChance(seed: seed)
    var counts: [String: Int] = [:]
    for _ in 0..<300 {
      let text = condition(4, &chance)
      let known = Int(chance.next() % 8)
      let values = Int(chance.next() % 8)
      func scope(_ bits: Int, only known: Int) -> [String: TemplateValue] {
        var scope: [String: TemplateValue] = [:]
        for (index, name) in ["a", "b", "c"].enumerated() where known >> index & 1 == 1 {
          scope[name] = .truth(bits >> index & 1 == 1)
        }
        return scope
      }
      let found = TemplateBench.value(text, scope(values, only: known))
      counts[String(found.prefix(1)), default: 0] += 1
      guard !found.hasPrefix("?") else { continue }
      for rest in 0..<8 {
        let bits = values & known | rest & ~known
        #expect(TemplateBench.value(text, scope(bits, only: 7)) == found, "seed \(seed): \(text)")
      }
    }
    #expect(counts.count == 3, "seed \(seed): \(counts)")
  }
}

import Testing

@testable import Engines

@Suite("The text of expressions") struct ExpressionParserTests {
  @Test(
    "a mistake says where it is, what it is and what to do",
    arguments: [
      ("", "character 1: the expression is empty"), ("1 +", "character 4: the expression ends where a value is needed"),
      ("(1", "character 1: the ( that opens here is never closed (add a ))"),
      ("'abc", "character 1: the quote that opens here is never closed (add a ')"),
      ("1 2", "character 3: an operator or the end is needed here"),
      ("a ? b : c", "character 3: the choice a ? b : c is not read here"),
      ("a & b", "character 3: only && joins conditions here"), ("a = b", "character 3: a comparison is written =="),
      ("a == 1.2.3", "character 6: \"1.2.3\" is no number"), ("#", "character 1: \"#\" has no meaning here"),
      ("\u{7}", "character 1: the control character 7 has no meaning here"),
      ("* 2", "character 1: a value is needed here, not \"*\""), ("f(1", "character 1: there is no function f"),
      ("contians(body, 'a')", "character 1: there is no function contians (did you mean \"contains\"?)"),
      ("len(1", "character 6: a , or ) is needed here"), ("len(1,)", "character 7: a value is needed behind the comma"),
      ("len()", "character 1: len takes 1 argument, here are 0"),
      ("contains('a')", "character 1: contains takes 2 arguments, here are 1"),
      ("split('a')", "character 1: split takes 2 to 3 arguments, here are 1"),
      ("gzip('a')", "character 1: the function gzip is not available: it needs a compressor (take this part out)"),
      (
        "getNetworkPort()",
        "character 1: the function getNetworkPort is not available: it is for network templates (take this part out)"
      ),
      ("'\\d+'", "character 2: \\d means only d here (write \\\\d for a backslash and d)"),
      ("regex('(', body)", "character 7: not a regular expression: missing closing parenthesis"),
      (
        "regex('[漢]', body)",
        "character 7: a class in brackets holds \"漢\", which is several bytes (write (?:a|b) instead of [ab])"
      ),
      (
        "body =~ '\\\\p{L}'",
        "character 9: \\p names classes of Unicode, which are not read here (write the characters out)"
      ),
      ("'{{len(}}'", "character 8: the expression ends where a value is needed"),
    ])
  func mistakes(text: String, error: String) { #expect(TemplateBench.value(text) == "! " + error, "\(text)") }

  @Test("every function can be called by both of its spellings, with its fewest arguments")
  func spellings() throws {
    for function in TemplateFunction.allCases {
      let arguments = (0..<function.arguments.lowerBound).map { _ in "'a'" }.joined(separator: ", ")
      for name in [function.rawValue, function.rawValue.filter { $0 != "_" }] {
        let parsed = try ExpressionParser.parse("\(name)(\(arguments))")
        guard case .call(let called, _, pattern: _) = parsed else { throw EvaluationFailure("no call") }
        #expect(called == function)
      }
      #expect(TemplateFunction.refused[function.rawValue] == nil)
    }
  }

  @Test("a call of every function with arguments of every kind has a value or a reason")
  func everyKind() throws {
    let kinds = ["'a'", "''", "-1", "2", "1.5", "true", "split('a,b', ',')", "body", "999999999999"]
    let answer = TemplateAnswer.response(TemplateBench.response("abc", cut: "cut"))
    for function in TemplateFunction.allCases {
      for count in function.arguments.lowerBound...min(function.arguments.upperBound, 3) {
        var places = [Int](repeating: 0, count: count)
        repeat {
          let text = "\(function.rawValue)(\(places.map { kinds[$0] }.joined(separator: ", ")))"
          #expect(!TemplateBench.value(text, answer: answer).hasPrefix("! "), "\(text)")
        } while advance(&places, below: kinds.count)
      }
    }
  }

  private func advance(_ places: inout [Int], below limit: Int) -> Bool {
    for index in places.indices {
      places[index] += 1
      if places[index] < limit { return true }
      places[index] = 0
    }
    return false
  }

  @Test("limits are said, and nothing traps at them")
  func limits() {
    let deep = String(repeating: "(", count: 40) + "1" + String(repeating: ")", count: 40)
    #expect(TemplateBench.value(deep) == "! character 34: nested deeper than 32, the limit")
    let nots = String(repeating: "!", count: 40) + "true"
    #expect(TemplateBench.value(nots) == "! character 34: nested deeper than 32, the limit")
    let long = "'" + String(repeating: "a", count: 9000) + "'"
    #expect(TemplateBench.value(long) == "! character 1: the expression has more than 8192 bytes, the limit")
    let many = Array(repeating: "1", count: 300).joined(separator: "+")
    #expect(TemplateBench.value(many).hasSuffix("more than 600 values and operators, the limit"))
    #expect(TemplateBench.value(Array(repeating: "1", count: 190).joined(separator: "+")) == "190")
    #expect(TemplateBench.value(Array(repeating: "true", count: 190).joined(separator: "&&")) == "yes")
    let braces = String(repeating: "'{{", count: 40)
    #expect(TemplateBench.value(braces).hasPrefix("! "))
    let slow = TemplateBench.value("regex('^(a+)+$', x)", ["x": TemplateValue(String(repeating: "a", count: 40) + "b")])
    #expect(slow == "? a regular expression took more than 1000000 steps, the limit" || slow == "no", "\(slow)")
  }

  @Test("text with braces is cut into pieces, and put together again")
  func pieces() throws {
    let place = try TemplateReader.read(
      TemplateBench.text("  - path: ['/']\n    matchers: [{type: status, status: [200]}]"), file: "a.yaml"
    ).position
    let rows = [
      ("plain", ["plain"]), ("{{a}}", ["{{a}}"]), ("x{{a}}y{{ b }}z", ["x", "{{a}}", "y", "{{ b }}", "z"]),
      ("{{base64('{{a}}:{{b}}')}}", ["{{base64('{{a}}:{{b}}')}}"]), ("{{md5({{a}})}}", ["{{md5({{a}})}}"]),
      ("{ {a} }", ["{ {a} }"]), ("", []),
      ("{{interactsh-url}}", ["{{interactsh-url}}"]),
    ]
    for (text, pieces) in rows {
      let parsed = try TemplateText(text, at: place)
      #expect(parsed.source == text)
      #expect(parsed.pieces.map { TemplateText([$0], at: place).source } == pieces)
    }
    var evaluation = TemplateBench.evaluation(["a": TemplateValue("u"), "b": TemplateValue("p")])
    #expect(try evaluation.bytes(try TemplateText("{{to_upper({{a}}) + {{ b }}}}", at: place)) == Array("Up".utf8))
    #expect(try evaluation.bytes(try TemplateText("{{base64('{{a}}:{{b}}')}}", at: place)) == Array("dTpw".utf8))
  }

  @Test("a random tree of operators is worth what a plain reckoning says")
  func randomTrees() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chance = TemplateChance(seed: seed)
    for _ in 0..<500 {
      let (text, value) = tree(4, &chance)
      let found = TemplateBench.value(text)
      let wanted = value.map { TemplateEvaluation.printed($0) }
      #expect(wanted.map { found == $0 } ?? found.hasPrefix("? "), "seed \(seed): \(text) is \(found)")
    }
  }

  /// A text with no more parentheses than the left operand needs, and its value; nil where a division by zero is in it.
  private func tree(_ depth: Int, _ chance: inout TemplateChance) -> (String, Double?) {
    if depth == 0 || chance.next() % 4 == 0 {
      let number = Int(chance.next() % 10)
      return ("\(number)", Double(number))
    }
    let (left, first) = tree(depth - 1, &chance)
    let (right, second) = tree(depth - 1, &chance)
    let signs = ["+", "-", "*", "/", "%"]
    let sign = signs[Int(chance.next() % 5)]
    var value: Double?
    if let first, let second {
      switch sign {
      case "+": value = first + second
      case "-": value = first - second
      case "*": value = first * second
      case "/": value = second == 0 ? nil : first / second
      default: value = second == 0 ? nil : first.truncatingRemainder(dividingBy: second)
      }
    }
    return ("(\(left) \(sign) \(right))", value)
  }

  @Test("every cut of an expression is read or refused, and what is read has a value or a reason")
  func truncation() {
    let whole =
      "contains(to_lower(body), 'x') && !regex('a\\\\d+', header) || compare_versions('1.2', '< {{v}}') && -1 + 2 * 3 == 5"
    for count in 0...whole.count { _ = TemplateBench.value(String(whole.prefix(count)), ["v": TemplateValue("2")]) }
    #expect(TemplateBench.value("compare_versions('1.2', '< {{v}}')", ["v": TemplateValue("2")]) == "yes")
  }

  @Test("the same seed draws the same, and a name its own word")
  func chance() throws {
    let text = "rand_base(8) + rand_text_alpha(4) + rand_text_numeric(4) + rand_char('xy') + rand_int(1, 6)"
    #expect(TemplateBench.value(text) == TemplateBench.value(text))
    let first = TemplateBench.value("randstr")
    #expect(first.utf8.count == 27)
    #expect(first == TemplateBench.value("randstr"))
    #expect(first != TemplateBench.value("randstr_1"))
    for _ in 0..<20 {
      let value = Int(TemplateBench.value("rand_int(3, 4)")) ?? 0
      #expect((3...4).contains(value))
    }
    #expect(TemplateBench.value("rand_text_alpha(50, 'abcdefghijklmnopqrstuvwxyz')").allSatisfy { $0.isUppercase })
  }
}

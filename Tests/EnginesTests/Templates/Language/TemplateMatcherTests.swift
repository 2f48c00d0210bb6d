import Testing

@testable import Engines

@Suite("Matchers and extractors") struct TemplateMatcherTests {
  private let page = TemplateBench.response(
    "Welcome to Portal v1.2\n<b>漢字</b>", status: 200,
    [HeaderLine("Server", "nginx/1.18"), HeaderLine("Set-Cookie", "sid=abc; Path=/"), HeaderLine("Set-Cookie", "x=y")])

  /// The verdict of one question with these matchers.
  private func truth(
    _ matchers: String, _ response: TemplateResponse, needsAll: Bool = false, extractors: String = ""
  ) throws -> TemplateTruth {
    let template = try TemplateBench.read(
      """
        - path: [/]
          matchers-condition: \(needsAll ? "and" : "or")
          matchers: \(matchers)
          \(extractors)
      """)
    var evaluation = TemplateBench.evaluation(answer: .response(response))
    return try #require(template.requests[0].judged(&evaluation)).truth
  }

  @Test(
    "each kind of matcher says yes and no",
    arguments: [
      ("{type: status, status: [200, 301]}", true), ("{type: status, status: [404]}", false),
      ("{type: status, status: [404], negative: true}", true), ("{type: size, size: [36]}", true),
      ("{type: size, size: [1]}", false), ("{type: size, part: header, size: [1]}", false),
      ("{type: word, words: [portal]}", false), ("{type: word, words: [Portal]}", true),
      ("{type: word, words: [PORTAL], case-insensitive: true}", true), ("{type: word, words: [Portal, none]}", true),
      ("{type: word, words: [Portal, none], condition: and}", false),
      ("{type: word, words: [Portal, v1], condition: and}", true),
      ("{type: word, words: [none], negative: true}", true), ("{type: word, words: [Portal], negative: true}", false),
      ("{type: word, words: [漢字]}", true), ("{type: word, words: ['506f7274616c'], encoding: hex}", true),
      ("{type: word, words: [nginx]}", false), ("{type: word, part: header, words: [nginx]}", true),
      ("{type: word, part: all_headers, words: [nginx]}", true),
      ("{type: word, part: all, words: [nginx, Portal], condition: and}", true),
      ("{type: word, part: raw, words: ['HTTP/1.1 200 X']}", true),
      ("{type: word, part: response, words: [Portal]}", true),
      ("{type: word, part: status_line, words: ['200 X']}", true), ("{type: word, part: server, words: [nginx]}", true),
      ("{type: word, part: location, words: [nginx]}", false),
      ("{type: word, part: set_cookie, words: ['sid=abc; Path=/, x=y']}", true),
      ("{type: regex, regex: ['v\\d+\\.\\d+']}", true), ("{type: regex, regex: ['^v']}", false),
      ("{type: regex, regex: ['(?m)^<b']}", true),
      ("{type: regex, regex: [Portal, none], condition: and}", false), ("{type: regex, regex: ['(?i)PORTAL']}", true),
      ("{type: regex, regex: ['</b>$']}", true), ("{type: binary, binary: ['506f7274']}", true),
      ("{type: binary, binary: ['00']}", false),
      ("{type: dsl, dsl: ['status_code == 200 && contains(body, \"Portal\")']}", true),
      ("{type: dsl, dsl: ['false', 'len(body) > 5']}", true),
      ("{type: dsl, dsl: ['true', 'len(body) > 500'], condition: and}", false),
      ("{type: dsl, dsl: ['true'], negative: true}", false),
      ("{type: word, words: ['{{to_upper(\"p\")}}ortal']}", true),
    ])
  func kinds(matcher: String, isYes: Bool) throws {
    #expect(try truth("[\(matcher)]", page) == (isYes ? .yes : .no), "\(matcher)")
  }

  @Test("matchers are joined by and, or, negation, over whole and cut answers")
  func conditions() throws {
    let cut = TemplateBench.response("Welcome to Por", cut: "cut at 14 bytes")
    // Each of yes, no, unknown over the cut answer.
    let atoms: [(String, TemplateTruth)] = [
      ("{type: word, words: [Welcome]}", .yes), ("{type: word, words: [Welcome], negative: true}", .no),
      ("{type: word, words: [Portal]}", .unknown("cut at 14 bytes")),
    ]
    for (first, left) in atoms {
      for (second, right) in atoms {
        let both = try truth("[\(first), \(second)]", cut, needsAll: true)
        let either = try truth("[\(first), \(second)]", cut)
        #expect(both == and(left, right), "\(first) and \(second)")
        #expect(either == and(left.negated, right.negated).negated, "\(first) or \(second)")
      }
    }
  }

  private func and(_ a: TemplateTruth, _ b: TemplateTruth) -> TemplateTruth {
    if a == .no || b == .no { return .no }
    return a == .yes ? b : a
  }

  @Test(
    "a cut answer never says no where the rest could say yes",
    arguments: [
      ("{type: word, words: [x]}", TemplateTruth.unknown("cut")), ("{type: word, words: [ab]}", .yes),
      ("{type: word, words: [x], negative: true}", .unknown("cut")), ("{type: word, words: [ab], negative: true}", .no),
      ("{type: regex, regex: [x]}", .unknown("cut")), ("{type: binary, binary: ['00']}", .unknown("cut")),
      ("{type: size, size: [2]}", .unknown("cut")), ("{type: size, size: [3]}", .unknown("cut")),
      ("{type: status, status: [404]}", .no), ("{type: word, part: header, words: [x]}", .no),
      ("{type: word, part: all, words: [x]}", .unknown("cut")),
      ("{type: dsl, dsl: ['contains(body, \"x\")']}", .unknown("cut")),
      ("{type: dsl, dsl: ['status_code == 404 && contains(body, \"x\")']}", .no),
      ("{type: word, words: [x, ab], condition: and}", .unknown("cut")),
    ])
  func cut(matcher: String, wanted: TemplateTruth) throws {
    #expect(try truth("[\(matcher)]", TemplateBench.response("ab", cut: "cut")) == wanted, "\(matcher)")
  }

  @Test("a head that was cut is not known either")
  func cutHead() throws {
    let cut = TemplateBench.response("", [HeaderLine("Server", "a")], cut: "the head was cut")
    #expect(try truth("[{type: word, part: header, words: [x]}]", cut) == .unknown("the head was cut"))
    #expect(try truth("[{type: word, part: server, words: [a]}]", cut) == .yes)
    #expect(try truth("[{type: word, part: location, words: [a]}]", cut) == .unknown("the head was cut"))
  }

  private func taken(_ extractor: String, _ response: TemplateResponse) throws -> TemplateExtraction {
    let template = try TemplateBench.read("  - path: [/]\n    extractors: [\(extractor)]")
    var evaluation = TemplateBench.evaluation(answer: .response(response))
    return template.requests[0].extractors[0].taken(&evaluation)
  }

  @Test(
    "each kind of extractor takes what is there",
    arguments: [
      ("{type: regex, regex: ['v(\\d+)\\.(\\d+)']}", ["v1.2"]),
      ("{type: regex, regex: ['v(\\d+)\\.(\\d+)'], group: 2}", ["2"]),
      ("{type: regex, regex: ['[A-Z]\\w+']}", ["Welcome", "Portal"]), ("{type: regex, regex: ['x*']}", []),
      ("{type: regex, regex: [none]}", []), ("{type: regex, part: header, regex: ['nginx/[\\d.]+']}", ["nginx/1.18"]),
      ("{type: kval, kval: [server]}", ["nginx/1.18"]), ("{type: kval, kval: [SID, x]}", ["abc", "y"]),
      ("{type: kval, kval: [location]}", []),
      ("{type: dsl, dsl: ['to_upper(server)', 'len(body)']}", ["NGINX/1.18", "36"]),
    ])
  func extractors(extractor: String, values: [String]) throws {
    #expect(try taken(extractor, page).values == values, "\(extractor)")
  }

  @Test(
    "paths of JSON walk keys, indexes and lists",
    arguments: [
      (".a", ["1"]), (".b.c", ["x"]), (".l[0].n", ["p"]), (".l[].n", ["p", "q"]), (".l[5].n", []), (".b", []),
      (".a.b", []),
      (".none", []), (".e-f_1", ["y"]),
    ])
  func json(path: String, values: [String]) throws {
    let body = #"{"a": 1, "b": {"c": "x"}, "l": [{"n": "p"}, {"n": "q"}], "e-f_1": "y"}"#
    #expect(try taken("{type: json, json: ['\(path)']}", TemplateBench.response(body)).values == values, "\(path)")
  }

  @Test("other forms of jq are refused")
  func jq() {
    for text in ["a", ".a | length", ".a[", ".a[x]", "..a", ".a[0]b", ".a]", ".[-1]", ".a?", "", ". a"] {
      #expect(JSONPath(text) == nil, "\(text)")
    }
    #expect(JSONPath(".")?.values(in: Array("\"x\"".utf8)) == ["x"])
    #expect(JSONPath(".[1]")?.values(in: Array("[1,2]".utf8)) == ["2"])
    #expect(JSONPath(".a")?.values(in: Array("not json".utf8)) == [])
  }

  @Test("what is taken is bounded, and says when there may be more")
  func bounds() throws {
    let many = TemplateBench.response((0..<500).map { "n\($0) " }.joined())
    #expect(try taken("{type: regex, regex: ['n\\d+']}", many).values.count == 50)
    let same = TemplateBench.response(String(repeating: "a ", count: 20_000))
    #expect(try taken("{type: regex, regex: [a]}", same).values == ["a"])
    let long = TemplateBench.response(String(repeating: "a", count: 10_000))
    #expect(try taken("{type: regex, regex: ['a+']}", long).values.map(\.utf8.count) == [4096])
    let cut = try taken("{type: regex, regex: [b]}", TemplateBench.response("a", cut: "cut"))
    #expect(cut == TemplateExtraction(values: [], doubt: "cut"))
  }

  @Test("names that an answer has, and that none has")
  func parts() {
    let rows: [(String, TemplatePart?)] = [
      ("body", TemplatePart(.body)), ("body_2", TemplatePart(.body, number: 2)),
      ("status_code_12", TemplatePart(.statusCode, number: 12)),
      ("content_type", TemplatePart(.field("content-type"))), ("x_a_b_1", TemplatePart(.field("x-a-b"), number: 1)),
      ("body_0", nil), ("body_", nil), ("body_100", nil), ("bdy", nil), ("_1", nil), ("", nil), ("x_", nil),
      ("12", nil),
    ]
    for (name, part) in rows { #expect(TemplatePart(name: name) == part, "\(name)") }
  }
}

import PatternMatching
import Testing

@Suite struct RegularExpressionTests {
  private func match(_ text: String, _ subject: String, _ options: RegularExpression.Options = [], from: Int = 0)
    throws -> (Range<Int>?, [Range<Int>?])
  {
    let expression = try RegularExpression(text, options)
    let workspace = ExpressionWorkspace()
    let bytes = Array(subject.utf8)
    let range = unsafe bytes.withUnsafeBytes { unsafe workspace.match(expression, $0, from: from) }
    return (range, range == nil ? [] : (1..<(expression.captureCount + 1)).map { workspace.capture($0) })
  }

  @Test("a match tells its place and its groups, also those that took no part")
  func groups() throws {
    let (range, captures) = try match("(a+)(x)?(b)", "zaab")
    #expect(range == 1..<4)
    #expect(captures == [1..<3, nil, 3..<4])
  }

  @Test("a search from a place sees what lies before it")
  func from() throws {
    #expect(try match("^b", "ab", from: 1).0 == nil)
    #expect(try match("(?<=a)b", "ab", from: 1).0 == 1..<2)
    #expect(try match("b", "", from: 0).0 == nil)
    #expect(try match("", "", from: 0).0 == 0..<0)
  }

  @Test("named groups are listed by number")
  func names() throws {
    let expression = try RegularExpression("(?<first>a)(b)(?<third>c)")
    #expect(expression.names.map(\.name) == ["first", "third"])
    #expect(expression.names.map(\.group) == [1, 3])
  }

  @Test(
    "an expression that cannot be compiled is a value with its place",
    arguments: ["(", "[", "*", "(?<n", "\\", "a{2,1}"])
  func refused(_ text: String) {
    #expect(throws: PatternError.self) { try RegularExpression(text) }
  }

  @Test("an expression that explodes is given up and counted")
  func limits() throws {
    let workspace = ExpressionWorkspace(matchLimit: 1_000, depthLimit: 1_000)
    let expression = try RegularExpression("(a+)+$")
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 60) + [UInt8(ascii: "b")]
    let range = unsafe bytes.withUnsafeBytes { unsafe workspace.match(expression, $0) }
    #expect(range == nil)
    #expect(workspace.limitHits == 1)
  }
}

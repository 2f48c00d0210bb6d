import Testing
import Wire

@testable import RuleLanguage

@Suite struct IntegerTests {
  @Test(
    "comparisons match as documented",
    arguments: [
      ("19", [19], [18, 20]), ("=0x13", [19], [18]), ("!0x14", [19], [20]), ("!=20", [19], [20]), (">21", [22], [21]),
      (">=21", [21], [20]), ("<22", [21], [22]), ("<=22", [22], [23]), ("19-22", [20, 21], [19, 22]),
      ("19<>22", [20, 21], [19, 22]), ("!19-22", [19, 22], [20, 21]), ("&0xc0=0x80", [0x80, 0xbf], [0xc0, 0]),
      ("&0xc0!=0", [0x40], [0x3f]), ("&1", [3], [2]), ("!&1", [2], [3]), ("2KiB", [2048], [2]),
    ] as [(String, [UInt64], [UInt64])])
  func comparison(_ text: String, _ hits: [UInt64], _ misses: [UInt64]) throws {
    let parsed = try #require(IntegerSyntax.parse(Array(text.utf8)[...]))
    for hit in hits { #expect(parsed.matches(hit)) }
    for miss in misses { #expect(!parsed.matches(miss)) }
    #expect(IntegerSyntax.parse(Array(parsed.text.utf8)[...]) == parsed)
  }

  @Test(
    "what is no comparison is refused", arguments: ["", "!", "<", "a", "5-5", "5-6", "9-1", "&", "&3=4", "1e3", "-1"])
  func refused(_ text: String) { #expect(IntegerSyntax.parse(Array(text.utf8)[...]) == nil) }

  @Test("dates go there and back", arguments: [0, 951_782_400, 1_456_704_000, 4_102_444_799] as [UInt64])
  func dates(_ seconds: UInt64) { #expect(Dates.seconds(Array(Dates.text(seconds).utf8)[...]) == seconds) }
}

@Suite struct VariableTests {
  private func set(_ text: String, _ groups: [(String, String)] = []) throws -> String {
    var variables = RuleVariables()
    for (name, value) in groups { try variables.setAddresses(name, value) }
    try variables.resolve()
    let expression = try ExpressionParser.addresses(Array(text.utf8)[...])
    return try variables.addresses(of: expression).ranges
      .map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: " ")
  }

  @Test(
    "address expressions come to ranges",
    arguments: [
      ("[10.0.0.0/30,10.0.0.4]", "10.0.0.0-10.0.0.4"),
      ("[10.0.0.0/29,!10.0.0.2/31]", "10.0.0.0-10.0.0.1 10.0.0.4-10.0.0.7"),
      ("![0.0.0.0/0]", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), ("[$A,!$B]", "192.168.0.0-192.168.0.255"),
      ("10.0.0.9-10.0.0.12", "10.0.0.9-10.0.0.12"), ("10.1.0.0/255.255.0.0", "10.1.0.0-10.1.255.255"),
      ("[any,!::/0]", "0.0.0.0-255.255.255.255"),
      (
        "[![10.0.0.0/8,!10.0.0.1],!::/0]",
        "0.0.0.0-9.255.255.255 10.0.0.1 11.0.0.0-255.255.255.255"
      ),
    ])
  func ranges(_ text: String, _ expected: String) throws {
    #expect(try set(text, [("A", "[192.168.0.0/23]"), ("B", "192.168.1.0/24")]) == expected)
  }

  @Test("cycles, unknown names and empty groups are told")
  func problems() {
    #expect(throws: RuleVariables.Problem(sentence: "the group '$A' is defined by itself: A -> B -> A")) {
      try set("any", [("A", "$B"), ("B", "[1.1.1.1,$A]")])
    }
    #expect(
      throws: RuleVariables.Problem(sentence: "the address group '$HOMENET' is not defined (did you mean '$HOME_NET'?)")
    ) { try set("$HOMENET", [("HOME_NET", "any")]) }
    #expect(throws: RuleVariables.Problem(sentence: "'!any' leaves no address")) { try set("!any") }
  }

  @Test("the standard groups hold, and a rule with an unknown one is left out")
  func standard() throws {
    let variables = try RuleVariables.standard(addresses: [("HOME_NET", "any"), ("EXTERNAL_NET", "any")])
    #expect(try variables.addresses(of: .variable("HTTP_SERVERS")).isAny)
    #expect(try variables.ports(of: .variable("SHELLCODE_PORTS")).ranges == [0...79, 81...65535])
    let rules = parse("alert tcp $NOWHERE any -> any any (sid:1;)\nalert tcp any any -> any $HTTP_PORTS (sid:2;)").rules
    let checked = variables.check(rules, file: "t.rules")
    #expect(checked.rules.map(\.sid) == [2])
    #expect(
      checked.diagnostics.map(\.description) == ["t.rules:1:1: error: the address group '$NOWHERE' is not defined"])
  }

  @Test("subtraction agrees with sets of small numbers")
  func intervals() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<500 {
      func some() -> [ClosedRange<UInt16>] {
        (0..<Int.random(in: 0...4, using: &random)).map { _ in
          let low = UInt16.random(in: 0...20, using: &random)
          return low...(low + UInt16.random(in: 0...6, using: &random))
        }
      }
      let a = some()
      let b = some()
      let expected = Set(a.flatMap { Array($0) }).subtracting(b.flatMap { Array($0) })
      let result = IntervalSet.subtract(b, from: a)
      #expect(Set(result.flatMap { Array($0) }) == expected)
      #expect(result == IntervalSet.normalised(result))
    }
  }
}

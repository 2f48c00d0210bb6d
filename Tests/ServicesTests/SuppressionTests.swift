import Records
import Testing
import Wire

@testable import Services

struct SuppressionTests {
  static let now = AlertFoldTests.start

  static func suppression(_ change: (inout Suppression) -> Void = { _ in }) -> Suppression {
    var value = Suppression(
      id: "s1", reason: "r", author: "li", created: now, until: now.advanced(seconds: 3 * 86_400))
    change(&value)
    return value
  }

  @Test(
    "Every part that is named must hold",
    arguments: [
      ("1:1", nil, nil, nil, nil, true), ("1:2", nil, nil, nil, nil, false), (nil, "a", nil, nil, nil, true),
      (nil, "b", nil, nil, nil, false), (nil, nil, "o", nil, nil, true), (nil, nil, "other", nil, nil, false),
      (nil, nil, nil, "0.0.0.0/30", nil, true), (nil, nil, nil, "10.0.0.0/8", nil, false),
      (nil, nil, nil, nil, true, true), (nil, nil, nil, nil, false, false), ("1:1", "a", "o", "0.0.0.1/32", true, true),
      ("1:1", "a", "o", "0.0.0.2/32", true, false),
    ] as [(String?, String?, String?, String?, Bool?, Bool)])
  func parts(rule: String?, site: String?, organisation: String?, network: String?, filter: Bool?, holds: Bool) {
    let value = Self.suppression {
      ($0.rule, $0.site, $0.organisation) = (rule, site, organisation)
      $0.network = network.flatMap { IPPrefix($0) }
      $0.filter = filter.map { _ in "x" }
    }
    let rules = SuppressionRules([
      .init(value, organisations: organisation.map { [$0] }, matches: { _ in filter == true })
    ])
    let owner = SiteAttribution(site: "a", organisation: "o", subject: "a", remote: IPAddress(v4: 1))
    let row = AlertFold.absorb(JudgedCase.request(), owner, nil, Self.now).row
    let found = rules.suppression(JudgedCase.request(), owner) { row }
    #expect((found != nil) == holds && rules.isHolding("s1") && !rules.isHolding("s2"))
    #expect(rules.thresholds(JudgedCase.request(), owner) { row }.isEmpty)
  }

  @Test("One behind a declared proxy is suppressed by the client, not by the proxy")
  func client() {
    let value = Self.suppression { $0.network = IPPrefix("0.0.0.1/32") }
    let rules = SuppressionRules([.init(value)])
    let behind = SiteAttribution(
      site: "a", subject: "a", remote: IPAddress("198.51.100.7"), client: IPAddress("198.51.100.7"))
    #expect(rules.suppression(JudgedCase.request(), behind) { fatalError("no filter asks") } == nil)
  }

  @Test("It names something, gives a reason, ends, and not too late")
  func refusals() {
    func refusal(_ change: (inout Suppression) -> Void) -> String? {
      SuppressionRules.refusal(
        Self.suppression {
          $0.rule = "1:1"
          change(&$0)
        }, now: Self.now, longestSeconds: 90 * 86_400)
    }
    #expect(refusal { _ in } == nil)
    #expect(refusal { $0.rule = nil }?.hasPrefix("it names nothing") == true)
    #expect(refusal { $0.reason = "" }?.hasPrefix("it wants a reason") == true)
    #expect(refusal { $0.until = Self.now }?.hasSuffix("has passed") == true)
    #expect(refusal { $0.until = Self.now.advanced(seconds: 91 * 86_400) }?.contains("at most") == true)
    #expect(refusal { $0.limit = .init(most: 0, seconds: 60, per: .rule) }?.contains("threshold") == true)
    #expect(refusal { $0.limit = .init(most: 5, seconds: 0, per: .rule) }?.contains("counts over") == true)
    #expect(refusal { $0.limit = .init(most: 5, seconds: 60, per: .site) } == nil)
  }

  @Test("Its end is said once, within its last day, if it was to hold longer than that")
  func announces() {
    let value = Self.suppression()
    func must(_ days: Double, _ value: Suppression) -> Bool {
      SuppressionRules.mustAnnounce(value, now: Self.now.advanced(seconds: days * 86_400))
    }
    #expect(!must(1.9, value) && must(2.1, value) && !must(3.1, value))
    #expect(!must(2.1, Self.suppression { $0.isAnnounced = true }))
    #expect(!must(2.1, Self.suppression { $0.endedBy = "li" }))
    #expect(!must(0.1, Self.suppression { $0.until = Self.now.advanced(seconds: 43_200) }))
  }
}

import Records
import Testing
import Wire

@testable import ControlAPI

@Suite struct FilterTests {
  private static let now = Timestamp(seconds: 1_800_000_000)

  private static func item(
    severity: Severity = .high, state: TriageState = .new, site: String? = "tax.example.gov", ageSeconds: Int64 = 60,
    title: String = "web shell answered a command", who: String? = nil, outcome: Outcome = .succeeded, due: Int64? = nil
  ) -> QueueItem {
    let seen = Timestamp(seconds: now.seconds - ageSeconds)
    var triage = Triage(state: state)
    triage.assignee = who
    let row = QueueRow(
      id: 7, wing: .sensor, key: FoldKey(rawValue: "k"), title: BilingualText(en: title, zh: "网页后门"),
      severity: severity, outcome: outcome, triage: triage, site: site, organisation: "tax", subject: "192.0.2.7:443",
      check: "1:2024897", count: 12, firstSeen: seen, lastSeen: seen, parent: 3)
    return QueueItem(row: row, due: due.map { Timestamp(seconds: now.seconds + $0) })
  }

  @Test(
    "a row passes the filters that describe it and no others",
    arguments: [
      ("", true), ("severity>=high", true), ("severity>high", false), ("severity:h", true), ("severity<=medium", false),
      ("state:new,acknowledged", true), ("state:closed", false), ("state!=new", false), ("site:tax*", true),
      ("site:*.gov", true), ("site:tax", false), ("since:2h", true), ("since:30s", false), ("since<30s", true),
      ("since:2020-01-01", true), ("since:2030-01-01T00:00:00Z", false), ("\"Web Shell\"", true), ("shell", true),
      ("网页", true), ("nothing", false), ("rule:2024897", true), ("rule:1:2024897", true), ("rule:\"web shell*\"", true),
      ("count>=12 count<13", true), ("not state:closed", true), ("-severity:high", false), ("overdue:true", true),
      ("outcome:succeeded,compromised or severity:low", true), ("outcome:failed or state:new", true),
      ("state:new (outcome:failed or severity>=high) site:tax*", true),
      ("state:closed (outcome:failed or severity>=high)", false),
      ("who:\"\"", true), ("who:ann", false), ("open:yes and wing:sensor", true), ("subject:192.0.2.*", true),
      ("(state:closed or state:new) -(site:bank* or who:ann)", true), ("id:7", true), ("under:3", true),
      ("under:4", false),
      ("own:no place:shown -gathers:* -judged:* -hidden:*", true), ("own:yes", false), ("hidden:*", false),
      ("or:1 or state:new", nil),
    ] as [(String, Bool?)])
  func matching(_ text: String, _ expected: Bool?) throws {
    guard let expected else {
      #expect(throws: FilterError.self) { try Filter(text, .queue) }
      return
    }
    let filter = try Filter(text, .queue)
    #expect(filter.matches(Self.item(due: -5).at(Self.now), now: Self.now) == expected)
  }

  @Test(
    "a mistake is told with its column and what to do",
    arguments: [
      ("severty:high", "filter:1: no field is called severty; did you mean severity?"),
      ("state:new severity>=hihg", "filter:21: severity cannot be \"hihg\"; did you mean high?"),
      ("site:a \"open", "filter:8: the quote opened here is never closed; add a \""),
      ("(state:new", "filter:1: the parenthesis opened here is never closed; add a )"),
      ("state:new)", "filter:10: this parenthesis closes nothing; remove it"),
      ("site>=a", "filter:1: site has no order, so >= says nothing; use site:"),
      ("severity>=", "filter:11: severity wants a value here; for example critical"),
      ("severity>=high,low", "filter:16: >= takes one value"),
      (
        "since:yesterday",
        "filter:7: since cannot be \"yesterday\"; 2h, 30m or 7d before now, or a moment such as "
          + "2026-11-22T03:04:05Z"
      ),
      ("state:new or", "filter:13: a term is missing here; for example severity>=high"),
      (":new", "filter:1: a field or a text is expected here; for example site:tax*"),
      ("count:many", "filter:7: count cannot be \"many\"; a number"),
      ("overdue:perhaps", "filter:9: overdue cannot be \"perhaps\"; true or false"),
    ])
  func mistakes(_ text: String, _ told: String) {
    #expect { try Filter(text, .queue) } throws: { "\($0)" == told }
  }

  @Test("nesting and length are limited")
  func limits() {
    let deep = String(repeating: "(", count: 5000)
    #expect { try Filter(deep, .queue) } throws: { ($0 as? FilterError)?.code == .tooLong }
    let nested = String(repeating: "(", count: 40) + "a" + String(repeating: ")", count: 40)
    #expect { try Filter(nested, .queue) } throws: { ($0 as? FilterError)?.code == .tooDeep }
    let negated = String(repeating: "not ", count: 400) + "a"
    #expect { try Filter(negated, .queue) } throws: { ($0 as? FilterError)?.code == .tooDeep }
  }

  @Test("no text of random pieces traps the parser")
  func randomTexts() {
    let pieces = [
      "severity", "state", ":", ">=", "!=", "!", "(", ")", "\"", ",", " ", "-", "or", "not", "new", "*", "é", "\\",
    ]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }
      if let filter = try? Filter(text.joined(), .queue) {
        _ = filter.matches(Self.item(), now: Self.now)
      }
    }
  }

  @Test("every field of a schema is answered by its rows", arguments: FilterSchema.queue.fields.map(\.name))
  func fieldsAreAnswered(_ name: String) {
    var item = Self.item(due: 3)
    item.row.triage.verdict = .fixed
    item.row.findingState = .open
    item.row.hiddenBy = "s1"
    item.row.parent = 4
    item.row.gathering = Gathering(axis: .wave)
    item.row.triage.judged = PersonJudgement(
      outcome: .failed, reason: "r", by: "li", at: Self.now, machine: .attempted)
    var facet = Facet()
    facet.add("x")
    let facets = AlertFacets(sources: facet, targets: facet, sensors: facet, urls: facet)
    #expect(!FacetedQueueItem(item.at(Self.now), facets).filterValues(name).isEmpty)
  }

  @Test("an organisation is named by id or name and stands for all below it, and me for who asks")
  func resolution() throws {
    let organisations = [("tax", "Tax Office", nil), ("tax-east", "East", "tax"), ("east-2", "Two", "tax-east")].map {
      Organisation(id: $0, name: BilingualText(en: $1, zh: "税务"), parent: $2)
    }
    let context = FilterContext(
      me: "Ann",
      organisations: OrganisationNames(
        organisations + [
          Organisation(id: "water", name: BilingualText(en: "Water", zh: "水务"))
        ]))
    func resolved(_ text: String) throws -> Filter.Term { try Filter(text, .queue).resolved(in: context).term }
    func members(_ ids: Set<String>) -> Filter.Term {
      .field(name: "organisation", comparison: .equal, values: [.members(ids)])
    }
    #expect(try resolved("organisation:tax") == members(["tax", "tax-east", "east-2"]))
    #expect(try resolved("organisation:\"tax office\"") == members(["tax", "tax-east", "east-2"]))
    #expect(try resolved("organisation:税务") == members(["tax", "tax-east", "east-2"]))
    #expect(try resolved("organisation:water*") == members(["water"]))
    // One that is no longer in the inventory is still found in rows by its id.
    #expect(try resolved("organisation:gone*") == Filter("organisation:gone*", .queue).term)
    #expect(try resolved("assignee:me") == .field(name: "who", comparison: .equal, values: [.members(["Ann"])]))
    #expect(try Filter("assignee:me", .queue).resolved(in: FilterContext()).term == Filter("who:me", .queue).term)
  }

  @Test(
    "stars match any run of characters",
    arguments: [
      ("*", "", true), ("a*c", "abc", true), ("a*c", "ab", false), ("*a*b*", "xxaxxbxx", true), ("a", "A", true),
      ("é", "É", false),
      ("a*", "b", false),
    ])
  func wildcards(_ pattern: String, _ text: String, _ expected: Bool) {
    #expect(Wildcard.matches(pattern, text) == expected)
  }

  @Test(
    "time spans are read and written",
    arguments: [
      ("90s", 90_000, "1m30s"), ("1h30m", 5_400_000, "1h30m"), ("2w", 1_209_600_000, "14d"), ("500ms", 500, "500ms"),
    ])
  func durations(_ text: String, _ milliseconds: Int64, _ written: String) {
    #expect(DurationText.nanoseconds(text) == milliseconds * 1_000_000)
    #expect(DurationText.text(milliseconds * 1_000_000) == written)
    #expect(DurationText.nanoseconds(text + "x") == nil)
    #expect(DurationText.nanoseconds("99999999999999w") == nil)
  }
}

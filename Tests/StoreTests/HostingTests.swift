import Records
import Services
import Testing
import Wire

@testable import Store

/// One finding for a hosting, however many sites show it; sites that come and go.
struct HostingTests {
  let folder: TemporaryFolder
  let store: Store
  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(folder)
  }

  static let check = "tls.version.ssl3"

  static func site(_ id: String, on platform: String?) -> Site {
    Site(
      id: id, url: "https://\(id).example/", scheme: "https", host: "\(id).example", port: 443,
      organisation: "o-\(id)", platform: platform)
  }

  static func inventory(_ hosting: [String: String?], owner: String = "host") -> Store.Inventory {
    Store.Inventory(
      sites: hosting.keys.sorted().map { site($0, on: hosting[$0] ?? nil) },
      platforms: [Platform(id: "p", name: "P", owner: owner), Platform(id: "q", name: "Q", owner: "other")])
  }

  /// As the hub attributes: by the inventory in force.
  static func policy(_ hosting: [String: String?]) -> IngestPolicy {
    IngestPolicy(
      ownerOfAlert: { _ in SiteAttribution(site: nil, subject: "-") },
      ownerOfObservation: { observation in
        let id = observation.site ?? ""
        let platform = FindingScope.of(observation.check) == .platform ? hosting[id] ?? nil : nil
        return SiteAttribution(
          site: id, organisation: "o-\(id)", subject: "\(id).example", platform: platform,
          platformOwner: platform == "p" ? "host" : "other")
      })
  }

  static func observation(
    _ site: String, _ answer: Observation.Answer = .yes, hour: Double, engine: String = "tls", check: String = check
  ) -> Observation {
    Observation(
      time: Sample.start.advanced(seconds: hour * 3600), engine: engine, check: check, title: BilingualText("t"),
      severity: .high, site: site, target: Target(scheme: "https", host: "\(site).example", port: 443), answer: answer,
      evidence: "at \(site)", confidence: 90)
  }

  private func take(_ observations: [Observation], _ hosting: [String: String?], from first: UInt64) throws {
    let now = observations.map(\.time).max() ?? Sample.start
    _ = try store.ingest(
      try Sample.observations(observations, first: first), policy: HostingTests.policy(hosting), now: now)
  }
  private func put(_ hosting: [String: String?], owner: String = "host", hour: Double = 50) throws {
    try store.replace(
      HostingTests.inventory(hosting, owner: owner), by: Sample.actor, at: Sample.start.advanced(seconds: hour * 3600))
  }
  private func findings() throws -> [Finding] {
    try store.findings(try store.rows(QueueQuery(wing: .scanner, order: .id)).map(\.id))
  }

  @Test("What is the hosting's folds once, to its owner, with the sites that show it; what is the site's stays its own")
  func folds() throws {
    let hosting: [String: String?] = ["a": "p", "b": "p", "c": nil]
    try put(hosting, hour: 0)
    try take(
      ["a", "b", "c"].flatMap {
        [Self.observation($0, hour: 1), Self.observation($0, hour: 1, check: "http.hsts.missing")]
      }, hosting, from: 1)
    let all = try findings()
    #expect(all.count == 5)
    let hosted = all.filter { $0.row.platform != nil }
    #expect(hosted.count == 1)
    let finding = try #require(hosted.first)
    #expect(finding.row.site == nil && finding.row.organisation == "host" && finding.row.subject == "platform:p")
    #expect(finding.showing == 2 && finding.answers.map(\.place) == ["a", "b"])
    // It is shown at each of its sites.
    #expect(try store.rows(QueueQuery(site: "a", order: .id)).count == 2)
    #expect(try store.rows(QueueQuery(site: "c", order: .id)).count == 2)
    try take([Self.observation("a", .no, hour: 2)], hosting, from: 7)
    #expect(try store.findings([finding.row.id]).first?.state == .open)
    #expect(try store.rows(QueueQuery(site: "a", order: .id)).count == 1)
    try take([Self.observation("b", .no, hour: 3)], hosting, from: 8)
    #expect(try store.findings([finding.row.id]).first?.state == .verified)
  }

  @Test("A site that joins brings its finding; the row goes on where the platform has none, and is moved where it has")
  func joins() throws {
    let apart: [String: String?] = ["a": nil, "b": nil]
    let together: [String: String?] = ["a": "p", "b": "p"]
    try take([Self.observation("a", hour: 1), Self.observation("b", hour: 2)], apart, from: 1)
    _ = try store.act(.comment("known"), on: 1, by: Sample.actor, at: Sample.start)
    try put(together)
    let all = try findings()
    #expect(all.map(\.state) == [.open, .moved])
    #expect(all[0].row.platform == "p" && all[0].row.comments == 1 && all[0].showing == 2)
    #expect(all[0].answers.map(\.place) == ["a", "b"] && all[1].answers.isEmpty)
    #expect(try store.audit(subject: "queue/2").first?.act == "moved")
    // The next look finds the same row, and nothing is doubled.
    try take([Self.observation("b", hour: 60)], together, from: 3)
    #expect(try findings().count == 2)
    #expect(try findings().map(\.row.count) == [2, 1])
  }

  @Test("A site's acceptance is not the hosting's: the hosting's finding is made anew")
  func acceptance() throws {
    try take([Self.observation("a", hour: 1)], ["a": nil], from: 1)
    _ = try store.act(.close(.falsePositive), on: 1, by: Sample.actor, at: Sample.start)
    try put(["a": "p"])
    let all = try findings()
    #expect(all.map(\.state) == [.moved, .open] && all.map(\.row.platform) == [nil, "p"])
    #expect(all[1].row.triage == Triage() && all[1].showing == 1)
  }

  @Test("A site that leaves takes what it showed; what the platform shows elsewhere stays, else it is moved")
  func leaves() throws {
    let hosting: [String: String?] = ["a": "p", "b": "p"]
    try put(hosting, hour: 0)
    try take([Self.observation("a", hour: 1), Self.observation("b", hour: 1)], hosting, from: 1)
    try put(["a": nil, "b": "p"])
    var all = try findings()
    #expect(all.map(\.state) == [.open, .open] && all.map(\.showing) == [1, 1])
    #expect(all[1].row.site == "a" && all[1].row.organisation == "o-a" && all[1].row.platform == nil)
    #expect(all[1].target.host == "a.example")
    try put(["a": nil, "b": "q"])
    all = try findings()
    #expect(
      all.map(\.state) == [.moved, .open, .open] && all[2].row.platform == "q" && all[2].row.organisation == "other")
    // Back again: the platform's row goes on.
    try put(["a": "p", "b": "p"])
    all = try findings()
    #expect(all.map(\.state) == [.reopened, .moved, .moved] && all[0].showing == 2)
  }

  @Test("A site that has left the inventory proves nothing: its hosting's finding cannot be verified any more")
  func removed() throws {
    let hosting: [String: String?] = ["a": "p", "b": "p"]
    try put(hosting, hour: 0)
    try take([Self.observation("a", hour: 1)], hosting, from: 1)
    try put(["b": "p"])
    #expect(try findings().map(\.state) == [.unverifiable])
    try take([Self.observation("b", hour: 60)], ["b": "p"], from: 2)
    #expect(try findings().map(\.state) == [.reopened])
  }

  @Test("A new owner of a platform owns its findings, and a site's word of no alone makes none")
  func owner() throws {
    let hosting: [String: String?] = ["a": "p", "b": "p"]
    try put(hosting, hour: 0)
    try take([Self.observation("a", hour: 1), Self.observation("b", .no, hour: 1)], hosting, from: 1)
    try put(["a": "p", "b": nil], owner: "new owner")
    let all = try findings()
    #expect(all.count == 1 && all[0].row.organisation == "new owner" && all[0].answers.map(\.place) == ["a"])
  }

  @Test("A hosting of many sites has the words of all, and shows a person the first")
  func many() throws {
    let ids = (0..<300).map { "s\($0)" }
    let hosting = Dictionary(uniqueKeysWithValues: ids.map { ($0, String?.some("p")) })
    try put(hosting, hour: 0)
    try take(ids.map { Self.observation($0, hour: 1) }, hosting, from: 1)
    let finding = try #require(try findings().first)
    #expect(try findings().count == 1 && finding.showing == 300)
    #expect(finding.answers.count == Finding.answersShown && finding.standing == ["tls": 300])
    #expect(try store.findings([finding.row.id], answers: .max).first?.answers.count == 300)
    try take(ids.dropLast().map { Self.observation($0, .no, hour: 2) }, hosting, from: 301)
    #expect(try findings().map(\.state) == [.open])
    #expect(try findings().first?.answers.first?.place == "s299")
    try take([Self.observation("s299", .no, hour: 2)], hosting, from: 600)
    #expect(try findings().map(\.state) == [.verified])
  }

  // MARK: a walk

  private struct Seat: Hashable {
    var site: String
    var engine: String
    var check: String
  }

  @Test(
    "Whatever sites join and leave, each weakness is shown once for each owner, and as engines last said",
    arguments: 0..<8)
  func walk(index: UInt64) throws {
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var walk = SeededRandom(seed: seed)
    let sites = ["a", "b", "c"]
    var hosting = Dictionary(uniqueKeysWithValues: sites.map { ($0, String?.none) })
    try put(hosting, hour: 0)
    var (words, first): ([Seat: Bool], UInt64) = ([:], 1)
    for step in 1...60 {
      if Int.random(in: 0..<4, using: &walk) == 0, let site = sites.randomElement(using: &walk) {
        hosting[site] = .some([nil, "p", "q"].randomElement(using: &walk) ?? nil)
        try put(hosting, hour: Double(step))
      } else {
        let seat = Seat(
          site: sites.randomElement(using: &walk) ?? "a",
          engine: ["tls", "sslscan"].randomElement(using: &walk) ?? "tls",
          check: [Self.check, "http.hsts.missing"].randomElement(using: &walk) ?? Self.check)
        let isYes = Bool.random(using: &walk)
        try take(
          [Self.observation(seat.site, isYes ? .yes : .no, hour: Double(step), engine: seat.engine, check: seat.check)],
          hosting, from: first)
        first += 1
        if isYes || words[seat] != nil { words[seat] = isYes }
      }
      try compare(words, hosting, "seed \(seed) step \(step)")
    }
  }

  /// Of each (owner, check) exactly one row lives, where an engine stands by its yes at one of its sites; and it shows
  /// at exactly those sites.
  private func compare(_ words: [Seat: Bool], _ hosting: [String: String?], _ place: String) throws {
    var expected: [String: Set<String>] = [:]
    for (seat, isYes) in words where isYes {
      let platform = FindingScope.of(seat.check) == .platform ? hosting[seat.site] ?? nil : nil
      expected["\(platform.map { "platform:\($0)" } ?? seat.site) \(seat.check)", default: []].insert(seat.site)
    }
    var shown: [String: Set<String>] = [:]
    for finding in try findings() where finding.state.isLive {
      let owner = finding.row.platform.map { "platform:\($0)" } ?? finding.row.site ?? "-"
      let key = "\(owner) \(finding.weakness)"
      #expect(shown[key] == nil, "\(place): \(key) is doubled")
      let places = Set(finding.answers.filter { $0.holds == true }.map(\.place))
      #expect(places.count == finding.showing, "\(place): \(key)")
      shown[key] = places
    }
    #expect(shown == expected, "\(place)")
  }
}

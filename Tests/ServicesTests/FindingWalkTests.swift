import Records
import Services
import Testing
import Wire

/// Random words of engines at the sites of one hosting, against a model that keeps the last word of each.
struct FindingWalkTests {
  private static let engines = ["tls", "sslscan", "testssl"]
  private static let sites = ["a", "b", "c", "d"]

  private struct Seat: Hashable {
    var site: String
    var engine: String
  }
  private struct Word {
    var time: Double
    var holds: Bool?
    var hasAffirmed: Bool
  }

  /// What a store does: the words of the place are given, all are kept.
  private struct Kept {
    var finding: Finding?
    var answers: [Seat: EngineAnswer] = [:]

    mutating func take(_ observation: Observation, _ owner: SiteAttribution) {
      var before = finding
      before?.answers = answers.values.filter { $0.place == owner.place }
      guard let after = FindingFold.absorb(observation, owner, before, observation.time) else { return }
      for answer in after.answers { answers[Seat(site: answer.place, engine: answer.engine)] = answer }
      finding = after
    }
  }

  private static func observation(_ answer: Observation.Answer, _ seat: Seat, _ time: Double, _ confidence: Int)
    -> Observation
  {
    Observation(
      time: AlertFoldTests.start.advanced(seconds: time), engine: seat.engine, check: "tls.old",
      title: BilingualText("t"), severity: .high, site: seat.site,
      target: Target(scheme: "https", host: "\(seat.site).example", port: 443), answer: answer, confidence: confidence)
  }

  @Test(
    "Through any words in any order a hosting's finding is verified only by the no of every engine at every site that said yes",
    arguments: [true, false])
  func walk(isHosted: Bool) throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<60 {
      let seed = random.next()
      var walk = SeededRandom(seed: seed)
      var kept = Kept()
      var model: [Seat: Word] = [:]
      for step in 0..<80 {
        let seat = Seat(
          site: isHosted ? Self.sites.randomElement(using: &walk) ?? "a" : "a",
          engine: Self.engines.randomElement(using: &walk) ?? "tls")
        // Within the 90 days, now and then late.
        let time = Double(step * 3600) - (Int.random(in: 0..<5, using: &walk) == 0 ? 20_000 : 0)
        let answer = [Observation.Answer.yes, .no, .no, .notDetermined(reason: "r")].randomElement(using: &walk) ?? .no
        let owner = SiteAttribution(
          site: seat.site, organisation: "o", subject: "\(seat.site).example", platform: isHosted ? "p" : nil,
          platformOwner: "host")
        let wasVerified = kept.finding?.state == .verified
        kept.take(Self.observation(answer, seat, time, 60), owner)
        Self.take(answer, seat, time, into: &model, hasFinding: kept.finding != nil)
        Self.compare(
          kept, model, "seed \(seed) step \(step)", isVerifiedNow: !wasVerified && kept.finding?.state == .verified)
      }
    }
  }

  private static func take(
    _ answer: Observation.Answer, _ seat: Seat, _ time: Double, into model: inout [Seat: Word], hasFinding: Bool
  ) {
    let old = model[seat]
    guard hasFinding, time >= old?.time ?? -.infinity else { return }
    var word = Word(time: time, holds: old?.holds, hasAffirmed: (old?.hasAffirmed ?? false) || answer == .yes)
    if answer == .yes { word.holds = true }
    if answer == .no { word.holds = false }
    model[seat] = word
  }

  private static func compare(_ kept: Kept, _ model: [Seat: Word], _ place: String, isVerifiedNow: Bool) {
    guard let finding = kept.finding else {
      #expect(model.isEmpty, "\(place)")
      return
    }
    let bySite = Dictionary(grouping: model, by: \.key.site)
    let showing = bySite.values.count { words in words.contains { $0.value.holds == true } }
    let disputed = bySite.values.count { words in
      words.contains { $0.value.holds == true } && words.contains { $0.value.holds == false }
    }
    #expect(finding.showing == showing && finding.disputed == disputed, "\(place)")
    #expect((finding.state == .verified) == (showing == 0), "\(place)")
    if isVerifiedNow {
      #expect(model.values.allSatisfy { !$0.hasAffirmed || $0.holds == false }, "\(place)")
    }
    for engine in engines {
      let count = model.count { $0.key.engine == engine && $0.value.holds == true }
      #expect(finding.standing[engine] ?? 0 == count, "\(place)")
    }
    // 60, 84 or 94: each engine once, whatever the number of its sites and words.
    let standing = finding.standing.count
    if standing > 0 { #expect(finding.confidence == [60, 84, 94][standing - 1], "\(place)") }
    #expect(Set(kept.answers.keys) == Set(model.keys), "\(place)")
  }

  @Test("A word keeps since when it is said, through a doubt without its evidence; another answer begins anew")
  func since() throws {
    var kept = Kept()
    let owner = SiteAttribution(site: "a", subject: "a.example")
    let seat = Seat(site: "a", engine: "tls")
    for (answer, time) in [(Observation.Answer.yes, 0.0), (.yes, 10), (.notDetermined(reason: "cut off"), 20)] {
      kept.take(Self.observation(answer, seat, time, 80), owner)
    }
    var word = try #require(kept.answers[seat])
    #expect(word.answer == .notDetermined(reason: "cut off") && word.holds == true && word.hasAffirmed)
    #expect(word.since == AlertFoldTests.start.advanced(seconds: 20) && word.confidence == 80)
    kept.take(Self.observation(.no, seat, 30, 80), owner)
    kept.take(Self.observation(.no, seat, 40, 80), owner)
    word = try #require(kept.answers[seat])
    #expect(word.since == AlertFoldTests.start.advanced(seconds: 30) && word.holds == false)
    #expect(kept.finding?.state == .verified)
  }

  @Test("More engines than are told apart share a seat that only says yes, and no machine verifies then")
  func manyEngines() throws {
    var kept = Kept()
    let owner = SiteAttribution(site: "a", subject: "a.example")
    let names = (0..<EngineAnswer.engineLimit + 10).map { "e\($0)" }
    for (step, name) in names.enumerated() {
      kept.take(Self.observation(.yes, Seat(site: "a", engine: name), Double(step), 50), owner)
    }
    #expect(kept.answers.count == EngineAnswer.engineLimit + 1)
    for (step, name) in names.enumerated() {
      kept.take(Self.observation(.no, Seat(site: "a", engine: name), Double(1000 + step), 50), owner)
    }
    #expect(kept.finding?.state == .open && kept.finding?.standing == [EngineAnswer.others: 1])
  }
}

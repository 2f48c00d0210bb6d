import Records
import Services
import Testing
import Wire

struct RiskRankingTests {
  private func board() -> PostureBoard {
    var board = PostureBoard(tree: SmallTree.tree)
    let changes: [PostureEvent.Change] = [
      .platform(id: "cloud", owner: nil), SmallTree.site("plain", nil), SmallTree.site("vital", nil, .critical),
      .site(PostureEvent.Member(id: "hosted", organisation: nil, criticality: .important, platform: "cloud")),
      SmallTree.row(1, "plain", "tls.broken", .critical), SmallTree.row(2, "vital", "git", .high),
      SmallTree.row(3, "vital", "tls.old", .medium), SmallTree.row(4, "plain", "1:9", .critical),
      .row(
        PostureEvent.Row(
          id: 5, wing: .scanner, site: "", check: "git", severity: .high, isOpen: true, platform: "cloud")),
    ]
    for (index, change) in changes.enumerated() {
      board.apply(PostureEvent(number: Int64(index), time: Timestamp(seconds: Int64(index)), change: change))
    }
    return board
  }

  @Test("A risk is points by criticality by what attacks came to, and the product is what it is ordered by")
  func order() {
    let quiet = RiskRanking.top(board(), attacks: [:], limit: 10)
    #expect(quiet.map(\.row.id) == [2, 1, 5, 3], "alert rows are no weaknesses")
    #expect(quiet.map(\.score) == [80, 40, 40, 32])
    let attacked = RiskRanking.top(
      board(), attacks: [1: .init(count: 3, outcome: .succeeded), 9: .init(count: 1, outcome: .attempted)], limit: 2)
    #expect(attacked.map(\.row.id) == [1, 2] && attacked[0].score == 160 && attacked[0].factor == 4)
  }

  @Test("Of some sites their own risks count, and those of their hostings")
  func scope() {
    #expect(RiskRanking.top(board(), sites: ["hosted"], attacks: [:], limit: 9).map(\.row.id) == [5])
    #expect(RiskRanking.top(board(), sites: ["plain"], attacks: [:], limit: 9).map(\.row.id) == [1])
    // A hosting that is somebody else's is not told with the sites on it; one's own is, whoever stands on it.
    #expect(RiskRanking.top(board(), sites: ["hosted"], platforms: [], attacks: [:], limit: 9).isEmpty)
    let own = RiskRanking.top(board(), sites: ["plain"], platforms: ["cloud"], attacks: [:], limit: 9)
    #expect(own.map(\.row.id) == [1, 5] && own.map(\.weight) == [1, 1])
  }

  @Test("What an attack came to weighs the more the worse it is")
  func factors() {
    let factors = Outcome.allCases.map { RiskRanking.factor(.init(count: 1, outcome: $0)) }
    #expect(factors == factors.sorted() && Set(factors).count == factors.count && factors[0] > 1)
    #expect(RiskRanking.factor(nil) == 1 && RiskRanking.factor(.init(count: 0, outcome: .compromised)) == 1)
  }
}

struct EarlyPictureTests {
  private static let start = Timestamp(seconds: 1_795_000_000)

  private func reach(_ sites: Int, isSource: Bool = true) -> EarlyPicture.Reach {
    EarlyPicture.Reach(
      isSource: isSource, value: "198.51.100.9", title: BilingualText(en: "shell", zh: "后门"),
      sites: (0..<sites).map { "s\($0)" }, since: Self.start, last: Self.start)
  }

  @Test("A source or a technique at six sites is a campaign, at five it is none")
  func campaigns() {
    let found = EarlyPicture.campaigns([reach(5), reach(6), reach(7, isSource: false)], isComplete: false)
    #expect(found.map(\.kind) == [.source, .technique] && found.map(\.seenSites) == [6, 7])
    #expect(found[0].id == "source/198.51.100.9/2026-11-18" && found[1].title.zh == "后门：7 个网站")
    #expect(found.allSatisfy { !$0.isComplete && $0.exposed.isEmpty })
  }

  @Test("Of a part of the city a campaign is told with its own sites, however few, and an exploit where it is exposed")
  func part() {
    let found = EarlyPicture.campaigns(ofPart: [reach(1), reach(2, isSource: false)], isComplete: true)
    #expect(found.map(\.seenSites) == [1, 2])
    #expect(found[0].title.en == "198.51.100.9 attacks sites of the city, 1 of them yours")
    #expect(found[1].title.zh == "后门：涉及本市网站，其中您辖内 2 个")
    let exploits = ["git", "env", "own"].map { check in
      EarlyPicture.Exploit(
        check: check, title: BilingualText(check), site: check == "own" ? "a" : nil, time: Self.start)
    }
    let warnings = EarlyPicture.weaknesses(ofPart: exploits) { check in
      check == "git" ? [EarlyWarning.Exposure(site: "b", organisation: nil, finding: 1)] : []
    }
    #expect(warnings.map(\.value) == ["git", "own"], "what is exposed nowhere here is not told")
    #expect(warnings.map(\.seenAt) == [[], ["a"]] && warnings.map { $0.exposed.map(\.site) } == [["b"], []])
  }

  @Test("A weakness exploited somewhere names every other site that has it, once however often it was exploited")
  func weaknesses() {
    func exploit(_ check: String, _ site: String, _ seconds: Double) -> EarlyPicture.Exploit {
      .init(check: check, title: BilingualText(check), site: site, time: Self.start.advanced(seconds: seconds))
    }
    let found = EarlyPicture.weaknesses(
      [exploit("git", "a", 60), exploit("env", "b", 0), exploit("git", "c", 0), exploit("git", "a", 90)]
    ) { check in
      ["a", "b", "c", "d"].map { EarlyWarning.Exposure(site: $0, organisation: check, finding: 1) }
    }
    #expect(found.map(\.id) == ["weakness/env", "weakness/git"])
    #expect(found[1].seenAt == ["a", "c"] && found[1].exposed.map(\.site) == ["b", "d"])
    #expect(found[1].since == Self.start && found[1].last == Self.start.advanced(seconds: 90))
    #expect(EarlyPicture.weaknesses([]) { _ in [] }.isEmpty)
  }
}

import ControlAPI
import Records
import Services
import Store
import Testing
import Wire

/// Notices and intake are asked in the words of every list, and the store's SQL means what `Filter.matches` means.
@Suite struct WarningListTests {
  private typealias Chance = FilterStoreTests
  private let folder: TestFolder
  private let store: Store
  init() throws {
    folder = try TestFolder()
    store = try Store(folder: folder.path + "/data", rules: .standard)
  }

  private static let sites = ["a.example", "TAX.example", "it's", "100%"]
  private static let actor = Actor(name: "li", origin: "test")

  private func time(_ random: inout SeededRandom) -> Timestamp {
    // Some with nine decimals: their texts do not stand in the order of time.
    Timestamp(
      nanoseconds: Chance.now.nanoseconds + Int64.random(in: -9_000_000_000_000...2_000_000_000_000, using: &random))
  }

  private func notice(_ random: inout SeededRandom) -> Notice {
    func word() -> String { Chance.pick(Chance.words, &random) }
    let kind = Chance.pick(NoticeKind.allCases, &random)
    var notice = Notice(
      kind: kind, colour: kind == .warning ? Chance.pick(WarningColour.allCases, &random) : nil,
      severity: Chance.pick(Severity.allCases, &random),
      organisation: Chance.pick(["tax", "tax-east", "gone"], &random),
      sites: Self.sites.filter { _ in Bool.random(using: &random) },
      findings: (1...5).filter { _ in Bool.random(using: &random) }, title: BilingualText(en: word(), zh: word()),
      advice: word(), author: Chance.pick(["li", "Me"], &random), created: time(&random),
      isDrill: Bool.random(using: &random))
    notice.state = Chance.pick(NoticeState.allCases, &random)
    notice.approver = Chance.pick(["an'n", nil], &random)
    notice.answerDue = Chance.pick([time(&random), nil], &random)
    notice.fixDue = Chance.pick([time(&random), nil], &random)
    notice.supervision = Int.random(in: 0...3, using: &random)
    return notice
  }

  private func intake(_ random: inout SeededRandom) -> Intake {
    func word() -> String { Chance.pick(Chance.words, &random) }
    var intake = Intake(
      source: Chance.pick(Intake.Source.allCases, &random), sender: word(),
      senderNumber: Chance.pick([word(), nil], &random),
      title: word(), text: word(), site: Chance.pick(Self.sites + [nil], &random),
      organisation: Chance.pick(["tax", "tax-east", nil], &random), received: time(&random), due: time(&random),
      enteredBy: "li")
    intake.state = Chance.pick(Intake.State.allCases, &random)
    intake.assignee = Chance.pick(["li", "Me", nil], &random)
    intake.rating = Chance.pick(Intake.Rating.allCases + [nil], &random)
    return intake
  }

  @Test("a filter of chance finds the notices that it matches in memory, in any order and page by page")
  func notices() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededRandom(seed: seed)
    var kept: [Notice] = []
    for index in 0..<40 {
      let fresh = notice(&random)
      kept.append(
        try store.step(fresh, at: Chance.now) { given, _ in
          var write = NoticeWrite(given)
          if index % 3 == 0 { write.notice.number = "\(Chance.pick(Chance.words, &random))-\(index)" }
          return write
        })
    }
    let context = FilterContext(me: "Me", organisations: Chance.organisations)
    for _ in 0..<200 {
      let text = Chance.filter(.notices, depth: 3, &random)
      let filter = try Filter(text, .notices).resolved(in: context)
      let expected = kept.filter { filter.matches(TimedNotice($0, now: Chance.now), now: Chance.now) }
      let sort = [SortKey(Chance.pick(Store.noticeSorts, &random), isDescending: Bool.random(using: &random))]
      let query = ListQuery(filter: filter, sort: Bool.random(using: &random) ? sort : [], now: Chance.now)
      let found = try Chance.walk(query, &random) { try store.notices($0) }
      #expect(found.sorted { $0.id < $1.id } == expected, "seed \(seed): \(text) by \(query.sort)")
      if query.sort.isEmpty { #expect(found.map(\.id) == expected.map(\.id).reversed(), "seed \(seed): \(text)") }
      let count = try store.noticeCount(query)
      #expect(count == .exactly(expected.count) || count == nil, "seed \(seed): \(text)")
    }
  }

  @Test("the same of what came to us")
  func intakes() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededRandom(seed: seed)
    let kept = try (0..<40).map { _ in
      try store.save(
        intake(&random), audit: AuditEntry(time: Chance.now, actor: Self.actor, act: "enter intake", subject: ""),
        at: Chance.now)
    }
    let context = FilterContext(me: "Me", organisations: Chance.organisations)
    for _ in 0..<200 {
      let text = Chance.filter(.intake, depth: 3, &random)
      let filter = try Filter(text, .intake).resolved(in: context)
      let expected = kept.filter { filter.matches(TimedIntake($0, now: Chance.now), now: Chance.now) }
      let sort = [SortKey(Chance.pick(Store.intakeSorts, &random), isDescending: Bool.random(using: &random))]
      let query = ListQuery(filter: filter, sort: sort, now: Chance.now)
      let found = try Chance.walk(query, &random) { try store.intakes($0) }
      #expect(found.sorted { $0.id < $1.id } == expected, "seed \(seed): \(text) by \(sort)")
    }
  }
}

import ControlAPI
import Records
import Services
import Store
import Testing
import Wire

@testable import DemoCity
@testable import Hub

/// What both stories have in common, each step held against what the API answers.
extension Loop {
  static let planted = "/.git/HEAD"
  static let check = "http.exposed.git"

  /// The schedule gives the site to the scanner, and the engine finds what was planted.
  func find() async throws {
    for _ in 0..<120 where try await findings().isEmpty { try await second() }
    let (finding, row) = (try await finding(), try await row())
    #expect(finding.weakness == Loop.check && finding.state == .open && finding.row.severity == .high)
    #expect(finding.answers.map(\.engine) == ["http"] && finding.evidence.contains(Loop.planted))
    #expect(row.id == finding.row.id && row.triage.state == .new && row.organisation == organisation)
    let others = try await core.findings(ListRequest(), within: .all, me: nil).items
    #expect(others.map(\.id) == [row.id], "the neighbour is good")
    tell("found by the engine http: \(row.title.en); row \(row.id) of the queue, \(row.severity.rawValue)")
  }

  /// The row to the officer on watch, the draft to the organisation's contact; the officer takes it.
  func assign() async throws {
    try await second()
    let row = try await row()
    let draft = try #require(try await notices("state:draft").first)
    #expect(row.triage.assignee == "ann")
    #expect(draft.findings == [row.id] && draft.author == Notice.machine && draft.assigned?.contact == "Li")
    let given = try core.detail("\(row.id)", within: .all).audit.first { $0.act == "assign" }
    for moment in [given?.time, draft.assigned?.at] {
      let seconds = Double(try #require(moment).nanoseconds(since: row.firstSeen)) / 1e9
      #expect((0...60).contains(seconds))
    }
    tell("assigned within 60 s: row \(row.id) to ann, who has the watch and is paged; draft \(draft.id) to Li")
    try await second()
    #expect(post.lines > 0)
    let report = try await core.act(
      ActRequest(ids: [row.id], act: .acknowledge), by: Loop.officer, within: .all)
    #expect(report.done.map(\.id) == [row.id] && report.refused.isEmpty)
  }

  /// Written by one, approved by another, numbered, sent. The link of the first contact's mail.
  func send(numbered number: String) async throws -> (notice: Notice, link: String) {
    let draft = try #require(try await notices("state:draft").first)
    _ = try await core.editNotice(draft.id, NoticeEdit(advice: "close it to visitors"), by: Loop.officer, within: .all)
    await #expect(throws: APIProblem.self) {
      try await core.act(.approve, on: draft.id, by: Loop.officer, within: .all)
    }
    let approved = try await core.act(.approve, on: draft.id, by: Loop.lead, within: .all)
    #expect(approved.number == number && approved.approver == "eve")
    let before = post.mails.count
    let sent = try await core.send(draft.id, by: Loop.lead, within: .all)
    #expect(sent.state == .sent && post.mails.count == before)
    #expect(try await finding().state == .notified)
    try await second()
    let mail = try #require(post.mails.last)
    #expect(post.mails.count == before + 1 && mail.to == ["li@\(organisation).example"])
    let link = try #require(mail.link)
    #expect(try await core.noticeDetail(draft.id, within: .all).notice.number == number)
    tell("notice \(number): drafted by vigil, changed by ann, approved and sent by eve, carried by mail to Li")
    return (try await notice(draft.id).notice, link)
  }

  /// The owner says that it is fixed, and the engine looks again.
  func claim(_ id: Int64, _ link: String, text: String) async throws {
    let before = looks
    let answer = try await owner.act(.fix, link, name: "李四", text: text)
    #expect(answer.status == 200)
    let claimed = try await notice(id).notice
    #expect(claimed.state == .retest && claimed.answers.last?.kind == .fixed && claimed.answers.last?.text == text)
    #expect(try await finding().state == .claimed)
    try await seconds(3)
    let retest = try await retest(.claim)
    #expect(retest.state == .ended && retest.looks.isEmpty && looks == before + 1)
  }

  /// Really gone: what the claim is held against from now on, and the notice with it.
  func fix(_ id: Int64, _ link: String) async throws {
    city.remove([.exposedGit, .blocking])
    try await claim(id, link, text: "removed from the server")
    let (finding, detail) = (try await finding(), try await notice(id))
    #expect(finding.state == .verified && finding.answers.map(\.answer) == [.no])
    #expect(detail.notice.state == .closed && detail.notice.closed?.by == Notice.machine)
    #expect(detail.tasks.allSatisfy { $0.doneAt != nil })
    #expect(post.mails.last?.id.contains("/closed/") == true)
    #expect(try await retest(.claim).result == .gone)
    tell("fixed and claimed: the engine no longer sees it; verified, notice \(detail.notice.number ?? "") closed")
  }

  /// One weakness is one in the count, however often it was seen, claimed and noticed, and the log alone says so.
  func count(found: Int, verified: Int) async throws -> RankingLine {
    let report = try await core.ranking(PostureRequest(days: 366), within: .all)
    let line = try #require(report.lines.first { $0.line.organisation == organisation }?.line)
    #expect(line.found == found && line.verified == verified)
    let tree = try WatchedSite.tree.get()
    var again = Ranking(tree: tree, period: report.from..<report.until)
    try store.eachPostureEvent { again.take($0) }
    #expect(again.table() == report.lines.map(\.line))
    try await restart()
    let second = try await core.ranking(PostureRequest(days: 366), within: .all)
    #expect(try RecordJSON.text(second) == (try RecordJSON.text(report)))
    try await self.second()
    let check = try await core.checkPosture()
    let rankings = try #require(check.rankings)
    #expect(check.different.isEmpty && check.otherTree == 0 && check.same > 30)
    #expect(rankings.different.isEmpty && rankings.otherTree == 0 && rankings.same >= 1)
    tell(
      "the ranking counts it once (found \(line.found), gone \(line.verified)); \(check.same) days and "
        + "\(rankings.same) months come out of the log's \(check.lines) lines as they were told")
    return line
  }

  /// What left by mail, chat and file has number, site, severity and link, and nothing by which it could be used.
  func leaksNothing() async throws {
    let title = try await finding().row.title
    let texts = post.texts
    #expect(texts.count > 3 && post.chats > 0)
    for planted in [
      Loop.planted, ".git", Loop.check, city.site.host, city.site.address, title.en, title.zh, "repository", "仓库",
    ] {
      #expect(!texts.contains { $0.contains(planted) }, "\(planted) left the house")
    }
    tell("\(post.mails.count) mails, \(post.chats) to a chat and \(post.lines) pages left: none names the weakness")
  }
}

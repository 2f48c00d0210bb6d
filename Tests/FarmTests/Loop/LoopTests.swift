import ControlAPI
import Records
import Services
import Store
import TestSupport
import Testing
import Wire

@testable import DemoCity
@testable import Hub

/// The closed loop on a real server: a site of the test city that the real engine asks, whenever the hub's own schedule
/// gives it to the scanner. Only time is made up.
@Suite("The loop", .serialized, .timeLimit(.minutes(20)))
struct LoopTests {
  private static let day = 86_400.0

  @Test("found, assigned, noticed, received, overdue, supervised, refused, unverifiable, fixed, closed, day 7, day 30")
  func whole() async throws {
    try await Loop.run { loop in
      loop.city.add([.exposedGit])
      try await loop.find()
      let weak = try #require(try await loop.score())
      try await loop.assign()
      let (notice, link) = try await loop.send(numbered: "Xincheng-2026-0001")
      try await receive(loop, notice.id, link)
      try await overdue(loop, notice.id)
      try await refuse(loop, notice.id, link)
      try await hide(loop, notice.id, link)
      try await loop.fix(notice.id, link)
      let whole = try #require(try await loop.score())
      #expect(whole == 100 && weak < whole)
      try await lookAgain(loop)
      try await loop.leaksNothing()
      let line = try await loop.count(found: 1, verified: 1)
      // Gone, and not in the time that it had.
      let (verified, due) = (try await loop.finding().verifiedAt, try await loop.notice(notice.id).notice.fixDue)
      #expect(try #require(verified) > (try #require(due)))
      #expect(line.duty?.owed == 1 && line.duty?.onTime == 0 && line.duty?.place == 1)
      try await noticeAlteredRanking(loop)
    }
  }

  /// By the page of the link; who only opens it has received nothing.
  private func receive(_ loop: Loop, _ id: Int64, _ link: String) async throws {
    for head in [false, true, false] {
      let page = try await loop.owner.open(link, head: head)
      #expect(page.status == 200)
      if !head { #expect(page.text.contains(Loop.planted) && page.text.contains(loop.city.site.host)) }
    }
    #expect(try await loop.notice(id).notice.state == .sent)
    let answer = try await loop.owner.act(.receive, link, name: "李四")
    let detail = try await loop.notice(id)
    #expect(answer.status == 200 && detail.notice.state == .received && detail.notice.received?.name == "李四")
    #expect(detail.notice.received?.from.contains(OwnerBrowser.address) == true)
    #expect(detail.contacts.map(\.state) == [.confirmed])
    #expect(try await loop.finding().state == .received)
    loop.tell("received: 李四 by the page of the link; three visits before were no receipt")
  }

  /// Silence: reminded at parts of the time, then told up the tree, level by level, while every routine look sees it.
  private func overdue(_ loop: Loop, _ id: Int64) async throws {
    let due = try #require(try await loop.notice(id).notice.due)
    let before = try await loop.finding().row.count
    var level = 0
    try await loop.pass(until: due.advanced(seconds: 3 * Self.day + 3600)) {
      let now = try await loop.notice(id).notice.supervision
      if now > level { loop.tell("\(level == 0 ? "overdue, " : "")supervised, level \(now)") }
      #expect(now == level || now == level + 1)
      level = now
    }
    let notice = try #require(try await loop.notices("overdue:true supervision:3").first)
    #expect(notice.id == id && notice.overdueSince == due)
    let mails = loop.post.mails
    let told = mails.filter { $0.id.contains("/supervision/") }
    #expect(told.flatMap(\.to) == ["qian@district.example", "zhao@city.example", "chen@province.example"])
    #expect(told.allSatisfy { $0.link == nil }, "who supervises answers nothing in another's place")
    // At 50 and 80 percent; at the end, and each of three days.
    #expect(mails.filter { $0.id.contains("/reminder/") }.flatMap(\.to).count == 6)
    let row = try await loop.finding().row
    let looks = row.count - before
    #expect(looks >= 5 && notice.findings == [row.id])
    loop.tell("no answer since: \(looks) more looks saw it, and it is one row still")
  }

  private func refuse(_ loop: Loop, _ id: Int64, _ link: String) async throws {
    try await loop.claim(id, link, text: "we deleted it")
    let finding = try await loop.finding()
    #expect(finding.state == .reopened && finding.reopened == 1 && finding.answers.map(\.answer) == [.yes])
    #expect(try await loop.notice(id).notice.state == .received)
    #expect(try await loop.retest(.claim).result == .stillThere)
    #expect(loop.post.mails.contains { $0.id.hasPrefix("notice/\(id)/refused/") })
    loop.tell("claimed fixed while still there: the engine saw it, the claim is refused and Li is told")
  }

  /// A filter before the site lets visitors in, and not us.
  private func hide(_ loop: Loop, _ id: Int64, _ link: String) async throws {
    loop.city.add([.blocking])
    let visitor = try await loop.city.visit(Loop.planted, as: LoopCity.browser)
    #expect(visitor.status == 200 && visitor.text.contains("ref: refs/heads/main"))
    #expect(try await loop.city.visit(Loop.planted, as: loop.configuration.scan.userAgent).status == 403)
    try await loop.claim(id, link, text: "gone now")
    let finding = try await loop.finding()
    #expect(finding.state == .unverifiable && finding.answers.map(\.holds) == [true])
    let word = finding.answers.first?.answer.text ?? ""
    #expect(word.hasPrefix("not determined: blocked by a WAF"))
    #expect(try await loop.retest(.claim).result == .unverifiable)
    let detail = try await loop.notice(id)
    #expect(detail.notice.state == .feedback)
    #expect(detail.tasks.contains { $0.kind == .unverifiable && $0.doneAt == nil })
    await #expect(throws: APIProblem.self) {
      try await loop.core.close(id, NoticeAct(reason: "they say so"), by: Loop.lead, within: .all)
    }
    loop.tell("a filter keeps out our scanner alone: unverifiable (\(word)), and nobody may close it")
    let looks = loop.looks
    try await loop.pass(until: loop.clock.now.advanced(seconds: 3 * Self.day))
    #expect(loop.looks > looks)
    #expect(try await loop.finding().state == .unverifiable)
    #expect(try await loop.notice(id).notice.state == .feedback)
  }

  /// Day 7 and day 30 look once more. Who is kept out on the day has not looked, and comes again.
  private func lookAgain(_ loop: Loop) async throws {
    let verified = try #require(try await loop.finding().verifiedAt)
    let week = verified.advanced(seconds: 7 * Self.day)
    try await loop.pass(until: week.advanced(seconds: -1))
    #expect(try await loop.retest(.day7).state == .waiting)
    loop.city.add([.blocking])
    try await loop.seconds(3)
    let kept = try await loop.retest(.day7)
    #expect(kept.state == .waiting && kept.tries == 1)
    loop.city.remove([.blocking])
    loop.tell("day 7 after: the filter is back, the look tells nothing and is asked for again")
    try await loop.pass(until: loop.clock.now.advanced(seconds: 2 * 3600))
    #expect(try await loop.retest(.day7).result == .gone)
    loop.tell("looked again for day 7: still gone")
    try await loop.pass(until: verified.advanced(seconds: 30 * Self.day - 1))
    #expect(try await loop.retest(.day30).state == .waiting)
    let looks = loop.looks
    try await loop.seconds(3)
    #expect(loop.looks == looks + 1)
    #expect(try await loop.retest(.day30).result == .gone)
    #expect(try await loop.finding().state == .verified)
    #expect(try await loop.notices().map(\.id) == [1])
    loop.tell("looked again for day 30: still gone")
  }

  /// The check of the log would tell: one number of a kept table is made another by hand.
  private func noticeAlteredRanking(_ loop: Loop) async throws {
    var kept = try #require(try loop.store.documents(KeptRanking.self, kind: "ranking").first)
    let index = try #require(kept.lines.firstIndex { $0.organisation == loop.organisation })
    kept.lines[index].found += 1
    try loop.store.put(kind: "ranking", [(id: kept.month, value: kept)])
    #expect(try await loop.core.checkPosture().rankings?.different == [kept.month])
    loop.tell("a number of \(kept.month) that was changed by hand is told apart")
  }

  @Test("what comes back is seen on day 7, is the same finding, asks for a new notice, and is seen again on day 30")
  func back() async throws {
    try await Loop.run { loop in
      loop.city.add([.exposedGit])
      try await loop.find()
      try await loop.assign()
      let (first, old) = try await loop.send(numbered: "Xincheng-2026-0001")
      try await loop.fix(first.id, old)
      try await comeBack(loop, .day7, times: 1)
      #expect(try await loop.notices().map(\.state) == [.draft, .closed])
      await #expect(throws: APIProblem.self) {
        try await loop.core.stateFix(String(old.suffix(64)), name: "Li", from: "-")
      }
      let (second, link) = try await loop.send(numbered: "Xincheng-2026-0002")
      #expect(second.findings == first.findings && link != old)
      try await loop.fix(second.id, link)
      try await comeBack(loop, .day30, times: 2)
      #expect(try await loop.notices().map(\.state) == [.draft, .closed, .closed])
      _ = try await loop.count(found: 1, verified: 0)
    }
  }

  /// As soon as the day's look is due the file lies there again.
  private func comeBack(_ loop: Loop, _ reason: Retest.Reason, times: Int) async throws {
    let before = try await loop.finding()
    let days = try #require(Retest.again.first { $0.reason == reason }?.days)
    try await loop.pass(until: try #require(before.verifiedAt).advanced(seconds: days * Self.day - 1))
    #expect(try await loop.retest(reason).state == .waiting)
    loop.city.add([.exposedGit])
    try await loop.seconds(3)
    let finding = try await loop.finding()
    #expect(finding.row.id == before.row.id && finding.state == .reopened && finding.reopened == times)
    #expect(finding.row.triage.state == .new)
    #expect(try await loop.retest(reason).result == .stillThere)
    loop.tell("changed back: the look of \(reason.rawValue) sees it; the same finding, reopened, and a new draft")
  }
}

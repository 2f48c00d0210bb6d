import ControlAPI
import Foundation
import Records
import Services
import Store
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Hub

/// Within the other tests of a hub, which wait for one another: each holds a thread while it works.
extension HubTests {
  /// The loop, from the find to day 30, under a clock that the test moves.
  @Suite struct NoticeLoopTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    private func only(_ hub: NoticeHub) throws -> Notice {
      let all = try hub.store.notices()
      try #require(all.count == 1)
      return all[0]
    }

    private func state(_ hub: NoticeHub) throws -> FindingState? { try hub.store.findings([1]).first?.state }

    /// Found, assigned within a minute, approved by another, sent.
    private func sent(_ hub: NoticeHub) async throws -> Notice {
      try await hub.see(.yes)
      hub.clock.advance(1)
      await hub.core.tick()
      let draft = try only(hub)
      #expect(draft.state == .draft && draft.organisation == "tax" && draft.assigned?.contact == "Li")
      #expect(draft.assigned.map { $0.at.nanoseconds(since: draft.created) } ?? .max <= 60_000_000_000)
      #expect(try hub.dispatches().isEmpty)
      let approved = try await hub.core.act(.approve, on: draft.id, by: NoticeHub.lead)
      #expect(approved.number == "Test-2026-0001")
      return try await hub.core.send(draft.id, by: NoticeHub.lead)
    }

    @Test(
      "found, assigned, noticed, received, overdue, supervised, refused, unverifiable, fixed, closed, day 7, day 30")
    func whole() async throws {
      let clock = FastClock("2026-03-02T01:00:00Z")
      let hub = try await NoticeHub(folder, clock)
      _ = try await hub.scan(.no, site: "duty")
      var notice = try await sent(hub)
      #expect(try state(hub) == .notified)
      let secret = hub.secret(try hub.dispatches().first)

      // Received, by the link of the address that it was sent to.
      notice = try await hub.core.receive(secret, name: "Li Si", from: "192.0.2.7")
      #expect(notice.state == .received && notice.received?.name == "Li Si")
      #expect(try state(hub) == .received)
      #expect(try hub.store.contact(organisation: "tax", address: "li@tax.example")?.state == .confirmed)

      // Silence until the deadline and beyond: reminders at parts of the time, then supervision up the tree.
      let due = try #require(notice.due)
      while clock.now < due.advanced(seconds: 3 * 86_400) { await hub.days(0.25) }
      notice = try only(hub)
      #expect(notice.supervision == 3 && notice.overdueSince == due)
      let told = try hub.dispatches()
      #expect(
        told.filter { $0.kind == .supervision }.map(\.address.to)
          == ["qian@district.example", "zhao@city.example", "chen@province.example"])
      // At 50 and 80 percent; at the first look after the end, and each of three days.
      #expect(told.filter { $0.kind == .reminder && $0.created < due }.count == 2)
      #expect(told.filter { $0.kind == .reminder && $0.created >= due }.count == 4)
      #expect(told.allSatisfy { $0.kind != .supervision || $0.link == nil })

      // Claimed while it is still there: looked at by the same engine, and refused.
      notice = try await hub.core.stateFix(secret, name: "Li Si", from: "192.0.2.7")
      #expect(notice.state == .retest)
      #expect(try state(hub) == .claimed)
      await hub.core.tick()
      #expect(try await hub.scan(.yes) == 1)
      await hub.core.tick()
      notice = try only(hub)
      #expect(try state(hub) == .reopened)
      #expect(notice.state == .received)
      #expect(try hub.dispatches().last?.id == "notice/1/refused/2/li@tax.example")

      // Hidden behind a filter that only blocks us: neither there nor gone.
      _ = try await hub.core.stateFix(secret, name: "Li Si", from: "192.0.2.7")
      await hub.core.tick()
      #expect(try await hub.scan(.notDetermined(reason: "blocked by a WAF: Test")) == 1)
      await hub.core.tick()
      await hub.core.tick()
      notice = try only(hub)
      #expect(try state(hub) == .unverifiable)
      #expect(notice.state == .feedback)
      #expect(try hub.store.tasks().contains { $0.kind == .unverifiable && $0.subject == "notice/1" })

      // Nobody closes what was not seen to be gone.
      await #expect(throws: APIProblem.self) {
        try await hub.core.close(1, NoticeAct(reason: "they say so"), by: NoticeHub.lead, within: .all)
      }

      // Fixed, retested, verified, closed.
      _ = try await hub.core.stateFix(secret, name: "Li Si", from: "192.0.2.7")
      await hub.core.tick()
      #expect(try await hub.scan(.no) == 1)
      await hub.core.tick()
      notice = try only(hub)
      #expect(try state(hub) == .verified)
      #expect(notice.state == .closed && notice.closed?.by == "vigil")
      #expect(try hub.store.tasks().filter { $0.subject == "notice/1" }.isEmpty)

      // Looked at again on day 7 and day 30.
      for (day, reason) in [(7.0, Retest.Reason.day7), (30, .day30)] {
        let verified = try #require(try hub.store.findings([1]).first?.verifiedAt)
        _ = try await hub.scan(.no)
        clock.set(verified.advanced(seconds: day * 86_400 - 3600))
        await hub.core.tick()
        #expect(try hub.store.retests(finding: 1).first { $0.reason == reason }?.state == .waiting)
        _ = try await hub.scan(.no)
        clock.set(verified.advanced(seconds: day * 86_400 + 1))
        await hub.core.tick()
        #expect(try await hub.scan(.no) == 1)
        await hub.core.tick()
        let retest = try #require(try hub.store.retests(finding: 1).first { $0.reason == reason })
        #expect(retest.state == .ended && retest.result == .gone)
      }
      #expect(try state(hub) == .verified)

      let ids = try hub.dispatches().map(\.id)
      #expect(Set(ids).count == ids.count)
      // Counted once, and closed within its thirty days although the answer was late; the same table whoever folds the log.
      try await checkRanking(hub)
    }

    private func checkRanking(_ hub: NoticeHub) async throws {
      let request = PostureRequest(days: 366)
      let report = try await hub.core.ranking(request, within: .all)
      let line = try #require(report.lines.first { $0.line.organisation == "tax" }?.line)
      #expect(line.found == 1 && line.verified == 1)
      #expect(line.duty?.owed == 1 && line.duty?.onTime == 1 && line.duty?.place == 1)
      hub.store.close()
      let again = try await NoticeHub(folder, hub.clock)
      let second = try await again.core.ranking(request, within: .all)
      #expect(try RecordJSON.text(second) == (try RecordJSON.text(report)))
      await again.core.tick()
      let check = try await again.core.checkPosture()
      #expect(check.different.isEmpty && check.same > 30)
      // The table of each ended month was kept as it was told, and comes out of the log again.
      #expect(check.rankings == PostureCheck.Rankings(same: 1, different: [], otherTree: 0))
      let march = try #require(try again.store.document(KeptRanking.self, kind: "ranking", id: "2026-03"))
      #expect(march.lines.first { $0.organisation == "tax" }?.verified == 1)
    }

    @Test(
      "a claim of what the site keeps from us is unverifiable, whether a filter says so or the path alone is refused",
      arguments: [
        "blocked by a WAF: Test", "blocked or limited: status 403", "refused (403), as every path is",
        "refused (403), unlike paths beside it",
      ])
    func keptOut(_ reason: String) async throws {
      let hub = try await NoticeHub(folder, FastClock("2026-03-02T01:00:00Z"))
      _ = try await sent(hub)
      _ = try await hub.core.stateFix(hub.secret(try hub.dispatches().first), name: "Li", from: "-")
      await hub.core.tick()
      #expect(try await hub.scan(.notDetermined(reason: reason)) == 1)
      await hub.core.tick()
      await hub.core.tick()
      #expect(try state(hub) == .unverifiable)
      // The owner may answer again, and a person of ours knows.
      #expect(try only(hub).state == .feedback)
      #expect(try hub.store.tasks().contains { $0.kind == .unverifiable && $0.subject == "notice/1" })
    }

    @Test("a look on day 7 that is kept out tells nothing: it is asked again, and given up after a week")
    func keptOutLater() async throws {
      let hub = try await NoticeHub(folder, FastClock("2026-03-02T01:00:00Z"))
      _ = try await sent(hub)
      _ = try await hub.core.stateFix(hub.secret(try hub.dispatches().first), name: "Li", from: "-")
      await hub.core.tick()
      _ = try await hub.scan(.no)
      await hub.core.tick()
      let verified = try #require(try hub.store.findings([1]).first?.verifiedAt)
      func day7() throws -> Retest { try #require(try hub.store.retests(finding: 1).first { $0.reason == .day7 }) }
      hub.clock.set(verified.advanced(seconds: 7 * 86_400))
      var tries = 0
      while try day7().state != .ended, hub.clock.now < verified.advanced(seconds: 20 * 86_400) {
        await hub.core.tick()
        _ = try await hub.scan(.notDetermined(reason: "blocked by a WAF: Test"))
        await hub.core.tick()
        tries = max(tries, try day7().tries)
        #expect(try state(hub) == .verified)
        hub.clock.advance(1800)
      }
      #expect(try day7().result == .unverifiable && tries > 10)
      #expect(hub.clock.now < verified.advanced(seconds: 15 * 86_400))
      #expect(try hub.store.tasks().contains { $0.kind == .undetermined && $0.subject == "finding/1" })
      #expect(try only(hub).state == .closed)
    }

    @Test("one that comes back on day 30 is the same finding, and asks for a new notice")
    func back() async throws {
      let clock = FastClock("2026-03-02T01:00:00Z")
      let hub = try await NoticeHub(folder, clock)
      _ = try await sent(hub)
      let secret = hub.secret(try hub.dispatches().first)
      _ = try await hub.scan(.yes)
      _ = try await hub.core.stateFix(secret, name: "Li", from: "-")
      await hub.core.tick()
      _ = try await hub.scan(.no)
      await hub.core.tick()
      #expect(try only(hub).state == .closed)
      await hub.days(30.5)
      _ = try await hub.scan(.yes)
      await hub.core.tick()
      #expect(try state(hub) == .reopened)
      let notices = try hub.store.notices()
      #expect(notices.map(\.state) == [.draft, .closed] && notices.allSatisfy { $0.findings == [1] })
      // The link of the first still opens its page, and answers nothing any more.
      #expect(try await hub.core.ownerPage(secret)?.notice.state == .closed)
      await #expect(throws: APIProblem.self) { try await hub.core.stateFix(secret, name: "Li", from: "-") }
      await hub.days(90)
      #expect(try await hub.core.ownerPage(secret) == nil)
    }

    @Test("what channels carry has number, site, severity and link, and nothing of the weakness; the page has all")
    func nothingLeaks() async throws {
      let hub = try await NoticeHub(folder, FastClock("2026-03-02T01:00:00Z"))
      _ = try await sent(hub)
      let due = try #require(try only(hub).due)
      while hub.clock.now < due.advanced(seconds: 2 * 86_400) { await hub.days(0.5) }
      _ = try await hub.core.extend(
        1, NoticeAct(reason: "planted-reason", until: hub.clock.now.advanced(seconds: 86_400)), by: NoticeHub.lead,
        within: .all)
      _ = try await hub.core.grade(
        1, NoticeAct(reason: "planted-reason", severity: .critical), by: NoticeHub.lead, within: .all)
      _ = try await hub.core.act(.lift(reason: "planted-reason"), on: 1, by: NoticeHub.lead)
      let told = try hub.dispatches()
      #expect(Set(told.map(\.kind)) == [.notice, .reminder, .supervision])
      #expect(told.count >= 8)
      for dispatch in told {
        let text = try RecordJSON.text(dispatch)
        for planted in ["planted", "埋设", "ssl3", "tax.example.gov", "/planted-path", "SSL"] {
          #expect(!text.contains(planted), "\(dispatch.id) has \(planted)")
        }
        #expect(dispatch.text.contains("Test-2026-0001") && dispatch.text.contains("tax"))
      }
      let page = try #require(try await hub.core.ownerPage(hub.secret(told.first)))
      for document in page.documents {
        for text in [document.html, document.markdown] {
          #expect(text.contains("planted-evidence") && text.contains("Test-2026-0001"), "\(document.language)")
          #expect(text.contains("tax.example.gov"))
        }
      }
    }

    @Test(
      "a crash between any two transactions tells nothing twice and loses nothing: the hub begins again each second")
    func restarts() async throws {
      let clock = FastClock("2026-03-02T01:00:00Z")
      var hub = try await NoticeHub(folder, clock)
      _ = try await sent(hub)
      for _ in 0..<40 {
        hub.store.close()
        hub = try await NoticeHub(folder, clock)
        await hub.days(0.5)
      }
      let ids = try hub.dispatches().map(\.id)
      #expect(Set(ids).count == ids.count)
      #expect(try only(hub).supervision == 3)
      #expect(ids.filter { $0.contains("/supervision/") }.count == 3)
    }

    /// From the find to a refused claim, every act and second tried again until the store takes it.
    private func story(_ folder: TestFolder, failing write: Int?) async throws -> (
      told: [String], writes: ClosedRange<Int>
    ) {
      let clock = FastClock("2026-03-02T01:00:00Z")
      let count = Mutex(0)
      let hub = try await NoticeHub(
        folder, clock,
        beforeWrite: {
          let number = count.withLock { count in
            count += 1
            return count
          }
          if number == write { throw StoreError(.diskFull, "planted: write \(number)") }
        })
      let begun = count.withLock { $0 }
      try await hub.see(.yes)
      await hub.core.tick()
      await hub.core.tick()
      try await again { _ = try await hub.core.act(.approve, on: 1, by: NoticeHub.lead) }
      try await again { _ = try await hub.core.send(1, by: NoticeHub.lead) }
      for _ in 0..<36 {
        await hub.days(0.5)
        await hub.core.tick()
      }
      let secret = hub.secret(try hub.dispatches().first)
      try await again { _ = try await hub.core.stateFix(secret, name: "Li", from: "-") }
      await hub.core.tick()
      await hub.core.tick()
      clock.advance(1)
      _ = try await hub.scan(.yes)
      for _ in 0..<3 { await hub.core.tick() }
      #expect(try state(hub) == .reopened, "write \(write ?? 0)")
      let told = try hub.dispatches().map(\.id)
      hub.store.close()
      return (told, (begun + 1)...max(begun + 1, count.withLock { $0 }))
    }

    private func again(_ body: () async throws -> Void) async throws {
      do { try await body() } catch let error as StoreError where error.code == .diskFull { try await body() }
    }

    @Test("whichever write fails, the same is told, each once")
    func failingWrites() async throws {
      let (usual, writes) = try await story(try TestFolder(), failing: nil)
      #expect(usual.count >= 10 && Set(usual).count == usual.count && writes.count > 40)
      // A few of them each time: in the end it was every one.
      for _ in 0..<6 {
        let write = Int.random(in: writes)
        let (told, _) = try await story(try TestFolder(), failing: write)
        #expect(told == usual, "write \(write)")
      }
    }

    @Test("two notices met with silence make the address unconfirmed; a bounce does so at once; the backup is told too")
    func silence() async throws {
      let clock = FastClock("2026-03-02T01:00:00Z")
      let hub = try await NoticeHub(folder, clock)
      _ = try await sent(hub)
      await hub.days(3)
      #expect(try hub.store.contact(organisation: "tax", address: "li@tax.example")?.silent == 1)
      #expect(try hub.store.tasks().contains { $0.kind == .silence })
      try await hub.see(.yes, site: "duty")
      await hub.core.tick()
      _ = try await hub.core.act(.approve, on: 2, by: NoticeHub.lead)
      _ = try await hub.core.send(2, by: NoticeHub.lead)
      await hub.days(3)
      let contact = try #require(try hub.store.contact(organisation: "tax", address: "li@tax.example"))
      #expect(contact.state == .unconfirmed && contact.silent == 2)
      #expect(try hub.store.tasks().contains { $0.kind == .unconfirmedContact })
      try await hub.see(.yes, check: "tls.version.ssl2")
      await hub.core.tick()
      _ = try await hub.core.act(.approve, on: 3, by: NoticeHub.lead)
      _ = try await hub.core.send(3, by: NoticeHub.lead)
      let issued = try hub.dispatches().filter { $0.id.hasPrefix("notice/3/issued/") }
      #expect(Set(issued.map(\.address.to)) == ["li@tax.example", "sun@tax.example"])
      #expect(Set(issued.compactMap(\.link)).count == 2)

      // By telephone: a receipt, and no proof of the address.
      let received = try await hub.core.receiptByPhone(3, NoticeAct(name: "Li Si"), by: NoticeHub.analyst, within: .all)
      #expect(received.received?.from == "phone, entered by zhou")
      #expect(try hub.store.contact(organisation: "tax", address: "li@tax.example")?.state == .unconfirmed)
      try await hub.core.bounced(ContactAddress(.mail, "sun@tax.example"), reason: "550 no such user")
      #expect(try hub.store.contact(organisation: "tax", address: "sun@tax.example")?.state == .unconfirmed)

      // Called: the address is confirmed by a person's word, and its task has ended.
      func confirm(_ address: String) async throws {
        _ = try await hub.core.confirm(
          ContactConfirmation(organisation: "tax", address: address, reason: "Li Si, by telephone"),
          by: NoticeHub.analyst, within: .all)
      }
      try await confirm("li@tax.example")
      #expect(try hub.store.contact(organisation: "tax", address: "li@tax.example")?.state == .confirmed)
      #expect(try !hub.store.tasks().contains { $0.subject == "contact/tax/li@tax.example" })
      await #expect(throws: APIProblem.self) { try await confirm("nobody@tax.example") }
    }

    @Test("an organisation without an address is a task; an exercise changes no finding, no address and no number")
    func unreachable() async throws {
      let hub = try await NoticeHub(folder, FastClock("2026-03-02T01:00:00Z"))
      try await hub.see(.yes, site: "water")
      await hub.core.tick()
      _ = try await hub.core.act(.approve, on: 1, by: NoticeHub.lead)
      _ = try await hub.core.send(1, by: NoticeHub.lead)
      #expect(try hub.dispatches().isEmpty)
      #expect(try hub.store.tasks().contains { $0.kind == .unreachable && $0.subject == "notice/1" })

      try await hub.see(.yes)
      let drill = try await hub.core.draftNotice(
        NoticeDraft(organisation: "tax", rows: [2], isDrill: true), by: NoticeHub.analyst, within: .all)
      #expect(try await hub.core.act(.approve, on: drill.id, by: NoticeHub.lead).number == "DRILL-Test-2026-0001")
      _ = try await hub.core.send(drill.id, by: NoticeHub.lead)
      let told = try #require(try hub.dispatches().first)
      #expect(told.isDrill && told.text.contains("DRILL"))
      #expect(try await hub.core.stateFix(hub.secret(told), name: "Li", from: "-").state == .feedback)
      #expect(try hub.store.findings([2]).first?.state == .open)
      #expect(try hub.store.contact(organisation: "tax", address: "li@tax.example") == nil)
      // The real notice is drafted all the same.
      await hub.core.tick()
      let real = try #require(try hub.store.notices().first { !$0.isDrill && $0.organisation == "tax" })
      #expect(try await hub.core.act(.approve, on: real.id, by: NoticeHub.lead).number == "Test-2026-0002")
    }

    @Test("who wrote or changed a draft does not approve it; numbers rise and none comes twice")
    func fourEyes() async throws {
      let hub = try await NoticeHub(folder, FastClock("2026-03-02T01:00:00Z"))
      try await hub.see(.yes)
      let draft = try await hub.core.draftNotice(
        NoticeDraft(organisation: "tax", rows: [1], advice: "mend it"), by: NoticeHub.analyst, within: .all)
      #expect(draft.sites == ["tax"] && draft.severity == .high && draft.author == "zhou")
      await #expect(throws: APIProblem.self) { try await hub.core.act(.approve, on: draft.id, by: NoticeHub.analyst) }
      _ = try await hub.core.editNotice(draft.id, NoticeEdit(advice: "mend it soon"), by: NoticeHub.lead, within: .all)
      await #expect(throws: APIProblem.self) { try await hub.core.act(.approve, on: draft.id, by: NoticeHub.lead) }
      let third = Actor(name: "sun", origin: "test")
      #expect(try await hub.core.act(.approve, on: draft.id, by: third).number == "Test-2026-0001")
      _ = try await hub.core.act(.lift(reason: "a mistake"), on: draft.id, by: third)
      let second = try await hub.core.draftNotice(
        NoticeDraft(kind: .warning, colour: .yellow, organisation: "tax", sites: ["tax"]), by: NoticeHub.analyst,
        within: .all)
      #expect(try await hub.core.act(.approve, on: second.id, by: third).number == "Test-2026-0002")
      // What the machine did not draft, since a person already had, it does not draft after the lift either.
      await hub.core.tick()
      #expect(try hub.store.notices().count == 2)
    }
  }
}

import Foundation
import Testing

extension EndToEnd {
  /// A night's work on the real program in tmux, before a real hub, read as a person reads it.
  @Suite(.serialized, .timeLimit(.minutes(6)), .enabled(if: Tmux.isThere, "tmux is not installed"))
  struct NightTests {
    private let space: Workspace
    private let config: String
    private let port = 20_000 + Int.random(in: 0..<20_000)
    init() throws {
      space = try Workspace()
      config = try space.quietHub(
        """
        organisations: [{id: tax, name: Tax bureau, contacts: [{name: Wang, email: wang@tax.test}]}]
        sites:
          - {url: "https://tax.test", id: tax.test, organisation: tax}
          - {url: "https://school.test", id: school.test, organisation: tax}
        api: {listen: "127.0.0.1:\(port)", certificate: hub.pem, key: hub.key}
        """)
    }

    // MARK: the city

    private func hub() async throws -> Child {
      let hub = try Child([VigilBinary.path, "hub", "--config", config])
      try await require("the hub is ready", within: 60) { hub.output.contains("hub ready on") }
      return hub
    }

    private func certificate() async throws {
      _ = try await run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
        space.file("hub.key"), "-out", space.file("hub.pem"), "-days", "2", "-subj", "/CN=hub", "-addext",
        "subjectAltName=IP:127.0.0.1",
      ])
    }

    /// Twelve alerts of twelve rules. What an attacker chooses tries to speak to the terminal: colours, clearing, a title,
    /// the clipboard, directions.
    private func attack() async throws {
      let format = ISO8601DateFormatter()
      let lines = (0..<12).map { number in
        let time = format.string(from: Date(timeIntervalSinceNow: Double(number) - 60))
        let site = number % 2 == 0 ? "tax.test" : "school.test"
        return
          "{\"timestamp\":\"\(time)\",\"flow_id\":\(number + 1),\"event_type\":\"alert\",\"src_ip\":\"198.51.100.9\","
          + "\"src_port\":50000,\"dest_ip\":\"192.0.2.7\",\"dest_port\":443,\"proto\":\"TCP\",\"app_proto\":\"http\","
          + "\"alert\":{\"action\":\"allowed\",\"gid\":1,\"signature_id\":\(9100 + number),\"rev\":1,"
          + "\"signature\":\"attack \(number) \\u001b[2J\\u001b]0;owned\\u0007\\u202ered\",\"category\":\"Web attack\","
          + "\"severity\":1},\"http\":{\"hostname\":\"\(site)\",\"url\":\"/up/\(number).jsp\",\"http_method\":\"POST\","
          + "\"status\":200,\"http_user_agent\":\"\\u001b]52;c;b3duZWQ=\\u0007\\u009b31m\\u200f\"},\"payload\":\"QUJD\"}\n"
      }
      let file = try space.write("eve.json", lines.joined())
      let answer = try await vigil(["ingest", "eve", file, "--once", "--config", config])
      try #require(answer.status == 0, "\(answer)")
    }

    /// A lead on another machine, who approves what the officer drafts.
    private func lead() async throws -> [String] {
      let token = space.file("li.token")
      for words in [
        ["add", "li", "--role", "lead", "--name", "Li"], ["token", "add", "li", "--name", "phone", "--file", token],
      ] {
        let answer = try await vigil(["people"] + words + ["--config", config])
        try #require(answer.status == 0, "\(answer)")
      }
      return ["--hub", "https://127.0.0.1:\(port)", "--hub-ca", space.file("hub.pem"), "--token-file", token]
    }

    private func vigil(_ words: [String]) async throws -> Answer {
      let child = try Child([VigilBinary.path] + words)
      let status = try await child.end(within: 60)
      return Answer(status: status, output: child.output, complaint: child.complaint)
    }

    private var dashboard: [String] { [VigilBinary.path, "dashboard", "--config", config, "--lang", "en"] }

    // MARK: the night

    @Test("arrive, take the watch, triage ten alerts, make a case of one, send a notice, hand over")
    func night() async throws {
      try await certificate()
      let hub = try await hub()
      let li = try await lead()
      try await attack()
      let tmux = try await Tmux(space, columns: 120, rows: 40)
      do {
        try await arrive(tmux)
        try await triage(tmux)
        try await openCase(tmux)
        try await notify(tmux, li)
        try await handOver(tmux)
      } catch {
        let screen = (try? await tmux.screen) ?? ""
        await tmux.end()
        throw Failure("\(error)\n\(screen)")
      }
      await tmux.end()
      try await checkKept(li)
      hub.kill()
    }

    private func arrive(_ tmux: Tmux) async throws {
      try await tmux.start(dashboard)
      try await tmux.see(["Ferry Town", "[0 overview]", "queue - 12 new"], "the overview")
      try await tmux.type(":ta")
      try await tmux.press("Tab", "Enter")
      try await tmux.see(["take the watch, why, where it was not handed over:"], "the question")
      try await tmux.press("Enter")
      try await tmux.see("take the watch? y yes  n no", "the confirmation")
      try await tmux.type("y")
      try await tmux.see(["done: take the watch", "watch: \(NSUserName())"], "the watch")
    }

    /// Ten rows: one is read, then acknowledged; others closed, shelved, given away, commented on, judged; three at once.
    private func triage(_ tmux: Tmux) async throws {
      try await tmux.press("Enter")
      try await tmux.see(["the rule explained", "POST", "state         new"], "the row")
      let first = try await tmux.screen
      #expect(
        first.contains("^[[2J") && first.contains("<U+202E>"), "what would move the screen is spelled out:\n\(first)")
      try await tmux.type("a")
      try await tmux.see(["ack: row", "state         acknowledged"], "the acknowledgement")
      try await tmux.type("q")
      try await tmux.see("queue - ", "back on the overview")
      for (step, key, question, words, enter, seen) in [
        ("j", "c", "\nclose ", "f", false, "close: row"), ("", "z", "\nshelve ", "", true, "shelve: row"),
        ("", "m", "\ncomment ", "seen by the night", true, "comment: row"),
        ("", ".", "j judge", "jacame to nothing", true, "judge row"), ("j", "@", "\nassign ", "", true, "assign: row"),
      ] {
        if !step.isEmpty { try await tmux.type(step) }
        try await act(tmux, key, question)
        if !words.isEmpty { try await tmux.type(words) }
        if enter { try await tmux.press("Enter") }
        try await tmux.see(seen, key)
        // The next act says the same word: the last must be gone.
        try await tmux.miss(seen)
      }
      try await markFour(tmux)
      try await act(tmux, "a", "ack: 4 rows; U takes it back")
      try await act(tmux, "U", "undo: ack, 4 rows,")
      try await tmux.type("y")
      try await tmux.see(["undo: 4 rows", "queue - 9 new"], "taken back as one, and the list says so")
      try await markFour(tmux)
      try await act(tmux, "a", "ack: 4 rows; U takes it back")
      try await tmux.see("queue - 5 new", "and done again")
    }

    private func markFour(_ tmux: Tmux) async throws {
      try await tmux.type("gjj")
      for count in 1...4 { try await act(tmux, "x", "\(count) marked") }
    }

    /// An act on rows that moved under the key is refused and said to be.
    private func act(_ tmux: Tmux, _ key: String, _ seen: String) async throws {
      try await tmux.type(key, until: seen, unless: "the list moved under the key")
    }

    private func openCase(_ tmux: Tmux) async throws {
      try await tmux.type("g")
      try await act(tmux, ".", "j judge")
      try await tmux.type("n")
      try await tmux.see("title (empty: the row's)", "the question for a title")
      try await tmux.type("web shell at the bureau")
      try await tmux.press("Enter")
      try await tmux.see(["case \(year)-0001", "web shell at the bureau", "why that level is proposed"], "the case")
      try await tmux.type(":level III altered for two hours")
      try await tmux.press("Enter")
      try await tmux.see(["III, rather grave", "altered for two hours"], "the level")
      try await tmux.press("Tab", "Enter")
      try await tmux.see("the rule explained", "the first link, its row")
      try await tmux.type("[[")
      try await tmux.see("[0 overview]", "the overview")
    }

    private var year: Int { Calendar(identifier: .gregorian).component(.year, from: Date()) }

    private func notify(_ tmux: Tmux, _ li: [String]) async throws {
      try await tmux.type("g")
      try await act(tmux, ".", "j judge")
      try await tmux.type("d")
      try await tmux.see("to the organisation: tax", "the organisation of the row")
      try await tmux.press("Enter")
      try await tmux.see("how urgent: o ordinary  u urgent", "the urgency")
      try await tmux.type("utake the folder down")
      try await tmux.press("Enter")
      try await tmux.see(["notice #1", "state         draft", "Tax bureau"], "the draft")
      try await tmux.type(":approve")
      try await tmux.press("Enter")
      try await tmux.type("y")
      try await tmux.see("wrote this draft: another person approves it", "nobody approves her own draft")
      let approval = try await vigil(["notices", "approve", "1"] + li)
      try #require(approval.status == 0, "\(approval)")
      try await tmux.see("state         approved", "the lead's word, without a key")
      try await tmux.type(".s")
      try await tmux.see("send notice #1? y yes", "the confirmation")
      try await tmux.type("y")
      try await tmux.see(["done: send notice #1", "state         sent"], "it was sent")
      try await tmux.type("2")
      try await tmux.see(["[2 warning]", "sent", "tax"], "the screen of notices")
    }

    private func handOver(_ tmux: Tmux) async throws {
      try await tmux.type(":handover li")
      try await tmux.press("Enter")
      try await tmux.see("remark:", "the question for a remark")
      try await tmux.type("the bureau was called; 已致电")
      try await tmux.press("Enter")
      try await tmux.type("y")
      try await tmux.see("done: hand over the watch", "handed over")
      try await tmux.type("5")
      try await tmux.see(["to li", "NOT TAKEN", "已致电"], "the handover note")
      try await tmux.type(":quit")
      try await tmux.press("Enter")
      try await tmux.see("READY>", "the shell")
      #expect(try await tmux.state == "0 1 120x40", "the terminal is as it was")
      #expect(try await !tmux.title.contains("owned"))
    }

    /// What the hub has kept of the night.
    private func checkKept(_ li: [String]) async throws {
      func count(_ filter: String) async throws -> Int {
        let answer = try await vigil(["alerts", "list", filter, "--json", "--config", config])
        try #require(answer.status == 0, "\(answer)")
        return answer.output.split(separator: "\n").count
      }
      #expect(try await count("state:closed verdict:falsePositive") == 1)
      #expect(try await count("state:shelved") == 1)
      #expect(try await count("state:acknowledged,escalated") >= 5)
      #expect(try await count("judged:*") == 1)
      #expect(try await count("incident:\(year)-0001") == 1)
      let taken = try await vigil(["duty", "take"] + li)
      #expect(taken.status == 0 && taken.output.contains("the bureau was called; 已致电"), "\(taken)")
    }

    @Test("a guard period: what comes by telephone is entered, the start checklist is ticked and taken back, it ends")
    func guardPeriod() async throws {
      try await certificate()
      let hub = try await hub()
      let time = ISO8601DateFormatter()
      let (from, until) = (Date(timeIntervalSinceNow: -3600), Date(timeIntervalSinceNow: 86_400))
      let period = try await vigil([
        "scans", "guard", "set", "expo", "--name", "trade fair", "--from", time.string(from: from), "--until",
        time.string(from: until), "--config", config,
      ])
      try #require(period.status == 0, "\(period)")
      let tmux = try await Tmux(space, columns: 120, rows: 40)
      do {
        try await tmux.start(dashboard)
        try await tmux.see("[0 overview]", "the overview")
        try await answerTelephone(tmux)
        try await tickChecklist(tmux)
      } catch {
        let screen = (try? await tmux.screen) ?? ""
        await tmux.end()
        throw Failure("\(error)\n\(screen)")
      }
      await tmux.end()
      let kept = try await vigil(["intake", "list", "--json", "--config", config])
      #expect(kept.output.contains("the page is red; 页面变红") && kept.output.contains("tax.test"), "\(kept)")
      hub.kill()
    }

    private func answerTelephone(_ tmux: Tmux) async throws {
      try await tmux.type(":intake")
      try await tmux.press("Enter")
      for (seen, words) in [
        ("from:", "h"), ("sender:", "a citizen"), ("about, in a line:", "the page is red; 页面变红"),
        ("what it says:", ""), ("site, by id:", "tax.test"), ("in the usual time):", "2h"),
      ] {
        try await tmux.see(seen, "the question")
        try await tmux.type(words)
        if seen != "from:" { try await tmux.press("Enter") }
      }
      try await tmux.see("intake 1: to be answered within ", "the intake")
      try await tmux.type("2")
      try await tmux.see(["[2 warning]", "the page is red", "a citizen"], "what came to us")
    }

    private func tickChecklist(_ tmux: Tmux) async throws {
      try await tmux.type(":screen guard")
      try await tmux.press("Enter")
      try await tmux.see(["[guard periods]", "trade fair", "the sites of the period are confirmed"], "the checklist")
      try await tmux.press("Tab", "Tab")
      try await tmux.type(".")
      try await tmux.see("t tick", "what can be done to a line")
      try await tmux.type("t")
      try await tmux.see(["done: tick scope of guard period expo", "done  the sites"], "the tick")
      try await tmux.miss("done: tick")
      try await tmux.type(".t")
      try await tmux.see("scope is ticked by ", "no second tick")
      try await tmux.miss("scope is ticked by ")
      try await tmux.type(".u")
      try await tmux.see(["done: take back the tick of scope", "open  the sites"], "taken back")
      try await tmux.press("Tab", "Tab", "Tab", "Tab")
      try await tmux.type(".e")
      try await tmux.see("end guard period expo? y yes", "the confirmation")
      try await tmux.type("y")
      try await tmux.see(["no guard period is set", "closing"], "it has ended")
    }

    // MARK: what happens to a terminal

    @Test("the hub dies and comes back; the window is 20x5, then wide again; suspended, resumed; closed")
    func terminal() async throws {
      try await certificate()
      var hub = try await hub()
      try await attack()
      let tmux = try await Tmux(space, columns: 100, rows: 30)
      do {
        try await tmux.start(dashboard)
        try await tmux.see(["Ferry Town", "12 new"], "the overview")
        #expect(try await tmux.state.hasPrefix("1 0"), "the alternate screen, no cursor")
        hub.kill()
        try await tmux.see(["NO CONNECTION to the hub", " s old"], "the loss")
        try await tmux.type("a")
        try await tmux.see("not connected: nothing is done", "no act without the hub")
        hub = try await self.hub()
        try await tmux.miss("NO CONNECTION", within: 40)
        try await tmux.miss(" s old", within: 20)

        try await tmux.resize(20, 5)
        try await tmux.see("Vigil", "the smallest")
        #expect(try await tmux.screen.split(separator: "\n").allSatisfy { $0.count <= 20 })
        try await tmux.type("j\r")
        try await tmux.resize(12, 3)
        try await tmux.see("too small", "smaller than anything")
        try await tmux.resize(100, 30)
        try await tmux.see(["Ferry Town", "the rule explained"], "wide again, where it was")
        try await tmux.type("q")

        try await tmux.press("C-z")
        try await tmux.see(["Stopped", "READY>"], "suspended")
        #expect(try await tmux.state == "0 1 100x30")
        try await tmux.resize(90, 28)
        try await tmux.type("fg")
        try await tmux.press("Enter")
        try await tmux.see(["Ferry Town", "queue - "], "resumed, at the new size")
        let screen = try await tmux.colours
        #expect(!screen.contains("\u{1b}]") && !screen.contains("\u{7}") && !screen.contains("\u{202e}"))
        #expect(try await !tmux.title.contains("owned"))

        let pid = try #require(try await Self.child(of: tmux.shell))
        await tmux.end()
        #expect(await eventually(within: 10) { kill(pid, 0) != 0 }, "a closed terminal ends it")
      } catch {
        await tmux.end()
        throw error
      }
      hub.kill()
    }

    /// The process that the shell runs.
    private static func child(of shell: Int32) async throws -> Int32? {
      let answer = try await run(["ps", "-o", "pid=", "--ppid", "\(shell)"])
      return answer.split(separator: "\n").compactMap { Int32($0.filter(\.isNumber)) }.first
    }
  }
}

import Foundation
import Testing

extension EndToEnd {
  /// The real program on a real terminal, before a real hub.
  @Suite(.serialized, .timeLimit(.minutes(4)))
  struct DashboardTests {
    private let space: Workspace
    private let config: String
    init() throws {
      space = try Workspace()
      config = try space.quietHub("organisations: [{id: tax, name: Tax}]")
    }

    private func hub() async throws -> Child {
      let hub = try Child([VigilBinary.path, "hub", "--config", config])
      try await require("the hub is ready", within: 60) { hub.output.contains("hub ready on") }
      return hub
    }

    private func screen(_ words: String...) throws -> OnTerminal {
      try OnTerminal(
        [VigilBinary.path, "dashboard", "--config", config, "--lang", "en"] + words, columns: 100, rows: 32,
        environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"])
    }

    @Test("six screens by their keys, back and forth; the hub dies and comes back; the terminal is given back")
    func night() async throws {
      var hub = try await hub()
      let screen = try screen()
      try await require("the overview of the city", within: 20) {
        screen.rows[0].contains("Ferry Town") && screen.rows[1].hasPrefix("[0 overview]")
      }
      for (key, title) in zip("12345", ["situation", "warning", "data protection", "response", "duty watch"]) {
        screen.type(String(key))
        try await require("screen \(key) with what the hub says", within: 20) {
          screen.rows[1].contains("[\(key) \(title)]") && !screen.text.contains("waiting for the hub")
        }
      }
      screen.type("[[")
      try await require("two back", within: 10) { screen.rows[1].contains("[3 data protection]") }
      screen.type("]]")
      try await require("two forth", within: 10) { screen.rows[1].contains("[5 duty watch]") }

      hub.send(SIGKILL)
      try await require("the loss is said, and that it is tried again", within: 20) {
        screen.text.contains("NO CONNECTION to the hub") && screen.text.contains(" s old")
      }
      hub = try await self.hub()
      try await require("the hub is back, and nothing is old", within: 40) {
        !screen.text.contains("NO CONNECTION") && !screen.text.contains(" old ")
      }
      screen.type(":quit\r")
      // What it wrote last may be read after its end is known.
      try await require("the end, and the terminal as it was", within: 10) {
        screen.status != nil && screen.wasGivenBack
      }
      #expect(screen.status == 0)
      hub.kill()
    }

    @Test("a definition that is spoilt while it is shown keeps its screen and says why; mended, it is taken over")
    func hotReload() async throws {
      let hub = try await hub()
      let folder = space.file("screens")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      func write(_ title: String, _ more: String = "") throws {
        let text = """
          dashboard: 1
          id: overview
          title: {en: \(title), zh: 总览}
          layouts: [{stack: [log]}]
          panels:
            log: {kind: table, source: log, title: {en: lines, zh: 日志}}
          \(more)
          """
        try text.write(toFile: folder + "/overview.yaml", atomically: true, encoding: .utf8)
      }
      try write("first")
      let screen = try screen("--dashboards", folder)
      try await require("the screen", within: 20) {
        screen.rows[1].hasPrefix("[0 first]") && screen.text.contains("lines")
      }
      try write("second", "colour: red")
      try await require("the mistake is told with its place", within: 20) {
        screen.rows[31].hasPrefix("! \(folder)/overview.yaml:7:1: unknown key \"colour\"")
      }
      #expect(screen.rows[1].hasPrefix("[0 first]"))
      try write("third")
      try await require("the mended one", within: 20) { screen.rows[1].hasPrefix("[0 third]") }
      #expect(!screen.rows[31].hasPrefix("!"))
      screen.type("q")
      try await require("the end", within: 10) { screen.status == 0 }
      hub.kill()
    }

    @Test("a signal gives the terminal back and is told by the status", arguments: [SIGTERM, SIGHUP, SIGUSR1, SIGALRM])
    func signals(_ number: Int32) async throws {
      let screen = try screen()
      try await require("a screen", within: 20) { screen.rows[1].hasPrefix("[0 overview]") }
      _ = kill(screen.pid, number)
      try await require("its end, the terminal as it was", within: 10) { screen.status != nil && screen.wasGivenBack }
      #expect(screen.status == 128 + number)
    }

    @Test("a terminal that takes nothing does not hold up the end")
    func stalled() async throws {
      let screen = try screen()
      try await require("a screen", within: 20) { screen.rows[1].hasPrefix("[0 overview]") }
      screen.isRead = false
      try await require("a write that waits", within: 60) {
        screen.type("\u{c}")
        return screen.isFull
      }
      _ = kill(screen.pid, SIGTERM)
      try await require("its end", within: 20) { screen.status != nil }
      #expect(screen.status == 128 + SIGTERM)
    }

    @Test("ctrl-z stops it with the script that started it, and both go on")
    func stopped() async throws {
      let command = "'\(VigilBinary.path)' dashboard --config '\(config)' --lang en"
      let script = """
        set -m
        sh -c "\(command); printf '\\\\033[2J\\\\033[1;1Hover %s' \\$?"
        printf '\\033[1;1HSTOPPED'; read line; fg
        """
      let screen = try OnTerminal(
        ["bash", "-c", script], columns: 100, rows: 32,
        environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"])
      try await require("a screen", within: 20) { screen.rows[1].hasPrefix("[0 overview]") }
      screen.type("\u{1a}")
      try await require("the shell is back", within: 20) { screen.rows[0].hasPrefix("STOPPED") && screen.wasGivenBack }
      screen.type("\r")
      try await require("the screen is back", within: 20) {
        !screen.rows[0].contains("STOPPED") && screen.rows[1].hasPrefix("[0 overview]")
      }
      screen.type("q")
      try await require("the end of both", within: 20) { screen.status != nil }
      #expect(screen.rows[0].hasPrefix("over 0"), "\(screen.text)")
    }

    @Test("lines end when their reader does, with a hub and without one", arguments: [true, false])
    func nobodyReads(_ hasHub: Bool) async throws {
      let hub = hasHub ? try await hub() : nil
      for option in ["", "--json"] {
        let command = "'\(VigilBinary.path)' dashboard \(option) --config '\(config)' 2>&1 | head -1"
        // Without a line to print, JSON has only its reader's end to go by.
        let reader = option.isEmpty ? command : command.replacing("head -1", with: "true")
        let child = try Child(["sh", "-c", reader])
        #expect(try await child.end(within: 30) == 0)
        #expect(option.isEmpty == !child.output.isEmpty, "\(child.output)")
      }
      hub?.kill()
    }

    @Test("with --json it prints the stream's objects, one a line")
    func objects() async throws {
      let hub = try await hub()
      for words in [["start", "d1", "--name", "x"], ["inject", "d1", "--severity", "high", "--title", "a\u{202e}b"]] {
        let answer = try await Child([VigilBinary.path, "duty", "drill"] + words + ["--config", config]).end(within: 30)
        #expect(answer == 0)
      }
      let lines = try Child([VigilBinary.path, "dashboard", "--json", "--config", config])
      try await require("the alert", within: 20) { lines.output.contains(#"a\u202eb"#) }
      for line in lines.output.split(separator: "\n") {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(object?["kind"] != nil, "\(line)")
      }
      lines.kill()
      hub.kill()
    }

    @Test("each screen is printed once, and definitions are checked, by their status")
    func once() async throws {
      let hub = try await hub()
      for (digit, id) in zip("012345", ["overview", "situation", "warning", "data-protection", "response", "duty"]) {
        for name in [String(digit), id] {
          let answer = try await vigil(
            "dashboard", "--once", "--plain", "--size", "120x40", "--screen", name, "--config", config)
          #expect(answer.status == 0 && answer.output.contains("[\(digit) "), "\(answer)")
        }
      }
      let unknown = try await vigil("dashboard", "--once", "--screen", "9", "--config", config)
      #expect(unknown.status == 2 && unknown.complaint.contains("no screen is called \"9\""), "\(unknown)")
      hub.kill()

      let right = try await vigil("dashboard", "check")
      #expect(right.status == 0 && right.output == "7 definitions are right", "\(right)")
      let file = try space.write(
        "wrong.yaml", "dashboard: 1\nid: x\ntitle: x\nlayouts: [{stack: [a]}]\npanels: {a: {kind: sits}}\n")
      let wrong = try await vigil("dashboard", "check", file)
      #expect(
        wrong.status == 2
          && wrong.complaint == "\(file):5:20: \"sits\" is not allowed here (did you mean \"sites\"?)", "\(wrong)")
    }
  }
}

import Foundation
import Testing

extension EndToEnd {
  /// What commands list: for a person on a terminal, for a program in a pipe.
  @Suite(.serialized, .timeLimit(.minutes(3)))
  struct ListTests {
    private let space: Workspace
    private let config: String
    init() throws {
      space = try Workspace()
      config = try space.quietHub()
    }

    private static let city = """
      organisations: [{id: tax, name: {en: Tax office, zh: 税务局}}]
      sites:
        - {url: "https://tax.test", organisation: tax}
        - {url: "https://library.test", organisation: tax}

      """

    private func run(_ words: String...) async throws -> Answer { try await run(words) }

    private func run(_ words: [String]) async throws -> Answer {
      let child = try Child(
        [VigilBinary.path] + words + ["--config", config], environment: ["NO_COLOR": "", "TERM": "xterm-256color"])
      return Answer(status: try await child.end(within: 30), output: child.output, complaint: child.complaint)
    }

    /// The lines that a person sees who runs a command on a terminal so wide.
    private func seen(_ columns: UInt16, term: String = "xterm-256color", _ words: String...) async throws -> OnTerminal
    {
      let terminal = try OnTerminal(
        [VigilBinary.path] + words + ["--config", config], columns: columns, rows: 30,
        environment: ["TERM": term, "LC_ALL": "C.UTF-8", "NO_COLOR": ""])
      try await require("\(words) ends", within: 30) { terminal.status != nil }
      #expect(terminal.status == 0, "\(terminal.text)")
      return terminal
    }

    /// A city with two sites, a case and two marked alerts.
    private func furnish() async throws -> Child {
      let hub = try Child([VigilBinary.path, "hub", "--config", config])
      try await require("a hub", within: 60) { hub.output.contains("hub ready") }
      let file = try space.write("city.yaml", Self.city)
      for words in [
        ["sites", "import", file], ["incidents", "open", "--title", "home page altered", "--site", "tax.test"],
        ["duty", "drill", "start", "d1", "--name", "spring"],
        ["duty", "drill", "inject", "d1", "--severity", "critical", "--title", "a \u{1b}[31mshell answers"],
        ["duty", "drill", "inject", "d1", "--severity", "low", "--title", "a probe", "--site", "tax.test"],
        ["duty", "log", "called the tax office"],
      ] {
        let child = try Child([VigilBinary.path] + words + ["--config", config])
        let status = try await child.end(within: 30)
        #expect(status == 0, "\(words): \(child.complaint)")
      }
      return hub
    }

    @Test("each list on a terminal has a head and coloured columns within its width; in a pipe tabs, and no colour")
    func lists() async throws {
      let hub = try await furnish()
      let sites = try await seen(60, "sites", "list")
      #expect(sites.rows[0].hasPrefix("SITE") && sites.rows[0].contains("SCORE"), "\(sites.text)")
      #expect(sites.rows.contains { $0.hasPrefix("tax.test") && $0.contains("Tax office") }, "\(sites.text)")
      #expect(sites.wasColored)
      let chinese = try await seen(100, "sites", "list", "--lang", "zh")
      #expect(chinese.rows[0].hasPrefix("站点") && chinese.text.contains("税务局"), "\(chinese.text)")

      let piped = try await run("sites", "list")
      #expect(
        piped.output.split(separator: "\n").allSatisfy { $0.split(separator: "\t").count == 8 } && piped.status == 0,
        "\(piped.output)")
      #expect(!piped.output.contains("\u{1b}") && !piped.output.contains("SITE"))

      let alerts = try await seen(140, "alerts", "list", "--query", "severity>=high")
      #expect(alerts.text.contains("^[[31mshell answers") && !alerts.text.contains("a probe"), "\(alerts.text)")
      for words in [["incidents"], ["duty", "log"], ["duty", "shifts"], ["notices"], ["duty", "reports"], ["tasks"]] {
        let child = try Child([VigilBinary.path] + words + ["--config", config])
        #expect(try await child.end(within: 30) == 0, "\(words): \(child.complaint)")
        #expect(!child.output.contains("\u{1b}"))
      }
      #expect(try await run("incidents").output.contains("\topen\t"))
      #expect(try await run("duty", "log", "--query", "kind:remark").output.hasSuffix("\tcalled the tax office"))
      #expect(try await run("duty", "log", "--query", "kind:page").output.isEmpty)
      hub.kill()
    }

    @Test("what is opened reads as on the dashboard, in both languages: wrapped on a terminal, in a pipe whole lines")
    func opened() async throws {
      let hub = try await furnish()
      let listed = try await run("alerts", "list", "--query", "severity:critical", "--columns", "id")
      let row = try #require(listed.output.split(separator: "\n").first.map(String.init))
      let narrow = try await seen(40, "alerts", "show", row)
      #expect(narrow.wasColored && narrow.rows[0].hasPrefix("C"), "\(narrow.text)")
      #expect(narrow.text.contains("^[[31mshell"), "\(narrow.text)")
      let piped = try await run("alerts", "show", row)
      #expect(piped.output.contains("\nthe rule explained\n") && !piped.output.contains("\u{1b}"), "\(piped.output)")
      #expect(piped.output.split(separator: "\n").allSatisfy { $0.last != " " })
      #expect(try await run("alerts", "show", row, "--lang", "zh").output.contains("\n规则说明\n"))
      let site = try await run("sites", "show", "tax.test", "--lang", "zh")
      #expect(site.output.contains("税务局") && site.output.contains("授权"), "\(site.output)")
      let incident = try await run("incidents", "list", "--columns", "id")
      let id = incident.output.trimmingCharacters(in: .whitespacesAndNewlines)
      let shown = try await run("incidents", "show", id)
      #expect(shown.output.hasPrefix("home page altered\n") && shown.output.contains("\nrows\n"), "\(shown.output)")
      for words in [["alerts", "show", "999"], ["sites", "show", "nowhere"], ["incidents", "show", "2020-0001"]] {
        let refused = try await run(words)
        #expect(refused.status != 0 && refused.output.isEmpty && !refused.complaint.isEmpty, "\(words)")
      }
      hub.kill()
    }

    @Test("columns are chosen by name, a wrong one or a wrong query is told with what there is, and dumb is plain")
    func choices() async throws {
      let hub = try await furnish()
      let chosen = try await run("sites", "list", "--columns", "site,organisation")
      #expect(Set(chosen.output.split(separator: "\n")) == ["tax.test\tTax office", "library.test\tTax office"])
      let wrong = try await run("sites", "list", "--columns", "colour")
      #expect(
        wrong.status == 2 && wrong.complaint.contains("--columns: this list has no column \"colour\"; it has site, "),
        "\(wrong.complaint)")
      let query = try await run("duty", "log", "--query", "colour:red")
      #expect(query.status == 2 && query.complaint.contains("filter:1"), "\(query.complaint)")
      let theme = try await run("alerts", "list", "--theme", "pink")
      #expect(theme.status == 2 && theme.complaint.contains("the themes are dark, light"), "\(theme.complaint)")
      let dumb = try await seen(80, term: "dumb", "alerts", "list")
      #expect(!dumb.wasColored && dumb.rows[0].contains("RULE"), "\(dumb.text)")
      let never = try await seen(80, "alerts", "list", "--color", "never")
      #expect(!never.wasColored)
      hub.kill()
    }

    @Test("nothing of a hostile title is obeyed, whether a command lists it, acts on it or writes it as JSON")
    func hostileTitle() async throws {
      let hub = try await furnish()
      let title = "\u{9b}31m\u{202e}gpj\u{7f} red"
      let made = try await run("duty", "drill", "inject", "d1", "--severity", "high", "--title", title)
      #expect(made.status == 0, "\(made.complaint)")
      for words in [["list", "--query", "red"], ["list", "--query", "red", "--json"]] {
        let answer = try await run(["alerts"] + words)
        #expect(answer.status == 0 && answer.output.contains("red"), "\(answer)")
        #expect(isHarmless(answer.output), "\(words): \(answer.output)")
      }
      let listed = try await run("alerts", "list", "--query", "red", "--columns", "id")
      let number = try #require(listed.output.split(separator: "\n").first.map(String.init))
      for words in [["ack"], ["assign", "--to", "\u{1b}[5mli"], ["show"], ["undo"], ["show", "--json"]] {
        let answer = try await run(["alerts"] + words + [number])
        #expect(answer.status == 0 && answer.output.contains("red"), "\(answer)")
        #expect(isHarmless(answer.output), "\(words): \(answer.output)")
      }
      let refused = try await run("incidents", "show", "\u{9b}5m")
      #expect(refused.status != 0 && isHarmless(refused.complaint), "\(refused)")
      hub.kill()
    }

    private func isHarmless(_ text: String) -> Bool {
      !text.unicodeScalars.contains { scalar in
        scalar != "\n" && scalar != "\t" && [.control, .format].contains(scalar.properties.generalCategory)
      }
    }

    @Test("tail on a terminal is in columns, in a pipe whole lines, by one query")
    func tail() async throws {
      let hub = try await furnish()
      let terminal = try OnTerminal(
        [VigilBinary.path, "tail", "--since", "1h", "--query", "severity>=high", "--config", config], columns: 100,
        rows: 12, environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "NO_COLOR": ""])
      try await require("the alert in columns", within: 20) { terminal.text.contains("^[[31mshell answers") }
      #expect(!terminal.text.contains("a probe") && terminal.wasColored, "\(terminal.text)")
      let piped = try Child([VigilBinary.path, "tail", "--since", "1h", "--config", config])
      try await require("both as lines", within: 20) { piped.output.contains("a probe") }
      #expect(piped.output.contains(" C [9001:1] ") && !piped.output.contains("? ->"), "\(piped.output)")
      #expect(!piped.output.contains("\u{1b}"))
      piped.kill()
      _ = kill(terminal.pid, SIGTERM)
      try await require("its end", within: 10) { terminal.status != nil }
      hub.kill()
    }
  }
}

import Foundation
import Testing

extension EndToEnd {
  /// Manual pages and completions, as an installer gets them.
  @Suite(.serialized, .timeLimit(.minutes(2)))
  struct ManualTests {
    private let space: Workspace
    init() throws { space = try Workspace() }

    private struct Help: Decodable {
      var command: Command
      struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var shouldDisplay: Bool?
        var defaultSubcommand: String?
        var subcommands: [Command]?
        var arguments: [Argument]?
      }
      struct Argument: Decodable {
        var kind: String
        var shouldDisplay: Bool
        var preferredName: Name?
        var valueName: String?
        var abstract: String?
      }
      struct Name: Decodable {
        var kind: String
        var name: String
      }
    }

    private func pages() async throws -> (folder: String, help: Help.Command) {
      let folder = space.file("prefix")
      let made = try await vigil("manual", folder, "--day", "2026-11-26")
      #expect(made.status == 0 && made.output.contains("completions of 3 shells"), "\(made)")
      let help = try await vigil("--experimental-dump-help")
      return (folder, try JSONDecoder().decode(Help.self, from: Data(help.output.utf8)).command)
    }

    @Test("every command that is shown has a page, and every option and argument stands on it with a sentence")
    func everyOptionHasASentence() async throws {
      let (folder, help) = try await pages()
      var names: Set<String> = []
      func walk(_ command: Help.Command, _ above: [String]) throws {
        let path = above + [command.commandName]
        let name = path.joined(separator: "-")
        names.insert(name + ".1")
        let page = space.text("prefix/share/man/man1/\(name).1")
        #expect(!page.isEmpty, "\(name) has no page")
        #expect(command.abstract?.isEmpty == false, "\(name) does not say what it does")
        let within = (command.subcommands ?? []).filter {
          $0.shouldDisplay == false && $0.commandName == command.defaultSubcommand
        }
        for argument in (command.arguments ?? []) + within.flatMap({ $0.arguments ?? [] }) where argument.shouldDisplay
        {
          let word = argument.preferredName.map { ($0.kind == "long" ? "-" : "") + $0.name } ?? argument.valueName ?? ""
          let shown = argument.preferredName == nil ? "Ar \\&\(word)" : "Fl " + word.replacing("-", with: "\\-")
          let items = page.split(separator: "\n").drop { $0 != ".Sh OPTIONS" }
          let at = try #require(
            items.firstIndex { $0.hasPrefix(".It ") && ($0 + " ").contains(shown + " ") }, "\(name) lacks \(word)")
          #expect(!items[at + 1].hasPrefix("."), "\(name) says nothing of \(word)")
        }
        for below in command.subcommands ?? [] where below.shouldDisplay != false && below.commandName != "help" {
          try walk(below, path)
        }
      }
      try walk(help, [])
      #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder + "/share/man/man1")) == names)
      #expect(names.count > 100)
      // What runs when no command is named.
      #expect(space.text("prefix/share/man/man1/vigil-dashboard.1").contains(".Op Fl \\-once\n"))
      #expect(space.text("prefix/share/man/man1/vigil-duty.1").contains("Without a command it is status.\n"))
    }

    private static let groff = "/usr/bin/groff"

    @Test(
      "the formatter has no remark on any page, and a page reads as a person would have it",
      .enabled(if: FileManager.default.isExecutableFile(atPath: groff)))
    func formatted() async throws {
      let (folder, _) = try await pages()
      for file in try FileManager.default.contentsOfDirectory(atPath: folder + "/share/man/man1").sorted() {
        let path = folder + "/share/man/man1/" + file
        let lint = try Child([Self.groff, "-Kutf8", "-mdoc", "-Tutf8", "-ww", "-z", path])
        let status = try await lint.end(within: 20)
        #expect(status == 0 && lint.complaint.isEmpty, "\(file): \(lint.complaint)")
      }
      let shown = try Child(
        [Self.groff, "-Kutf8", "-mdoc", "-Tascii", "-P-cbou", "-rLL=78n", folder + "/share/man/man1/vigil-tail.1"])
      _ = try await shown.end(within: 20)
      let lines = shown.output.split(separator: "\n").map(String.init)
      #expect(
        lines.contains { $0.contains("vigil-tail") && $0.contains("Alerts and findings as they come") },
        "\(shown.output)")
      #expect(lines.contains { $0.contains("--bell") }, "\(shown.output)")
      #expect(lines.contains { $0.contains("Ring the terminal's bell for high and worse.") }, "\(shown.output)")
    }

    @Test("the shells take their completions, which offer commands, options and the fields of queries")
    func completions() async throws {
      let (folder, _) = try await pages()
      let bash = folder + "/share/bash-completion/completions/vigil"
      for (shell, file) in [
        ("bash", bash), ("zsh", folder + "/share/zsh/site-functions/_vigil"),
        ("fish", folder + "/share/fish/vendor_completions.d/vigil.fish"),
      ] {
        #expect(space.text(String(file.dropFirst(space.path.count + 1))).contains("vigil"), "no \(file)")
        guard ["/bin/", "/usr/bin/"].contains(where: { FileManager.default.isExecutableFile(atPath: $0 + shell) })
        else {
          continue
        }
        let parsed = try Child([shell, "-n", file])
        #expect(try await parsed.end(within: 20) == 0, "\(shell): \(parsed.complaint)")
      }
      #expect(try await offered(bash, "vigil", "al").contains("alerts"))
      #expect(try await offered(bash, "vigil", "alerts", "esc") == ["escalate"])
      #expect(try await offered(bash, "vigil", "tail", "--the") == ["--theme"])
      #expect(try await offered(bash, "vigil", "tail", "--theme", "mono") == ["monochrome"])
      #expect(try await offered(bash, "vigil", "tail", "--color", "al") == ["always"])
      #expect(try await offered(bash, "vigil", "alerts", "list", "sev") == ["severity:", "severity>="])
    }

    /// What bash offers behind these words, as it asks the function of the script.
    private func offered(_ script: String, _ words: String...) async throws -> [String] {
      let folder = URL(fileURLWithPath: VigilBinary.path).deletingLastPathComponent().path
      let quoted = words.map { "'\($0)'" }.joined(separator: " ")
      let line = words.joined(separator: " ")
      let asking = """
        source '\(script)'
        COMP_WORDS=(\(quoted)) COMP_CWORD=\(words.count - 1) COMP_LINE='\(line)' COMP_POINT=\(line.count)
        COMP_TYPE=9 COMP_KEY=9
        _vigil vigil '\(words.last ?? "")' '\(words.dropLast().last ?? "")'
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let shell = try Child(
        ["bash", "-c", asking],
        environment: ["PATH": folder + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")])
      _ = try await shell.end(within: 20)
      #expect(shell.complaint.isEmpty, "\(shell.complaint)")
      return shell.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
  }
}

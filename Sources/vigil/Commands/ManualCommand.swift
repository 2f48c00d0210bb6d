import ArgumentParser
import ControlAPI
import Glibc
import Hub
import Manual
import Records
import Wire

/// Made for installers: pages and completions come from the commands' own help, so none can be forgotten.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Writes manual pages and completions of shells below a folder.",
    discussion: """
      FOLDER is what a package calls its prefix, such as /usr/local or ~/.local. Written are share/man/man1/*.1,
      share/bash-completion/completions/vigil, share/zsh/site-functions/_vigil and
      share/fish/vendor_completions.d/vigil.fish.
      """, shouldDisplay: false)
  @Option(help: ArgumentHelp("The day in the pages' foot; else today.", valueName: "2026-11-26")) var day: String?
  @Argument(help: "The folder.", completion: .directory) var folder: String

  func run() throws {
    let day = self.day ?? String(WallClock.system.now().text.prefix(10))
    guard let edition = Manual.Edition(version: Hub.version, day: day) else {
      throw OperatorMistake("manual.day", at: "--day", "\"\(day)\" is no day", hint: "write one such as 2026-11-26")
    }
    let pages = try Manual.pages(ofHelp: Vigil._dumpHelp(), edition: edition)
    for page in pages { try write(page.text, "share/man/" + page.file) }
    for (shell, file) in ManualCommand.completions {
      try write(Vigil.completionScript(for: shell), "share/" + file)
    }
    Console.out.line("\(pages.count) pages and completions of 3 shells are below \(folder)/share")
  }

  private static let completions: [(CompletionShell, String)] = [
    (.bash, "bash-completion/completions/vigil"), (.zsh, "zsh/site-functions/_vigil"),
    (.fish, "fish/vendor_completions.d/vigil.fish"),
  ]

  private func write(_ text: String, _ file: String) throws {
    let path = folder + "/" + file
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/").dropLast() {
      made += "/" + part
      guard unsafe mkdir(made, 0o755) != 0, errno != EEXIST, errno != EISDIR else { continue }
      throw OperatorMistake(
        "manual.folder", at: made, "cannot make this folder: \(unsafe String(cString: strerror(errno)).lowercased())",
        hint: "name one that you may write in, such as ~/.local")
    }
    try WholeFile(path: path, replaces: true).write(text)
    // Everybody reads manuals.
    _ = unsafe chmod(path, 0o644)
  }
}

import Foundation

/// A program in a tmux of its own, as an officer over ssh has it: keys are sent, and the screen is read.
final class Tmux: Sendable {
  private let socket: String
  private let session = "watch"

  static let isThere = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// A shell with job control, whose prompt is `READY>`.
  init(_ space: Workspace, columns: Int, rows: Int) async throws {
    socket = space.file("tmux.sock")
    let shell = "env PS1='READY> ' LC_ALL=C.UTF-8 bash --norc --noprofile -i"
    try await tmux("new-session", "-d", "-s", session, "-x", "\(columns)", "-y", "\(rows)", shell)
    try await tmux("set-option", "-g", "status", "off")
    try await see("READY>", "a shell")
  }

  /// Starts the program in the shell.
  func start(_ command: [String]) async throws {
    try await type(command.map { "'\($0)'" }.joined(separator: " "))
    try await press("Enter")
  }

  @discardableResult
  private func tmux(_ words: String...) async throws -> String {
    try await run(["tmux", "-f", "/dev/null", "-u", "-S", socket] + words)
  }

  /// Letters as they are.
  func type(_ text: String) async throws { try await tmux("send-keys", "-t", session, "-l", text) }
  /// Keys by tmux's names: `Enter`, `Escape`, `Tab`, `C-z`.
  func press(_ keys: String...) async throws {
    for key in keys { try await tmux("send-keys", "-t", session, key) }
  }

  var screen: String {
    get async throws { try await tmux("capture-pane", "-p", "-t", session) }
  }
  /// With the escape sequences that set its colours.
  var colours: String {
    get async throws { try await tmux("capture-pane", "-p", "-e", "-t", session) }
  }
  /// What the pane's title was set to by what ran in it.
  var title: String {
    get async throws { try await tmux("display-message", "-p", "-t", session, "#{pane_title}") }
  }
  /// `1` while the alternate screen is on; the cursor's flag; the pane's size.
  var state: String {
    get async throws {
      try await tmux(
        "display-message", "-p", "-t", session, "#{alternate_on} #{cursor_flag} #{pane_width}x#{pane_height}")
    }
  }
  /// The shell's process.
  var shell: Int32 {
    get async throws { Int32(try await tmux("display-message", "-p", "-t", session, "#{pane_pid}")) ?? -1 }
  }
  func resize(_ columns: Int, _ rows: Int) async throws {
    try await tmux("resize-window", "-t", session, "-x", "\(columns)", "-y", "\(rows)")
  }

  /// Waits until the screen has the text.
  func see(_ text: String, _ what: String, within seconds: Double = 20) async throws {
    try await see([text], what, within: seconds)
  }

  /// Waits until the screen has all of these.
  func see(_ texts: [String], _ what: String, within seconds: Double = 20) async throws {
    let end = Moment.now + seconds
    var last = ""
    while Moment.now < end {
      last = try await screen
      if texts.allSatisfy(last.contains) { return }
      try await Task.sleep(for: .milliseconds(60))
    }
    throw Failure("\(what) is not seen: \(texts.filter { !last.contains($0) }) on\n\(last)")
  }

  /// Types a key until the screen has what it leads to: who is told that it was refused looks, and presses it again.
  func type(_ key: String, until text: String, unless refusal: String) async throws {
    for _ in 0..<10 {
      try await type(key)
      if try await seeOne(of: [text, refusal], after: key) == text { return }
      try await miss(refusal)
    }
    throw Failure("\(key) is refused for ever: \(refusal)")
  }

  /// Waits until the screen has one of these; which, the first where it has several.
  private func seeOne(of texts: [String], after key: String, within seconds: Double = 20) async throws -> String {
    let end = Moment.now + seconds
    var last = ""
    while Moment.now < end {
      last = try await screen
      if let seen = texts.first(where: last.contains) { return seen }
      try await Task.sleep(for: .milliseconds(60))
    }
    throw Failure("after \(key) none of \(texts) is seen on\n\(last)")
  }

  /// Waits until the screen has none of it.
  func miss(_ text: String, within seconds: Double = 20) async throws {
    let end = Moment.now + seconds
    var last = ""
    while Moment.now < end {
      last = try await screen
      if !last.contains(text) { return }
      try await Task.sleep(for: .milliseconds(60))
    }
    throw Failure("still seen: \"\(text)\" on\n\(last)")
  }

  /// The server and all that runs in it.
  func end() async { _ = try? await tmux("kill-server") }
}

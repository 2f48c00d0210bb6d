import Glibc
import Synchronization

/// Where lines go. A reader that went away (`| head`) ends the command quietly, as any filter would.
struct Console: Sendable {
  static let out = Console(descriptor: 1)
  static let error = Console(descriptor: 2)

  let descriptor: Int32

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// What is written goes to another program.
  var isPipe: Bool {
    var state = stat()
    guard unsafe fstat(descriptor, &state) == 0 else { return false }
    return [S_IFIFO, S_IFSOCK].contains(state.st_mode & S_IFMT)
  }

  func line(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n") }

  func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EPIPE, descriptor == 1 { exit(0) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// One sentence on standard error, as every command ends that cannot do what was asked.
  /// Reasons may quote what came from outside: each line is as no terminal obeys it.
  static func complain(_ sentence: String) {
    let lines = sentence.split(separator: "\n", omittingEmptySubsequences: false).map { Table.harmless(String($0)) }
    error.line("vigil: \(lines.joined(separator: "\n"))")
  }

  /// Columns of the terminal; nil where there is none.
  var columns: Int? {
    guard isTerminal else { return nil }
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

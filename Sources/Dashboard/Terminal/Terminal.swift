import Glibc

/// The tty: raw and on the alternate screen while it is held, as it was before when it is given back.
///
/// `release` is called on a normal end; the handlers of `TerminalGuard` do the same on signals and crashes.
struct Terminal {
  let input: Int32
  let output: Int32

  /// Alternate screen, cursor hidden, bracketed paste.
  static let entering = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?2004h\u{1b}[2J"
  static let leaving = "\u{1b}[?2004l\u{1b}[?2026l\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l"

  /// Nil where standard input or output is no terminal.
  init?() {
    guard isatty(0) == 1, isatty(1) == 1 else { return nil }
    (input, output) = (0, 1)
  }

  func hold() {
    TerminalGuard.arm(input: input, output: output)
    enter()
  }

  func enter() {
    var settings = termios()
    guard unsafe tcgetattr(input, &settings) == 0 else { return }
    unsafe cfmakeraw(&settings)
    _ = unsafe tcsetattr(input, TCSAFLUSH, &settings)
    TerminalGuard.isHeld = true
    write(Array(Terminal.entering.utf8))
  }

  func release() { TerminalGuard.restore() }

  /// Stops this process and its group (the script that started it) as ctrl-z does elsewhere; returns when they are
  /// continued. Where no shell would continue them the system does not stop them, and it goes on.
  func suspend() {
    release()
    TerminalGuard.stop()
    enter()
  }

  /// No screen has more; a terminal may claim it.
  static let mostColumns = 1000
  static let mostRows = 1000

  var size: Size {
    var window = winsize()
    guard unsafe ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
      return Size(columns: 80, rows: 24)
    }
    return Terminal.size(columns: window.ws_col, rows: window.ws_row)
  }

  static func size(columns: UInt16, rows: UInt16) -> Size {
    Size(columns: min(Int(columns), mostColumns), rows: min(Int(rows), mostRows))
  }

  /// All of it, however slow the line is, unless the end is asked for meanwhile.
  func write(_ bytes: [UInt8]) { Terminal.write(bytes, to: output) }

  /// Whether all of it was taken.
  @discardableResult
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      // A signal ends a write early: what is left would wait again.
      if TerminalGuard.mustEnd { return false }
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&waited, 1, 1000)
        continue
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Whether somebody reads what is written into this pipe; true of what is no pipe.
  static func isRead(_ descriptor: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: 0, revents: 0)
    return unsafe poll(&state, 1, 0) <= 0 || state.revents & Int16(POLLERR) == 0
  }

  /// What came, at most a page; empty at the end.
  func read() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var count = 0
    repeat {
      count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(input, $0.baseAddress, $0.count) }
    } while count < 0 && errno == EINTR
    return count > 0 ? Array(bytes.prefix(count)) : []
  }
}

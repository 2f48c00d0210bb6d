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

  /// Stops this process as ctrl-z does elsewhere; returns when it is continued. Under a supervisor nobody would
  /// continue it, so there it goes on.
  func suspend() {
    guard getpgrp() == getpid() else { return }
    release()
    // To this thread: sent to the process, another may take it, and this one would go on and hold the terminal again.
    _ = raise(SIGSTOP)
    enter()
  }

  var size: Size {
    var window = winsize()
    guard unsafe ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
      return Size(columns: 80, rows: 24)
    }
    return Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
  }

  /// All of it, however slow the line is.
  func write(_ bytes: [UInt8]) { Terminal.write(bytes, to: output) }

  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&waited, 1, 1000)
        continue
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// What came, at most a page; empty at the end or on an interrupt.
  func read() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(input, $0.baseAddress, $0.count) }
    return count > 0 ? Array(bytes.prefix(count)) : []
  }
}

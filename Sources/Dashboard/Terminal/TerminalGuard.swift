import Glibc

/// What signal handlers need, where they may reach it: plain globals, set before the handlers are, and only calls
/// that POSIX allows in a handler.
private nonisolated(unsafe) var savedSettings = termios()
private nonisolated(unsafe) var guardedInput: Int32 = -1
private nonisolated(unsafe) var guardedOutput: Int32 = -1
private nonisolated(unsafe) var heldNow = false
private nonisolated(unsafe) var signalPipe: Int32 = -1
private nonisolated(unsafe) var leavingBytes: UnsafeMutablePointer<UInt8>?
private nonisolated(unsafe) var leavingCount = 0

/// Gives the terminal back whatever happens: end, signal, crash.
enum TerminalGuard {
  static var isHeld: Bool {
    get { unsafe heldNow }
    set { unsafe heldNow = newValue }
  }

  /// Remembers the terminal as it is. Only the first call counts.
  static func arm(input: Int32, output: Int32) {
    guard unsafe leavingBytes == nil else { return }
    unsafe guardedInput = input
    unsafe guardedOutput = output
    _ = unsafe tcgetattr(input, &savedSettings)
    let bytes = Array(Terminal.leaving.utf8)
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
    unsafe copy.initialize(from: bytes, count: bytes.count)
    unsafe leavingBytes = copy
    unsafe leavingCount = bytes.count
    for crash in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] { install(crash, crashed) }
  }

  /// Signals that end or change the program go into this pipe as one byte each.
  static func watch(pipe: Int32) {
    unsafe signalPipe = pipe
    for number in [SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGCONT, SIGTSTP] { install(number, signalled) }
  }

  static func restore() { restoreTerminal() }

  private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    _ = unsafe sigaction(number, &action, nil)
  }
}

private func restoreTerminal() {
  guard unsafe heldNow, let bytes = unsafe leavingBytes else { return }
  unsafe heldNow = false
  _ = unsafe write(guardedOutput, bytes, leavingCount)
  _ = unsafe tcsetattr(guardedInput, TCSANOW, &savedSettings)
}

private func signalled(_ number: Int32) {
  let before = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = unsafe write(signalPipe, &byte, 1)
  errno = before
}

private func crashed(_ number: Int32) {
  restoreTerminal()
  _ = signal(number, SIG_DFL)
  _ = raise(number)
}

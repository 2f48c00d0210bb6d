import Glibc

/// What signal handlers need, where they may reach it: plain globals, set before the handlers are, and only calls
/// that POSIX allows in a handler.
private nonisolated(unsafe) var savedSettings = termios()
private nonisolated(unsafe) var guardedInput: Int32 = -1
private nonisolated(unsafe) var guardedOutput: Int32 = -1
private nonisolated(unsafe) var heldNow = false
private nonisolated(unsafe) var signalPipe: Int32 = -1
/// The thread that writes to the terminal, while signals are watched.
private nonisolated(unsafe) var screenThread: pthread_t?
/// The signal that asked for the end.
private nonisolated(unsafe) var endNumber: Int32 = 0
private nonisolated(unsafe) var leavingBytes: UnsafeMutablePointer<UInt8>?
private nonisolated(unsafe) var leavingCount = 0

/// Gives the terminal back whatever happens: end, signal, crash.
enum TerminalGuard {
  /// Of these the program would die without giving the terminal back.
  private static let ends = [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM]
  private static let changes = [SIGWINCH, SIGCONT, SIGTSTP]
  /// A screen that was asked to end and did not, in seconds: the terminal is given back and the program ended as it is.
  fileprivate static let patience: UInt32 = 5
  /// For handlers where the thread's own stack is used up.
  private static let stackBytes = 64 << 10

  static var isHeld: Bool {
    get { unsafe heldNow }
    set { unsafe heldNow = newValue }
  }

  /// A signal asked for the end: what the terminal does not take is given up.
  static var mustEnd: Bool { unsafe endNumber != 0 }

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
    giveStack()
    for crash in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] { install(crash, crashed, SA_ONSTACK) }
  }

  /// A stack of their own for the handlers of this thread, kept to the end of the program.
  static func giveStack() {
    var stack = unsafe stack_t()
    unsafe stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stackBytes, alignment: 16)
    unsafe stack.ss_size = stackBytes
    _ = unsafe sigaltstack(&stack, nil)
  }

  /// Signals that end or change the program go into this pipe as one byte each. Called on the thread that writes to the
  /// terminal: a signal that asks for the end interrupts its write, however long the terminal would take.
  static func watch(pipe: Int32) {
    unsafe signalPipe = pipe
    unsafe screenThread = pthread_self()
    admit(ends + changes)
    for number in ends { install(number, asked, 0) }
    for number in changes { install(number, signalled, SA_RESTART) }
  }

  /// Threads of a queue block signals; this one takes them.
  private static func admit(_ numbers: [Int32]) {
    var set = sigset_t()
    _ = unsafe sigemptyset(&set)
    for number in numbers { _ = unsafe sigaddset(&set, number) }
    _ = unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Signals do again what they do to any program. Called by the thread of `watch` at its end.
  static func unwatch() {
    _ = alarm(0)
    for number in ends + changes { _ = signal(number, SIG_DFL) }
    unsafe screenThread = nil
  }

  /// Stops the process's group, then this process, until it is continued. This process by this thread, since another may
  /// take the group's signal while this one goes on.
  static func stop() {
    _ = signal(SIGTSTP, SIG_IGN)
    _ = kill(0, SIGTSTP)
    _ = signal(SIGTSTP, SIG_DFL)
    _ = raise(SIGTSTP)
    install(SIGTSTP, signalled, SA_RESTART)
  }

  static func restore() { restoreTerminal() }

  private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void, _ flags: Int32) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = flags
    _ = unsafe sigaction(number, &action, nil)
  }
}

/// Never waits: a terminal that takes nothing loses what it has not shown.
private func restoreTerminal() {
  guard unsafe heldNow, let bytes = unsafe leavingBytes else { return }
  unsafe heldNow = false
  let flags = unsafe fcntl(guardedOutput, F_GETFL)
  _ = unsafe fcntl(guardedOutput, F_SETFL, flags | O_NONBLOCK)
  if unsafe write(guardedOutput, bytes, leavingCount) < leavingCount {
    _ = unsafe tcflush(guardedOutput, TCOFLUSH)
    _ = unsafe write(guardedOutput, bytes, leavingCount)
  }
  _ = unsafe fcntl(guardedOutput, F_SETFL, flags)
  _ = unsafe tcsetattr(guardedInput, TCSANOW, &savedSettings)
}

private func signalled(_ number: Int32) {
  let before = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = unsafe write(signalPipe, &byte, 1)
  errno = before
}

/// The end is asked for: told to the screen's thread, which is in a write or waits; by force when it does not end.
private func asked(_ number: Int32) {
  if number == SIGALRM, unsafe endNumber != 0 {
    restoreTerminal()
    unsafe _exit(128 + endNumber)
  }
  let before = errno
  if let thread = unsafe screenThread, thread != pthread_self() {
    _ = pthread_kill(thread, number)
  } else {
    if unsafe endNumber == 0 { _ = alarm(TerminalGuard.patience) }
    unsafe endNumber = number
    signalled(number)
  }
  errno = before
}

private func crashed(_ number: Int32) {
  restoreTerminal()
  _ = signal(number, SIG_DFL)
  _ = raise(number)
}

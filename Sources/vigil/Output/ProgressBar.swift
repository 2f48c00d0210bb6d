import Dashboard
import Engines
import Glibc
import Hub
import Records
import Synchronization
import Wire

/// A progress at the foot of standard error while something runs, gone when it is done. Nothing is drawn where nobody
/// would see it well: standard error is no terminal, standard output goes through a pipe, `--json`, `TERM=dumb`.
final class ProgressBar: Sendable {
  private let ink: Ink
  private let isShown: Bool
  private let endsBySignal: Bool
  private let started = MonotonicClock.nanoseconds()
  private let state: Mutex<State>

  private struct State {
    var progress: Progress
    var line = ProgressLine()
    var count: UInt64 = 0
    var isOver = false
  }

  /// `isJSON`: the answer is for a program. `endsBySignal`: nobody else hears of a signal.
  init(_ progress: Progress, isJSON: Bool = false, endsBySignal: Bool = true, _ language: TextLanguage) {
    ink = ProgressBar.ink(language)
    isShown = !isJSON && ProgressBar.hasTerminal
    state = Mutex(State(progress: progress))
    self.endsBySignal = endsBySignal
    guard isShown else { return }
    if endsBySignal { for number in ProgressBar.ends { _ = signal(number, progressInterrupted) } }
    draw()
  }

  /// It has no colour.
  static func ink(_ language: TextLanguage) -> Ink {
    var wish = Ink.Wish()
    wish.language = language
    return Ink(wish, columns: Console.error.columns, environment: DataFolder.environment)
  }

  static var hasTerminal: Bool {
    let term = DataFolder.environment("TERM") ?? ""
    return Console.error.isTerminal && !Console.out.isPipe && term != "dumb" && !term.isEmpty
  }

  /// So much is done. From any thread, as often as it likes.
  func note(_ count: UInt64) { state.withLock { $0.count = count } }

  /// Lines for the terminal meanwhile: they stand above it.
  func aside(_ body: () -> Void) {
    state.withLock { state in
      erase(&state)
      body()
    }
  }

  /// Returns when nothing more is drawn.
  func end() {
    state.withLock { state in
      if isShown, endsBySignal, !state.isOver { for number in ProgressBar.ends { _ = signal(number, SIG_DFL) } }
      state.isOver = true
      erase(&state)
    }
  }

  private static let ends = [SIGINT, SIGTERM]

  private func erase(_ state: inout State) {
    let bytes = state.line.erase(columns: Console.error.columns ?? 0)
    if !bytes.isEmpty { Console.error.write(bytes) }
  }

  /// A thread of its own: what runs may hold every other. It ends by itself within a pause.
  private func draw() {
    _ = Thread { [self] in
      while state.withLock({ !$0.isOver }) {
        ScanWatch.pause()
        let seconds = Double(MonotonicClock.nanoseconds() - started) / 1e9
        state.withLock { state in
          guard !state.isOver else { return }
          state.progress.note(state.count, at: seconds)
          guard seconds >= Progress.patience, let columns = Console.error.columns else { return }
          Console.error.write(state.line.draw(state.progress, ink, columns: columns))
        }
      }
    }.start()
  }

  /// While the hub or another process makes one answer: only the time is told.
  static func waiting<Answer>(
    _ title: BilingualText, isJSON: Bool = false, _ language: TextLanguage, _ body: () async throws -> Answer
  ) async rethrows -> Answer {
    let bar = ProgressBar(Progress(title, .nothing), isJSON: isJSON, language)
    defer { bar.end() }
    return try await body()
  }
}

/// Takes the line away, then ends as the signal would have.
private func progressInterrupted(_ number: Int32) {
  let bytes: StaticString = "\r\u{1b}[J"
  _ = unsafe write(2, bytes.utf8Start, bytes.utf8CodeUnitCount)
  _ = signal(number, SIG_DFL)
  _ = raise(number)
}

import Engines
import Glibc
import Scanner
import Synchronization

/// Beside a running scan: draws its progress, and closes the scanner when a signal comes.
final class ScanWatch: Sendable {
  private let screen: ScanScreen
  private let isOver = Atomic<Bool>(false)
  private let isGone = Atomic<Bool>(true)

  init(_ screen: ScanScreen) { self.screen = screen }

  func begin(_ scanner: Scanner) {
    isGone.store(false, ordering: .sequentiallyConsistent)
    let isStarted = Thread { [self] in
      while !isOver.load(ordering: .sequentiallyConsistent) {
        if EndFlag.isUp {
          _ = scanner.close()
          break
        }
        screen.tick(scanner)
        ScanWatch.pause()
      }
      isGone.store(true, ordering: .sequentiallyConsistent)
    }.start()
    if !isStarted { isGone.store(true, ordering: .sequentiallyConsistent) }
  }

  /// Returns when nothing more is drawn.
  func end() {
    isOver.store(true, ordering: .sequentiallyConsistent)
    while !isGone.load(ordering: .sequentiallyConsistent) { ScanWatch.pause() }
    screen.end()
  }

  static func pause() {
    var step = timespec(tv_sec: 0, tv_nsec: 100_000_000)
    unsafe nanosleep(&step, nil)
  }
}

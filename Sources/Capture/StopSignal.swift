internal import CLinux
internal import Glibc
internal import Synchronization

/// A flag that wakes whoever polls it: an eventfd, so that `stop()` works from any thread.
final class StopSignal: Sendable {
  let descriptor: Int32
  private let raised = Atomic<Bool>(false)

  init() { descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) }
  deinit { if descriptor >= 0 { close(descriptor) } }

  var isRaised: Bool { raised.load(ordering: .relaxed) }

  func raise() {
    raised.store(true, ordering: .relaxed)
    var one: UInt64 = 1
    _ = unsafe write(descriptor, &one, 8)
  }

  /// Waits for bytes on `source`. False: none came in time, or the signal was raised.
  func wait(for source: Int32, milliseconds: Int32) -> Bool {
    var pair = [
      pollfd(fd: source, events: Int16(POLLIN), revents: 0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let ready = unsafe poll(&pair, 2, milliseconds)
    return ready > 0 && pair[0].revents != 0 && !isRaised
  }
}

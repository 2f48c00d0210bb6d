import Glibc
import Synchronization

/// Goes up with SIGTERM or SIGINT, for roles whose loop asks.
enum EndFlag {
  private static let flag = Atomic<Bool>(false)
  static var isUp: Bool { flag.load(ordering: .relaxed) }
  static func arm() { for number in [SIGTERM, SIGINT] { _ = signal(number, endSignalArrived) } }
  fileprivate static func raise() { flag.store(true, ordering: .relaxed) }
}

private func endSignalArrived(_: Int32) { EndFlag.raise() }

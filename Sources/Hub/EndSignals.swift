internal import Dispatch
internal import Glibc

/// SIGTERM and SIGINT as a call, instead of the process's sudden end.
final class EndSignals {
  private let sources: [any DispatchSourceSignal]

  init(_ body: @escaping @Sendable () -> Void) {
    sources = [SIGTERM, SIGINT].map { number in
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { body() }
      source.activate()
      return source
    }
  }

  func cancel() { for source in sources { source.cancel() } }
}

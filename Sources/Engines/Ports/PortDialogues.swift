internal import Dispatch
internal import Synchronization
internal import Wire

/// The words with all open ports of an address, a few ports side by side: one that is silent is waited for three times,
/// and a host that has stalled is silent on each of them.
final class PortDialogues: Sendable {
  /// Ports at once, as far as the connections open to one address allow.
  static let mostAtOnce = 4

  private struct State {
    var waiting: ArraySlice<UInt16>
    var found: [UInt16: ServiceDialogue.Finding] = [:]
  }
  private let dialogue: ServiceDialogue
  private let address: IPAddress
  private let state: Mutex<State>

  private init(_ dialogue: ServiceDialogue, _ address: IPAddress, _ ports: ArraySlice<UInt16>) {
    (self.dialogue, self.address) = (dialogue, address)
    state = Mutex(State(waiting: ports))
  }

  /// What each of `ports` is; those that the deadline left out are not there.
  static func run(
    _ ports: ArraySlice<UInt16>, of address: IPAddress, _ dialogue: ServiceDialogue
  ) -> [UInt16: ServiceDialogue.Finding] {
    let dialogues = PortDialogues(dialogue, address, ports)
    let width = min(ports.count, mostAtOnce, dialogue.context.settings.limits.openPerAddress)
    let done = DispatchSemaphore(value: 0)
    let beside = (1..<max(width, 1)).count { _ in
      Thread {
        dialogues.work()
        done.signal()
      }.start()
    }
    dialogues.work()
    for _ in 0..<beside { done.wait() }
    return dialogues.state.withLock { $0.found }
  }

  private func work() {
    while let port = next() {
      let finding = dialogue.identify(Endpoint(address: address, port: port))
      state.withLock { $0.found[port] = finding }
    }
  }

  private func next() -> UInt16? {
    guard !dialogue.context.isStopped, !dialogue.context.deadline.isPast else { return nil }
    return state.withLock { $0.waiting.popFirst() }
  }
}

import ControlAPI
import Records
import Synchronization

/// What the model's effects ask of the hub: each is answered with a message, also when it fails. One after the other, in
/// the order of the keys: `u` never overtakes what it takes back.
final class Questions: Sendable {
  private struct State {
    /// The last that was asked; it waits for those before it.
    var last: Task<Void, Never>?
    var number = 0
    /// What the hub has not answered yet, by their order.
    var waiting: [Int: BilingualText] = [:]
  }

  private let post: @Sendable (Message) -> Void
  private let client: Client
  private let state = Mutex(State())

  init(client: Client, mailbox: Mailbox) {
    self.client = client
    post = { mailbox.post($0) }
  }

  func ask(_ deed: Deed) {
    let client = client
    line(deed.title) { .done(deed, try await deed.ask(client)) }
  }

  func act(_ request: ActRequest) {
    let client = client
    line(request.title) { .acted(request, try await client.call(API.act, request)) }
  }

  /// Asked once everything before it was answered.
  func line(_ title: BilingualText, _ question: @escaping @Sendable () async throws -> Message) {
    state.withLock { state in
      state.number += 1
      let (number, before) = (state.number, state.last)
      state.waiting[number] = title
      state.last = Task {
        await before?.value
        await self.answer(number, question)
      }
    }
  }

  private func answer(_ number: Int, _ question: @Sendable () async throws -> Message) async {
    do {
      post(try await question())
    } catch {
      post(.failed(BilingualText(error)))
    }
    state.withLock { $0.waiting[number] = nil }
  }

  /// Waits for what is on its way, not for ever. What the hub has not answered by then.
  func finish(within limit: Duration) async -> [BilingualText] {
    guard let last = state.withLock({ $0.waiting.isEmpty ? nil : $0.last }) else { return [] }
    await withTaskGroup(of: Void.self) { group in
      let (stream, end) = AsyncStream<Void>.makeStream()
      Task {
        await last.value
        end.finish()
      }
      group.addTask { for await _ in stream {} }
      group.addTask { try? await Task.sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
    return state.withLock { $0.waiting.sorted { $0.key < $1.key }.map(\.value) }
  }
}

import ControlAPI
import Records

/// What the model's effects ask of the hub: each is answered with a message, also when it fails.
struct Questions: Sendable {
  let client: Client
  let mailbox: Mailbox

  func ask(_ deed: Deed) { ask { .done(deed, try await deed.ask(client)) } }

  func act(_ request: ActRequest) { ask { .acted(request, try await client.call(API.act, request)) } }

  private func ask(_ question: @escaping @Sendable () async throws -> Message) {
    Task {
      do {
        mailbox.post(try await question())
      } catch {
        mailbox.post(.failed("\(error)"))
      }
    }
  }
}

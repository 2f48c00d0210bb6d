import ControlAPI
import Records

/// One change asked of the hub, which audits it.
struct Deed: Sendable, Equatable {
  /// What is said once it is done.
  let title: BilingualText
  /// Path and body: what makes two of them one.
  let request: String
  /// What it made is opened.
  var opens = false
  private let body: @Sendable (Client) async throws -> any Sendable

  init<Request: APIRequest, Answer>(
    _ title: BilingualText, _ endpoint: Endpoint<Request, Answer>, id: String? = nil, _ request: Request,
    opens: Bool = false
  ) {
    self.title = title
    self.opens = opens
    let path = id.map { endpoint.path.replacing("{id}", with: $0) } ?? endpoint.path
    self.request = path + " " + ((try? RecordJSON.text(request)) ?? "")
    body = { client in try await client.call(endpoint, id: id, request) }
  }

  func ask(_ client: Client) async throws -> any Sendable { try await body(client) }

  static func == (a: Deed, b: Deed) -> Bool { a.request == b.request }
}

import ControlAPI
import Records
import Wire

/// One thing to ask of the hub. Panels that want the same of the same endpoint have one question between them.
struct Question: Hashable, Sendable, CustomStringConvertible {
  /// Method, path and query: what makes two questions one.
  let description: String
  private let body: @Sendable (Client) async throws -> any Sendable

  init<Request, Answer>(_ endpoint: Endpoint<Request, Answer>, id: String? = nil, _ request: Request) {
    let words = request.query.map { "\($0.name)=\($0.value)" }
    let path = id.map { endpoint.path.replacing("{id}", with: $0) } ?? endpoint.path
    description = ([path] + words).joined(separator: " ")
    body = { client in try await client.call(endpoint, id: id, request) }
  }

  func ask(_ client: Client) async throws -> any Sendable { try await body(client) }

  static func == (a: Question, b: Question) -> Bool { a.description == b.description }
  func hash(into hasher: inout Hasher) { hasher.combine(description) }

  /// What the header is drawn from, on every screen; and what is asked to see whether the hub is back.
  static let overview = Question(API.overview, Nothing())
}

/// What a panel wants of its source, with its variables put in.
struct Asked: Sendable, Hashable {
  /// In the hub's language for the list; empty where we filter ourselves.
  var filter = ""
  var sort: [String] = []
  var limit = Asked.rows
  var by = GroupRequest.By.rule
  var scope = "city"
  var seconds = Asked.day
  /// The entry of another panel that this one follows; nil while nothing is selected there.
  var subject: String?

  /// Nobody walks further without a filter.
  static let rows = 200
  static let day = 86_400.0

  /// At least one, at most what a situation counts over.
  var hours: Int { Int(min(max((seconds / 3600).rounded(.up), 1), Double(SituationRequest.longest))) }
  var days: Int { Int(min(max((seconds / Asked.day).rounded(.up), 1), Double(PostureRequest.longest))) }
  var list: ListRequest { ListRequest(filter: filter, sort: sort, limit: limit) }
}

/// A question that is to be kept answered.
struct Want: Sendable, Hashable {
  var question: Question
  /// Seconds between askings.
  var every: Double
  /// A change of the queue's rows changes its answer.
  var isStirred: Bool
}

/// What the hub last said to a question.
struct Answer: Sendable {
  /// Nil: nothing yet, for `problem`.
  var value: (any Sendable)?
  var at: Timestamp?
  /// Why it did not say it again since; the value stands as of `at`.
  var problem: BilingualText?
}

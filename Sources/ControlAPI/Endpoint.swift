package import Records

/// One thing that can be asked: where, with what, for what.
package struct Endpoint<Request: APIRequest, Answer: Codable & Sendable>: Sendable {
  package let method: Method
  /// From the root, with `{id}` where a name stands.
  package let path: String
  /// One line for the documentation.
  package let summary: String
  /// Who may ask at least.
  package let role: PersonRole
  package let reach: Reach
  /// Bytes of a body.
  package let largestBody: Int

  /// `role`: a viewer's where it reads, an analyst's where it changes, unless the endpoint says otherwise.
  init(
    _ method: Method, _ path: String, _ summary: String, role: PersonRole? = nil, reach: Reach = .whole,
    largestBody: Int = BodyLimit.usual
  ) {
    self.method = method
    self.path = "/\(API.version)\(path)"
    self.summary = summary
    self.role = role ?? (method == .get ? .viewer : .analyst)
    self.reach = reach
    self.largestBody = largestBody
  }

  package var entry: EndpointEntry {
    EndpointEntry(
      method: method, path: path, summary: summary, request: Request.self == Nothing.self ? nil : "\(Request.self)",
      answer: "\(Answer.self)", query: Request.queryNames, isStream: Answer.self == StreamItem.self,
      isText: Answer.self == PlainText.self, role: role, reach: reach,
      requestType: Request.self == Nothing.self ? nil : Request.self, answerType: Answer.self)
  }
}

/// How much one request may be. It bounds the texts in it too: a character may be many bytes.
package enum BodyLimit {
  /// Ten thousand names.
  static let usual = 4 << 20
  /// An inventory of 100,000 sites has a few megabytes; a letter comes with its scans.
  static let files = 32 << 20
}

/// What somebody who sees some organisations only gets of an endpoint.
package enum Reach: String, Sendable, Codable {
  /// Nothing: it is refused. What an endpoint is until its handler keeps to a purview.
  case whole
  /// What is of her organisations: its handler asks the scope.
  case purview
  /// All of it: it tells of no organisation.
  case anyone
}

package enum Method: String, Sendable, Codable { case get = "GET", post = "POST" }

/// An endpoint without its types: a line of the table.
package struct EndpointEntry: Sendable {
  package let method: Method
  package let path: String
  package let summary: String
  package let request: String?
  package let answer: String
  /// The names that a GET takes behind `?`.
  package let query: [String]
  /// Answers line by line (NDJSON) for as long as the client listens.
  package let isStream: Bool
  /// Answers with text, not with JSON.
  package let isText: Bool
  package let role: PersonRole
  package let reach: Reach
  /// Of which the file of the API is made; nil where nothing is wanted.
  let requestType: (any APIRequest.Type)?
  let answerType: any (Codable & Sendable).Type
}

/// What a client sends: the body of a POST, the query of a GET.
package protocol APIRequest: Codable, Sendable {
  static var queryNames: [String] { get }
  /// Of a GET: name and value, those that are set.
  var query: [(name: String, value: String)] { get }
  init(query: [String: String]) throws(APIProblem)
}

/// A request is the body of a POST unless it says otherwise.
extension APIRequest {
  package static var queryNames: [String] { [] }
  package var query: [(name: String, value: String)] { [] }
  package init(query: [String: String]) throws(APIProblem) {
    throw APIProblem(.badRequest, "this request is sent as a body")
  }
}

/// Of endpoints that want nothing.
package struct Nothing: APIRequest {
  package init() {}
  package init(query: [String: String]) throws(APIProblem) {}
}

/// Why the hub did not do it: the body of every answer that is not 200.
package struct APIProblem: Error, Codable, Sendable, Equatable, CustomStringConvertible {
  package enum Code: String, Codable, Sendable, CaseIterable {
    case badRequest, badFilter, notFound, refused, conflict, tooLarge, tooSlow, notAllowed, notKnown, tooMany,
      unavailable
    case failed
  }
  package var code: Code
  package var sentence: String
  /// The sentence in Chinese, of what an officer or an owner is refused.
  package var zh: String?
  package var hint: String?
  /// Of a filter: the character, from 1.
  package var column: Int?
  /// Of `tooMany`: seconds after which asking again makes sense.
  package var retryAfter: Int?

  package init(
    _ code: Code, _ sentence: String, zh: String? = nil, hint: String? = nil, column: Int? = nil,
    retryAfter: Int? = nil
  ) {
    self.code = code
    self.sentence = sentence
    self.zh = zh
    self.hint = hint
    self.column = column
    self.retryAfter = retryAfter
  }
  package init(_ refusal: ActRefusal) { self.init(.refused, refusal.words.en, zh: refusal.words.zh) }
  package init(_ error: FilterError) {
    self.init(.badFilter, error.sentence, hint: error.hint, column: error.column)
  }

  package var status: Int {
    switch code {
    case .badRequest, .badFilter: 400
    case .notKnown: 401
    case .notAllowed: 403
    case .notFound: 404
    case .conflict, .refused: 409
    case .tooLarge: 413
    case .tooMany: 429
    case .tooSlow: 422
    case .failed: 500
    case .unavailable: 503
    }
  }
  /// For people, with what helps. The hint names commands: it is of both languages.
  package var words: BilingualText {
    guard let zh else { return BilingualText(description) }
    return BilingualText(en: description, zh: zh + (hint.map { "；\($0)" } ?? ""))
  }
  package var description: String {
    (column.map { "filter:\($0): " } ?? "") + sentence + (hint.map { "; \($0)" } ?? "")
  }
}

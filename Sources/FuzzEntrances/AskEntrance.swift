internal import ControlAPI
internal import Services
internal import Wire

/// What somebody on the network sends before he is known: the `Authorization` header and the query, by the first byte.
enum AskEntrance {
  static func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let isHeader = input.byte().isMultiple(of: 2)
    let text = input.rest().text
    isHeader ? header(text) : query(text)
  }

  private static func header(_ text: String) {
    guard let token = BearerHeader.token(text) else { return }
    precondition(TokenText(token.text) == token, "a token that was read is a token: \(token.text)")
    precondition(token.matches(token.hash) && !token.matches([]), "a token fits its own hash alone")
  }

  private static func query(_ text: String) {
    var query: [String: String] = [:]
    for pair in text.split(separator: "&").prefix(32) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      query[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
    }
    read(ListRequest.self, query)
    read(StreamRequest.self, query)
    read(FindingDiffRequest.self, query)
    read(ExportRequest.self, query)
    read(ProposalsRequest.self, query)
    read(PostureRequest.self, query)
    read(ReportRequest.self, query)
  }

  /// What a query was read as, written as a query again, is read as the same.
  private static func read<Request: APIRequest & Equatable>(_: Request.Type, _ query: [String: String]) {
    guard let request = try? Request(query: query) else { return }
    let written = Dictionary(request.query.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let again = try? Request(query: written)
    precondition(again == request, "a request reads back the same: \(written)")
  }
}

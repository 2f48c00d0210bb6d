internal import ControlAPI
internal import Hummingbird

/// What no line of the table answers is refused like everything else: by a sentence in JSON.
struct UnknownPath: RouterMiddleware {
  typealias Context = HubRequestContext

  func handle(
    _ request: Request, context: HubRequestContext,
    next: (Request, HubRequestContext) async throws -> Response
  ) async throws -> Response {
    do { return try await next(request, context) } catch let error as HTTPError where error.status == .notFound {
      let refusal = HTTPAdapter.refusal(
        APIProblem(
          .notFound, "nothing answers \(request.method.rawValue.prefix(16)) \(request.uri.path.prefix(128))",
          hint: "vigil api openapi lists all that does"))
      return request.method == .head ? refusal.createHeadResponse() : refusal
    }
  }
}

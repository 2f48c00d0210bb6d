internal import ControlAPI
internal import Foundation
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Records
internal import Services

/// The table's endpoints as routes: reads the request, calls, writes the answer or the problem as JSON.
struct HTTPAdapter {
  /// An inventory of 100,000 sites has a few megabytes.
  static let largestBody = 32 << 20

  let router: Router<HubRequestContext>
  let gate: Gate
  let logger: Logger

  init(gate: Gate, logger: Logger) {
    router = Router(context: HubRequestContext.self)
    self.gate = gate
    self.logger = logger
  }

  func serve<Request: APIRequest, Answer: Codable & Sendable>(
    _ endpoint: Endpoint<Request, Answer>,
    _ handler: @escaping @Sendable (Request, Scope) async throws -> Answer
  ) {
    router.on(RouterPath(endpoint.path), method: endpoint.method == .get ? .get : .post) {
      [gate, logger] request, context in
      await HTTPAdapter.answered(endpoint.path, logger) {
        let scope = try await gate.scope(endpoint.entry, request, context)
        let value = try await HTTPAdapter.read(endpoint, request)
        return try HTTPAdapter.json(try await handler(value, scope), status: .ok)
      }
    }
  }

  /// The live stream: each item a line, written as it comes.
  func stream(
    _ endpoint: Endpoint<StreamRequest, StreamItem>,
    _ handler:
      @escaping @Sendable (StreamRequest, Scope) async throws -> any AsyncSequence<StreamItem, any Error> & Sendable
  ) {
    router.on(RouterPath(endpoint.path), method: .get) { [gate, logger] request, context in
      await HTTPAdapter.answered(endpoint.path, logger) {
        let scope = try await gate.scope(endpoint.entry, request, context)
        let items = try await handler(try await HTTPAdapter.read(endpoint, request), scope)
        return Response(
          status: .ok, headers: [.contentType: "application/x-ndjson"],
          body: ResponseBody { writer in
            for try await item in items {
              try await writer.write(ByteBuffer(bytes: try RecordJSON.encode(item) + [UInt8(ascii: "\n")]))
            }
            try await writer.finish(nil)
          })
      }
    }
  }

  private static func answered(
    _ path: String, _ logger: Logger, _ body: () async throws -> Response
  ) async -> Response {
    do {
      return try await body()
    } catch let problem as APIProblem {
      return HTTPAdapter.refusal(problem)
    } catch let error as FilterError {
      return HTTPAdapter.refusal(APIProblem(error))
    } catch let error as ActRefusal {
      return HTTPAdapter.refusal(APIProblem(.refused, error.reason))
    } catch let error as OperatorMistake {
      return HTTPAdapter.refusal(APIProblem(.refused, error.sentence, hint: error.hint))
    } catch let error as PersonRefusal {
      return HTTPAdapter.refusal(APIProblem(.refused, error.sentence, hint: error.hint))
    } catch {
      logger.error("a request failed", metadata: ["path": "\(path)", "error": "\(error)"])
      return HTTPAdapter.refusal(APIProblem(.failed, "the hub could not do it: \(error)"))
    }
  }

  private static func read<Value: APIRequest, Answer>(
    _ endpoint: Endpoint<Value, Answer>, _ request: Request
  ) async throws -> Value {
    guard endpoint.method == .post, Value.self != Nothing.self else {
      var query: [String: String] = [:]
      for (name, value) in request.uri.queryParameters {
        guard Value.queryNames.contains(String(name)) else {
          throw APIProblem(.badRequest, "\(endpoint.path) takes no \(name.prefix(64))", hint: hint(Value.queryNames))
        }
        query[String(name)] = String(value)
      }
      return try Value(query: query)
    }
    return try await body(request)
  }

  private static func hint(_ names: [String]) -> String? {
    names.isEmpty ? nil : "it takes \(names.joined(separator: ", "))"
  }

  private static func body<Value: APIRequest>(_ request: Request) async throws -> Value {
    guard let bytes = try? await request.body.collect(upTo: largestBody) else {
      throw APIProblem(.tooLarge, "the body is larger than \(largestBody >> 20) MiB")
    }
    do {
      return try RecordJSON.decode(Value.self, from: Array(buffer: bytes))
    } catch let DecodingError.keyNotFound(key, _) {
      throw APIProblem(.badRequest, "the body lacks \(key.stringValue)")
    } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context) {
      throw APIProblem(.badRequest, "the body's \(place(context)) has another type")
    } catch let DecodingError.dataCorrupted(context) {
      let place = place(context)
      throw APIProblem(.badRequest, place.isEmpty ? "the body is not JSON" : "the body's \(place) has no such value")
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    context.codingPath.map(\.stringValue).joined(separator: ".")
  }

  private static func refusal(_ problem: APIProblem) -> Response {
    let status = HTTPResponse.Status(code: problem.status)
    var response = (try? json(problem, status: status)) ?? Response(status: status)
    if problem.code == .notKnown { response.headers[.wwwAuthenticate] = "Bearer" }
    if let seconds = problem.retryAfter { response.headers[.retryAfter] = String(seconds) }
    return response
  }

  private static func json(_ value: some Encodable, status: HTTPResponse.Status) throws -> Response {
    let bytes = try RecordJSON.encode(value)
    return Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

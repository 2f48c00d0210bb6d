internal import ControlAPI
internal import Foundation
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Records
internal import Services
internal import Store

/// The table's endpoints as routes: reads the request, calls, writes the answer or the problem as JSON.
struct HTTPAdapter {
  let router: Router<HubRequestContext>
  let gate: Gate
  let answering: Answering

  init(gate: Gate, logger: Logger, meter: RequestMeter) {
    router = Router(context: HubRequestContext.self)
    self.gate = gate
    answering = Answering(logger: logger, meter: meter)
  }

  func serve<Request: APIRequest, Answer: Codable & Sendable>(
    _ endpoint: Endpoint<Request, Answer>,
    _ handler: @escaping @Sendable (Request, Scope) async throws -> Answer
  ) {
    router.on(RouterPath(endpoint.path), method: endpoint.method == .get ? .get : .post) {
      [gate, answering] request, context in
      await answering.answered(endpoint) {
        let scope = try await gate.scope(endpoint.entry, request, context)
        let value = try await HTTPAdapter.read(endpoint, request)
        return try HTTPAdapter.json(try await handler(value, scope), status: .ok)
      }
    }
  }

  /// An answer that is no JSON.
  func text(_ endpoint: Endpoint<Nothing, PlainText>, _ handler: @escaping @Sendable () async throws -> PlainText) {
    router.on(RouterPath(endpoint.path), method: .get) { [gate, answering] request, context in
      await answering.answered(endpoint) {
        _ = try await gate.scope(endpoint.entry, request, context)
        _ = try await HTTPAdapter.read(endpoint, request)
        let answer = try await handler()
        return Response(
          status: .ok, headers: [.contentType: answer.mediaType],
          body: ResponseBody(byteBuffer: ByteBuffer(string: answer.text)))
      }
    }
  }

  /// The live stream, written as it comes: each item a line, or an event where the client wants those. What comes at once
  /// is written at once.
  func stream(
    _ endpoint: Endpoint<StreamRequest, StreamItem>,
    _ handler:
      @escaping @Sendable (StreamRequest, Scope) async throws -> any AsyncSequence<[StreamItem], any Error> & Sendable
  ) {
    router.on(RouterPath(endpoint.path), method: .get) { [gate, answering] request, context in
      await answering.answered(endpoint) {
        let scope = try await gate.scope(endpoint.entry, request, context)
        var value = try await HTTPAdapter.read(endpoint, request)
        let isEvents = EventStream.isAsked(request.headers[values: .accept])
        if isEvents,
          let last = request.headers.first(where: { $0.name.canonicalName == EventStream.lastID.lowercased() })?.value
        {
          guard StreamCursor(last) != nil else {
            throw APIProblem(
              .badRequest, "\(EventStream.lastID) is \"\(last.prefix(64))\", which is no id of this stream")
          }
          value.since = last
        }
        let pieces = try await handler(value, scope)
        return Response(
          status: .ok,
          headers: [
            .contentType: isEvents ? EventStream.mediaType : "application/x-ndjson", .cacheControl: "no-store",
          ],
          body: ResponseBody { writer in
            if isEvents { try await writer.write(ByteBuffer(bytes: EventStream.opening)) }
            for try await items in pieces { try await HTTPAdapter.write(items, asEvents: isEvents, to: &writer) }
            try await writer.finish(nil)
          })
      }
    }
  }

  /// A piece of a stream holds no more than this and an item: what was there before comes by the thousand.
  private static let pieceBytes = 64 << 10

  private static func write(
    _ items: [StreamItem], asEvents isEvents: Bool, to writer: inout any ResponseBodyWriter
  ) async throws {
    var piece = ByteBuffer()
    for item in items {
      piece.writeBytes(try isEvents ? EventStream.bytes(item) : RecordJSON.encode(item) + [UInt8(ascii: "\n")])
      guard piece.readableBytes >= pieceBytes else { continue }
      try await writer.write(piece)
      piece = ByteBuffer()
    }
    if piece.readableBytes > 0 { try await writer.write(piece) }
  }

  /// Every answer is counted, with its time.
  struct Answering: Sendable {
    let logger: Logger
    let meter: RequestMeter

    func answered<Request, Answer>(
      _ endpoint: Endpoint<Request, Answer>, _ body: () async throws -> Response
    ) async -> Response {
      let begun = ContinuousClock.now
      let response = await HTTPAdapter.response(endpoint.path, logger, body)
      let (seconds, parts) = (ContinuousClock.now - begun).components
      meter.note(
        RequestMeter.Key(method: endpoint.method.rawValue, endpoint: endpoint.path, status: response.status.code),
        seconds: Double(seconds) + Double(parts) / 1e18)
      return response
    }
  }

  private static func response(
    _ path: String, _ logger: Logger, _ body: () async throws -> Response
  ) async -> Response {
    do {
      return try await body()
    } catch let problem as APIProblem {
      return HTTPAdapter.refusal(problem)
    } catch let error as FilterError {
      return HTTPAdapter.refusal(APIProblem(error))
    } catch let error as ActRefusal {
      return HTTPAdapter.refusal(APIProblem(error))
    } catch let error as StoreError where error.code == .refused || error.code == .notFound {
      return HTTPAdapter.refusal(APIProblem(error))
    } catch let error as StoreError {
      logger.error("a request failed", metadata: ["path": "\(path)", "error": "\(error)"])
      return HTTPAdapter.refusal(APIProblem(error))
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
    return try await body(request, endpoint.largestBody)
  }

  private static func hint(_ names: [String]) -> String? {
    names.isEmpty ? nil : "it takes \(names.joined(separator: ", "))"
  }

  private static func body<Value: APIRequest>(_ request: Request, _ largest: Int) async throws -> Value {
    let bytes: ByteBuffer
    do { bytes = try await request.body.collect(upTo: largest) } catch is NIOTooManyBytesError {
      throw APIProblem(.tooLarge, "the body is larger than \(largest >> 20) MiB")
    } catch { throw APIProblem(.badRequest, "the body ended before it was whole") }
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

  static func refusal(_ problem: APIProblem) -> Response {
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

extension ActReport.Refusal {
  init(_ id: Int64, _ error: StoreError) { self.init(id: id, reason: error.sentence, zh: error.zh) }
}

extension APIProblem {
  static func noSite(_ id: some StringProtocol) -> APIProblem {
    APIProblem(
      .notFound, "there is no site \(id.prefix(128))", zh: "没有站点 \(id.prefix(128))", hint: "see vigil sites list")
  }
  static func noOrganisation(_ id: some StringProtocol) -> APIProblem {
    APIProblem(
      .notFound, "there is no organisation \(id.prefix(128))", zh: "没有单位 \(id.prefix(128))",
      hint: "see vigil organisations")
  }

  /// Nothing of what was asked has happened.
  init(_ error: StoreError) {
    let hint = error.hint.isEmpty ? nil : error.hint
    switch error.code {
    case .refused: self.init(.refused, error.sentence, zh: error.zh, hint: hint)
    case .notFound: self.init(.notFound, error.sentence, zh: error.zh, hint: hint)
    case .tooSlow: self.init(.tooSlow, error.sentence, hint: hint)
    case .diskFull, .damaged, .unavailable, .busy, .locked, .newer:
      self.init(.unavailable, error.sentence, hint: hint)
    case .internalFault: self.init(.failed, "the hub could not do it: \(error.sentence)", hint: hint)
    }
  }
}

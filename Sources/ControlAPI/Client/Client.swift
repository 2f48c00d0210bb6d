internal import Dispatch
internal import Foundation
internal import Records

/// Asks the hub over its Unix socket, or over the network by TLS. A value without state: every call is a connection of its own.
package struct Client: Sendable {
  package let place: HubPlace
  /// An answer that takes longer is a fault of the hub's.
  private let patience: Int
  /// A stream that is silent for so long is dead: the hub beats every few seconds.
  private let streamSilence: Int

  package init(_ place: HubPlace, timeoutMilliseconds: Int = 30_000, streamSilenceSeconds: Int = 20) {
    self.place = place
    patience = timeoutMilliseconds
    streamSilence = streamSilenceSeconds
  }
  package init(socket: String, timeoutMilliseconds: Int = 30_000) {
    self.init(HubPlace(.socket(socket)), timeoutMilliseconds: timeoutMilliseconds)
  }

  package func call<Request: APIRequest, Answer: Codable & Sendable>(
    _ endpoint: Endpoint<Request, Answer>, id: String? = nil, _ request: Request
  ) async throws -> Answer {
    let exchange = try prepared(endpoint, id: id, request, timeout: patience)
    let reply = try await Client.run(exchange, on: Transfer(), place)
    guard reply.status == 200 else { throw Client.problem(reply) }
    do {
      return try RecordJSON.decode(Answer.self, from: reply.body)
    } catch {
      throw OperatorMistake(
        "client.answer", at: place.description, "the hub's answer to \(endpoint.path) is not what this version reads",
        zh: "中枢版本与本程序不一致", hint: "run the same version of vigil on both sides")
    }
  }

  package func call<Answer: Codable & Sendable>(
    _ endpoint: Endpoint<Nothing, Answer>, id: String? = nil
  ) async throws -> Answer {
    try await call(endpoint, id: id, Nothing())
  }

  /// The live stream until the task is cancelled (then it simply ends) or the hub ends it (then it throws).
  package func stream(_ request: StreamRequest) -> AsyncThrowingStream<StreamItem, any Error> {
    following(request) { items, continuation in for item in items { continuation.yield(item) } }
  }

  /// The same in the pieces in which it came, none of them empty: for one who looks at it now and then.
  package func pieces(_ request: StreamRequest) -> AsyncThrowingStream<[StreamItem], any Error> {
    following(request) { items, continuation in if !items.isEmpty { continuation.yield(items) } }
  }

  private func following<Element: Sendable>(
    _ request: StreamRequest,
    _ yield: @escaping @Sendable ([StreamItem], AsyncThrowingStream<Element, any Error>.Continuation) -> Void
  ) -> AsyncThrowingStream<Element, any Error> {
    AsyncThrowingStream { continuation in
      let lines = LineReader { lines in
        yield(lines.compactMap { try? RecordJSON.decode(StreamItem.self, from: $0) }, continuation)
      }
      let transfer = Transfer { bytes in
        lines.receive(bytes)
        return true
      }
      continuation.onTermination = { _ in transfer.cancel() }
      let place = place
      Task {
        do {
          var exchange = try prepared(API.stream, id: nil, request, timeout: 0)
          exchange.silenceSeconds = streamSilence
          let reply = try await Client.run(exchange, on: transfer, place)
          if reply.status != 200 {
            throw Client.problem(Transfer.Reply(status: reply.status, body: lines.rest))
          }
          continuation.finish(
            throwing: OperatorMistake("client.ended", at: place.description, "the hub ended the stream", zh: "中枢结束了数据流")
          )
        } catch {
          continuation.finish(throwing: error)
        }
      }
    }
  }

  private func prepared<Request: APIRequest, Answer>(
    _ endpoint: Endpoint<Request, Answer>, id: String?, _ request: Request, timeout: Int
  ) throws -> Transfer.Request {
    var path = endpoint.path
    if let id { path = path.replacing("{id}", with: Client.escaped(id)) }
    let query = endpoint.method == .get ? request.query : []
    if !query.isEmpty {
      path += "?" + query.map { "\($0.name)=\(Client.escaped($0.value))" }.joined(separator: "&")
    }
    return place.request(
      path: path, method: endpoint.method.rawValue,
      body: endpoint.method == .post ? try RecordJSON.encode(request) : nil, timeoutMilliseconds: timeout)
  }

  /// Everything but RFC 3986's unreserved characters.
  static func escaped(_ text: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    return text.utf8.map { byte in
      if plain.contains(byte) { return String(UnicodeScalar(byte)) }
      let hex = String(byte, radix: 16, uppercase: true)
      return "%" + (hex.count == 1 ? "0" + hex : hex)
    }.joined()
  }

  private static let threads = DispatchQueue(label: "vigil.client", attributes: .concurrent)

  private static func run(
    _ exchange: Transfer.Request, on transfer: Transfer, _ place: HubPlace
  ) async throws -> Transfer.Reply {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        threads.async { continuation.resume(with: Result { try performed(exchange, transfer, place) }) }
      }
    } onCancel: {
      transfer.cancel()
    }
  }

  private static func performed(
    _ exchange: Transfer.Request, _ transfer: Transfer, _ place: HubPlace
  ) throws -> Transfer.Reply {
    do {
      return try transfer.perform(exchange)
    } catch  where error.isRefused {
      throw OperatorMistake(
        "client.noHub", at: place.description, "no hub answers there", zh: "中枢未应答", hint: place.hintWhereSilent)
    } catch  where error.isUntrusted {
      throw OperatorMistake(
        "client.untrusted", at: place.description, "this is no hub that we may trust: \(error.message.lowercased())",
        zh: "中枢证书不可信", hint: "name the authority of its certificate by --hub-ca")
    } catch {
      throw OperatorMistake(
        "client.broken", at: place.description, "the connection to the hub broke: \(error.message)", zh: "与中枢的连接中断")
    }
  }

  private static func problem(_ reply: Transfer.Reply) -> any Error {
    if let problem = try? RecordJSON.decode(APIProblem.self, from: reply.body) { return problem }
    return APIProblem(.failed, "the hub answered with status \(reply.status)")
  }
}

import Records
import Synchronization

@testable import Engines

/// A plain HTTP site that keeps its connections and answers by method and path.
final class HTTPSite: Sendable {
  struct Answer: Sendable {
    var status = "200 OK"
    var head = ""
    var body: [UInt8] = []

    init(_ body: String, status: String = "200 OK", head: String = "") {
      (self.status, self.head, self.body) = (status, head, Array(body.utf8))
    }
    init(bytes: [UInt8]) { body = bytes }
  }
  struct Request: Sendable {
    var method: String
    var path: String
    var text: String
  }

  let server: LoopbackServer
  private let seen: Seen
  final class Seen: Sendable {
    private let requests = Mutex<[Request]>([])
    var all: [Request] { requests.withLock { $0 } }
    func add(_ request: Request) { requests.withLock { $0.append(request) } }
  }
  var requests: [Request] { seen.all }
  var paths: [String] { requests.map(\.path) }

  init(_ answer: @escaping @Sendable (Request) -> Answer?) throws {
    let seen = Seen()
    self.seen = seen
    server = try LoopbackServer { peer in
      while true {
        let text = String(decoding: peer.receive(), as: UTF8.self)
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count == 3 else { return }
        let request = Request(method: String(words[0]), path: String(words[1]), text: text)
        seen.add(request)
        guard let answer = answer(request) else { return }
        let head = "HTTP/1.1 \(answer.status)\r\n\(answer.head)Content-Length: \(answer.body.count)\r\n\r\n"
        peer.send(Array(head.utf8) + answer.body)
      }
    }
  }

  /// Files by path; anything else is `missing`.
  static func files(
    _ files: [String: Answer], missing: Answer = Answer("<h1>gone</h1>", status: "404 Not Found")
  ) throws -> HTTPSite {
    try HTTPSite { files[$0.path] ?? missing }
  }

  func ask(_ probe: Records.ProbeClass = .probe, deadline: Int = 15_000) throws -> Asked {
    EnginesTests.ask(
      HTTPEngine(), port: server.port, scheme: "http", probe: probe, deadline: deadline, settings: try settings())
  }

  func stop() { server.stop() }
}

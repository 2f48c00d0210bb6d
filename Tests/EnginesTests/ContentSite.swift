import Records
import Synchronization

@testable import Engines

/// A site on loopback: what it answers to each path, and which paths it was asked.
final class ContentSite: Sendable {
  let server: LoopbackServer
  private let log: AskedPaths

  final class AskedPaths: Sendable {
    let paths = Mutex<[String]>([])
  }

  struct Request {
    var path: String
    var head: String
  }
  struct Answer {
    var status = 200
    var type = "text/html; charset=utf-8"
    var headers: [String] = []
    var body: [UInt8]

    init(_ text: String, status: Int = 200, headers: [String] = []) {
      (self.body, self.status, self.headers) = (Array(text.utf8), status, headers)
    }
    init(bytes: [UInt8], type: String) { (body, self.type) = (bytes, type) }
  }

  init(_ answer: @escaping @Sendable (Request) -> Answer?) throws {
    let log = AskedPaths()
    self.log = log
    server = try LoopbackServer { peer in
      // A kept connection asks again; silence ends it.
      while true {
        let head = String(decoding: peer.receive(), as: UTF8.self)
        guard !head.isEmpty else { return }
        let path = head.split(separator: " ").dropFirst().first.map { String($0) } ?? ""
        log.paths.withLock { $0.append(path) }
        guard let made = answer(Request(path: path, head: head)) else { return }
        let lines = made.headers.map { $0 + "\r\n" }.joined()
        peer.send(
          Array(
            "HTTP/1.1 \(made.status) X\r\nContent-Type: \(made.type)\r\n\(lines)Content-Length: \(made.body.count)\r\n\r\n"
              .utf8)
            + made.body)
      }
    }
  }

  /// Pages by path; robots.txt is absent unless it is one of them.
  convenience init(pages: [String: String]) throws {
    try self.init { request in pages[request.path].map { Answer($0) } ?? Answer("no", status: 404) }
  }

  var asked: [String] { log.paths.withLock { $0 } }

  func ask(pages: Int? = nil, probe: ProbeClass = .observe, known: String? = nil, deadline: Int = 15_000) throws
    -> Asked
  {
    defer { server.stop() }
    return EnginesTests.ask(
      ContentEngine(), port: server.port, scheme: "http", probe: probe, deadline: deadline,
      options: ScanOptions(pages: pages), known: known, settings: try settings())
  }
}

/// A page as the engine reads it, without a server.
func page(_ html: String) throws -> Page { try PageMarkup.read(Array(html.utf8)) }

func visited(_ html: String, path: String = "/") throws -> SiteWalk.Visited {
  let target = Target(scheme: "http", host: "www.city.gov.cn", port: 80, path: path)
  return SiteWalk.Visited(
    address: PageAddress(target), page: try page(html), body: Array(html.utf8), isIncomplete: false)
}

/// One look at these pages; the memory goes through its text, as it does between two jobs.
func look(_ pages: [SiteWalk.Visited], known: String? = nil, accepts: Bool = false) -> ContentJudgement {
  var judgement = ContentJudgement(
    pages: pages, host: "www.city.gov.cn", baseline: known.flatMap { Baseline(json: $0) },
    acceptsChange: accepts)
  judgement.judge()
  return judgement
}

extension ContentJudgement {
  func answer(_ check: String) -> Observation.Answer? { answers.first { $0.check == check }?.answer }
  func evidence(_ check: String) -> String { answers.first { $0.check == check }?.evidence ?? "" }
  var found: [String] { answers.filter { $0.answer == .yes }.map(\.check) }
}

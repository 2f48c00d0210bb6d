import Hummingbird
import Logging
import Records
import TestSupport
import Testing
import Wire

@testable import Hub

/// The owners' page on its own socket behind the city's proxy, and an owner's browser before it.
struct OwnerBrowser {
  /// The base of links.
  static let base = "https://notices.city.example"
  /// Where the owner sits, as the proxy has it.
  static let address = "203.0.113.20"

  private let port: Int
  private let task: Task<Void, any Error>

  init(_ core: HubCore, _ clock: FastClock) async throws {
    var configuration = Configuration.OwnerPage(host: "127.0.0.1", port: 0, url: OwnerBrowser.base)
    configuration.proxies = [try #require(IPPrefix("127.0.0.1/32"))]
    var logger = Logger(label: "page")
    logger.logLevel = .critical
    var listener = OwnerListener(
      page: OwnerPage(desk: core, clock: clock.wall, language: .zh), configuration: configuration, logger: logger)
    let (ports, say) = AsyncStream.makeStream(of: Int.self)
    listener.ready = { say.yield($0) }
    let application = try listener.application()
    task = Task { try await application.run() }
    var iterator = ports.makeAsyncIterator()
    port = try #require(await iterator.next())
  }

  func close() async {
    task.cancel()
    _ = await task.result
  }

  func open(_ link: String, head: Bool = false) async throws -> Curl.Answer {
    try await ask(link, head ? ["-I"] : [])
  }

  /// Opens the page, fills its form and sends it.
  func act(_ act: OwnerAct.Kind, _ link: String, name: String, text: String = "") async throws -> Curl.Answer {
    let page = try await open(link)
    let nonce = try #require(page.text.firstMatch(of: /name="nonce" value="([^"]+)"/)).1
    let fields = ["act=\(act.rawValue)", "name=\(name)", "text=\(text)", "nonce=\(nonce)"]
    return try await ask(link, fields.flatMap { ["--data-urlencode", $0] })
  }

  private func ask(_ link: String, _ words: [String]) async throws -> Curl.Answer {
    try #require(link.hasPrefix(OwnerBrowser.base + "/n/"))
    let path = link.dropFirst(OwnerBrowser.base.count)
    return try await Curl.run(
      words + ["-H", "X-Forwarded-For: \(OwnerBrowser.address)", "http://127.0.0.1:\(port)\(path)?lang=en"])
  }
}

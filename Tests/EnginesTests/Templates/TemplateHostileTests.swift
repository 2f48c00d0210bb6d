import Records
import Synchronization
import Testing
import Wire

@testable import Engines

/// Servers that stall, break off, never end, block or are stopped: *not determined* with a reason, never *no*.
@Suite(.serialized) struct TemplateHostileTests {
  typealias Answer = HTTPSite.Answer

  private static let library = TemplateLibrary.installed.templates
  private static let mark = "the mark of it"

  private static func reading(_ id: String = "a-mark", _ path: String = "/mark") throws -> WebTemplate {
    try TemplateEngineTests.template(id, [path], word: mark)
  }

  /// A server that answers `/` and does as `rest` says with everything else.
  private static func server(_ rest: @escaping @Sendable (Peer, _ path: String) -> Void) throws -> LoopbackServer {
    try LoopbackServer { peer in
      while true {
        let words = String(decoding: peer.receive(), as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count == 3 else { return }
        guard words[1] != "/" else {
          peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhome")
          continue
        }
        return rest(peer, String(words[1]))
      }
    }
  }

  private func ask(
    _ server: LoopbackServer, _ templates: [WebTemplate], _ change: (inout ScanContext.Settings) -> Void = { _ in }
  ) throws -> Asked {
    var settings = try settings()
    change(&settings)
    return EnginesTests.ask(
      TemplateEngine(try TemplateLibrary(templates)), port: server.port, scheme: "http", host: MockTarget.host,
      settings: settings)
  }

  @Test("a server that stalls after its page is asked three times, and nothing is called safe")
  func stalling() throws {
    let server = try Self.server { peer, _ in peer.waitForEnd() }
    defer { server.stop() }
    let templates = Self.library.filter { $0.probeClass == .probe && !$0.requests.flatMap(\.forms).isEmpty }
    let asked = try ask(server, templates) { $0.limits.exchangeMilliseconds = 150 }
    #expect(asked.denied == [] && asked.result.status == .partial)
    #expect(asked.result.answers.count == templates.count)
    #expect(asked.result.answers.allSatisfy { asked.isOpen($0.check) })
    // The page, then three requests, each tried twice.
    #expect(asked.context.counted.connections <= 1 + 2 * SiteProbe.refusalLimit)
  }

  @Test("an answer that breaks off in mid-body shows what it has, and hides the rest")
  func broken() throws {
    let server = try Self.server { peer, path in
      guard path == "/mark" || path == "/other" else {
        return peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
      }
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<p>\(Self.mark)</p>")
    }
    defer { server.stop() }
    let other = try TemplateEngineTests.template("other-mark", ["/other"], word: "another mark")
    let asked = try ask(server, [Self.reading(), other])
    #expect(asked.answer("template.a_mark") == .yes)
    #expect(asked.isOpen("template.other_mark"), "\(String(describing: asked.answer("template.other_mark")))")
    #expect(asked.denied == [])
  }

  @Test("a body without end is read to its limit")
  func endless() throws {
    let server = try Self.server { peer, path in
      guard path == "/mark" || path == "/other" else {
        return peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
      }
      peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>\(Self.mark)</p>")
      let line = [UInt8](repeating: 0x2e, count: 64 << 10)
      // More than any limit of ours; the peer has gone long before.
      for _ in 0..<64 { peer.send(line) }
    }
    defer { server.stop() }
    let other = try TemplateEngineTests.template("other-mark", ["/other"], word: "another mark")
    let asked = try ask(server, [Self.reading(), other])
    #expect(asked.answer("template.a_mark") == .yes)
    #expect(asked.isOpen("template.other_mark"))
    #expect(asked.context.counted.bytesReceived < 3 * TemplateAsking.bodyLimit)
  }

  @Test("a firewall ends the asking: what was not seen is not determined, with its name")
  func firewall() throws {
    let site = try HTTPSite { request in
      request.path == "/" ? Answer("home") : Answer("<title>x</title>您的访问被拦截", status: "403 Forbidden")
    }
    defer { site.stop() }
    let asked = try site.ask(only: Self.library, deadline: 60_000)
    #expect(asked.denied.allSatisfy { id in Self.library.contains { $0.check.id == id && $0.asksOnlyThePage } })
    #expect(asked.result.status == .partial && asked.result.source == .blocked)
    #expect(
      asked.result.answers.contains {
        asked.answer($0.check) == .notDetermined(reason: "blocked by a WAF: a firewall, status 403")
      })
    #expect(site.paths.count { $0 != "/" } == SiteProbe.refusalLimit)
  }

  @Test("nothing is sent before its turn: with a turn a day the page alone is asked, and nothing is said of the rest")
  func pace() throws {
    let site = try HTTPSite.files(["/": Answer("home")])
    defer { site.stop() }
    let asked = try site.ask(only: Self.library, deadline: 400) { $0.limits.requestsPerSecond = 1.0 / 86_400 }
    #expect(site.paths == ["/"])
    #expect(asked.denied == [])
    #expect(asked.result.answers.contains { asked.answer($0.check) == .notDetermined(reason: "deadline") })
  }

  @Test("turns of requests come from the gate that all jobs of the scanner share: one for each request sent")
  func turns() throws {
    // A gate at which somebody else has just taken a turn of a day lets nothing pass.
    let site = try HTTPSite.files(["/": Answer("home")])
    defer { site.stop() }
    let engine = TemplateEngine(try TemplateLibrary(Self.library))
    let job = Self.job(engine, site)
    var settings = try settings()
    settings.limits.requestsPerSecond = 1.0 / 86_400
    let gate = AddressGate()
    let address = try #require(IPAddress("127.0.0.1"))
    #expect(gate.pass(.request(address), 1.0 / 86_400, Deadline(milliseconds: 1000), stopped: { false }))
    let context = ScanContext(
      job: job, settings: settings, gate: gate, budget: ScanBudget(connections: 9, milliseconds: 300))
    let result = engine.run(job, context)
    #expect(site.paths == [] && result.answers.allSatisfy { $0.answer != .no && $0.answer != .yes })
    #expect(context.counted.connections == 0)
  }

  private static func job(_ engine: TemplateEngine, _ site: HTTPSite) -> ScanJob {
    let target = Target(
      scheme: "http", host: MockTarget.host, address: IPAddress("127.0.0.1"), port: site.server.port)
    return ScanJob(
      id: "t", engine: engine.name, site: "s", target: target, probeClass: .probe, authorisation: "test")
  }

  @Test("a site that another engine has just heard nothing from is not asked, and every template says so")
  func silent() throws {
    let site = try HTTPSite.files([:])
    defer { site.stop() }
    let engine = TemplateEngine(try TemplateLibrary(Self.library))
    let (job, settings) = (Self.job(engine, site), try settings())
    let context = ScanContext(
      job: job, settings: settings, gate: AddressGate(), budget: engine.budget(for: job, settings.limits))
    let result = try #require(engine.unasked("timed out: http asked 2 s before", job, context))
    #expect(result.status == .failed && !result.answers.isEmpty)
    let permitted = Set(engine.checks.filter { $0.probeClass <= job.probeClass }.map(\.id))
    let answers = result.answers.filter { permitted.contains($0.check) }
    #expect(answers.count == permitted.count)
    #expect(answers.allSatisfy { $0.answer == .notDetermined(reason: "timed out: http asked 2 s before") })
    #expect(site.paths == [] && engine.asksTargetAlone)
  }

  @Test("a stop ends the job where it stands")
  func stop() throws {
    let stopping = Mutex<ScanContext?>(nil)
    let count = Mutex(0)
    let site = try HTTPSite { _ in
      let now = count.withLock { count in
        count += 1
        return count
      }
      if now == 5 { stopping.withLock { $0?.stop() } }
      return Answer("nothing", status: "404 Not Found")
    }
    defer { site.stop() }
    let engine = TemplateEngine(try TemplateLibrary(Self.library))
    let job = Self.job(engine, site)
    let settings = try settings()
    let context = ScanContext(
      job: job, settings: settings, gate: AddressGate(), budget: engine.budget(for: job, settings.limits))
    stopping.withLock { $0 = context }
    let result = engine.run(job, context)
    #expect(result.status == .stopped)
    #expect(site.requests.count == 5)
    #expect(result.answers.contains { $0.answer == .notDetermined(reason: "stopped") })
  }

  @Test("the budget grows with the requests and the pace, and never by equal ones")
  func budget() throws {
    let site = try HTTPSite.files([:])
    defer { site.stop() }
    let one = try Self.reading()
    let same = try Self.reading("same-mark")
    let two = try Self.reading("other-mark", "/other")
    func budget(_ templates: [WebTemplate], _ limits: ScanContext.Limits = .init()) throws -> ScanBudget {
      let engine = TemplateEngine(try TemplateLibrary(templates))
      return engine.budget(for: Self.job(engine, site), limits)
    }
    let (alone, both, more) = (try budget([one]), try budget([one, same]), try budget([one, two]))
    // The comparison of a yes is counted for each.
    #expect(both.connections - alone.connections == 2)
    #expect(more.connections - alone.connections == 4)
    #expect(try budget([one], .lab).milliseconds < alone.milliseconds)
    #expect(try budget([one], ScanContext.Limits().slowed).milliseconds > alone.milliseconds)
  }
}

extension WebTemplate {
  /// Whether an answer to `/` decides it.
  fileprivate var asksOnlyThePage: Bool {
    TemplateEngine.planned(self, on: MockTarget.host).contains { $0.path == "/" }
  }
}

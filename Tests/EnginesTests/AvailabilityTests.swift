import Records
import Synchronization
import Testing
import Wire

@testable import Engines

@Suite(.serialized) struct AvailabilityTests {
  static func server(_ serve: @escaping @Sendable (Peer) -> Void) throws -> LoopbackServer {
    try LoopbackServer { peer in
      _ = peer.receive()
      serve(peer)
    }
  }

  static func answer(_ status: String, _ body: String, _ head: String = "") -> String {
    "HTTP/1.1 \(status)\r\n\(head)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
  }

  func look(_ text: String, known: String? = nil) throws -> (Asked, Int) {
    let server = try Self.server { $0.send(text) }
    defer { server.stop() }
    let asked = ask(
      AvailabilityEngine(), port: server.port, scheme: "http", probe: .observe, known: known, settings: try settings())
    return (asked, server.connections)
  }

  @Test(
    "each answer has its state",
    arguments: [
      ("200 OK", "<html>news of the city</html>", "up", [String]()),
      ("401 Unauthorized", "log in", "up", ["availability.error"]),
      ("404 Not Found", "gone", "up", ["availability.error"]),
      ("200 OK", " \r\n", "up", ["availability.error"]),
      ("200 OK", "<h1>Error establishing a database connection</h1>", "up", ["availability.error"]),
      ("200 OK", "<title>Welcome to nginx!</title>", "up", ["availability.error"]),
      ("200 OK", "<p>该域名正在出售</p>", "up", ["availability.error"]),
      ("502 Bad Gateway", "", "down", ["availability.down"]),
      ("429 Too Many Requests", "", "blocked us", ["availability.blocked"]),
      ("403 Forbidden", "<title>Attention Required! | Cloudflare</title>", "blocked us", ["availability.blocked"]),
      ("200 OK", "<p>您的访问被拦截</p>", "blocked us", ["availability.blocked"]),
      ("503 Service Unavailable", "Incapsula incident ID: 1", "blocked us", ["availability.blocked"]),
    ]) func states(status: String, body: String, state: String, weak: [String]) throws
  {
    let (asked, count) = try look(Self.answer(status, body))
    #expect(asked.fact("state") == state)
    #expect(asked.result.answers.filter { $0.answer == .yes }.map(\.check) == weak)
    #expect(asked.result.answers.count == 4)
    #expect(count == (state == "down" ? 2 : 1))
    if state == "blocked us" { #expect(asked.isOpen("availability.down") && asked.isOpen("availability.error")) }
  }

  @Test("one failure is not an outage") func once() throws {
    let server = try Self.server { peer in
      peer.number == 1 ? peer.reset() : peer.send(Self.answer("200 OK", "well"))
    }
    defer { server.stop() }
    let asked = ask(AvailabilityEngine(), port: server.port, scheme: "http", settings: try settings())
    #expect(asked.answer("availability.down") == .no && asked.fact("state") == "up")
    #expect(server.connections == 2)
  }

  @Test("a server that is silent twice is down, and no more than two requests were made") func silent() throws {
    let server = try Self.server { $0.waitForEnd(milliseconds: 3000) }
    defer { server.stop() }
    let asked = ask(AvailabilityEngine(), port: server.port, scheme: "http", settings: try settings())
    #expect(asked.answer("availability.down") == .yes)
    #expect(asked.evidence("availability.down").hasPrefix("timed out, twice; down since "))
    #expect(server.connections == 2)
  }

  @Test("a closed port is down; a handshake that fails is for the TLS engine to say") func closed() throws {
    let server = try Self.server { $0.send("HTTP/1.1 200 OK\r\n\r\n") }
    let tls = ask(AvailabilityEngine(), port: server.port, settings: try settings())
    #expect(tls.isOpen("availability.down") && tls.fact("state") == "not determined")
    server.stop()
    let gone = try LoopbackServer { _ in }
    gone.stop()
    try #require(try waitUntilClosed(gone.port))
    let asked = ask(AvailabilityEngine(), port: gone.port, scheme: "http", settings: try settings())
    #expect(asked.answer("availability.down") == .yes)
    #expect(asked.denied == ["availability.blocked"])
  }

  private func waitUntilClosed(_ port: UInt16) throws -> Bool {
    for _ in 0..<100 {
      let asked = ask(HTTPProbe(), port: port, scheme: "http", settings: try settings())
      if asked.result.reason == "connection refused" { return true }
    }
    return false
  }

  @Test("stages have their times, over TLS too") func times() throws {
    let server = try TLSServer(
      try Identity("site.test", names: ["site.test"]), .init(response: Self.answer("200 OK", "news")))
    defer { server.stop() }
    let asked = ask(AvailabilityEngine(), port: server.port, settings: try settings())
    for name in ["time connect", "time tls", "time first byte", "time total"] {
      #expect(asked.fact(name)?.hasSuffix(" ms") == true, "\(name)")
    }
    #expect(asked.fact("status") == "200" && asked.fact("bytes") == "4")
  }

  @Test("a redirect on the host is followed once") func redirect() throws {
    let server = try Self.server { peer in
      peer.send(
        peer.number == 1
          ? Self.answer("302 Found", "", "Location: /home\r\n") : Self.answer("200 OK", "<title>404 Not Found</title>"))
    }
    defer { server.stop() }
    let asked = ask(AvailabilityEngine(), port: server.port, scheme: "http", settings: try settings())
    #expect(asked.answer("availability.error") == .yes && server.connections == 2)
  }

  @Test("an outage begins, lasts over a look that could not tell, and ends") func memory() throws {
    let start = try #require(Timestamp(text: "2026-01-01T08:00:00Z"))
    func after(_ state: AvailabilityMemory.State, _ minute: Double, _ known: String?) -> AvailabilityMemory {
      .after(state, reason: "reset", at: start.advanced(seconds: minute * 60), known: known)
    }
    let up = after(.up, 0, nil)
    let down = after(.down, 5, up.text)
    #expect(down.failures == 1 && down.sentences == ["down since 2026-01-01T08:05:00Z"])
    let unknown = after(.notDetermined, 10, down.text)
    #expect(unknown.open == down.open)
    let still = after(.down, 15, unknown.text)
    #expect(still.failures == 2 && still.since == down.since)
    let back = after(.slow, 40, still.text)
    #expect(
      back.sentences == [
        "the last outage lasted 35 min, began 2026-01-01T08:05:00Z and ended 2026-01-01T08:40:00Z"
      ])
    #expect(back.open == nil && back.failures == 0)
    var many = back
    for turn in 0..<40 { many = after(turn % 2 == 0 ? .down : .up, 50 + Double(turn), many.text) }
    #expect(many.outages.count == AvailabilityMemory.outageLimit)
    #expect((many.text?.utf8.count ?? 0) < 4096)
    for text in ["", "{", "[1]", "{\"state\":\"sideways\"}"] {
      #expect(after(.up, 0, text) == up, "\(text)")
    }
  }

  @Test("where a second look follows, one failed look is a doubt, two are an outage from the first on")
  func secondLook() throws {
    let start = try #require(Timestamp(text: "2026-01-01T08:00:00Z"))
    func after(_ state: AvailabilityMemory.State, _ seconds: Double, _ known: String?) -> AvailabilityMemory {
      .after(state, reason: "reset", at: start.advanced(seconds: seconds), known: known, looks: 2)
    }
    let doubt = after(.down, 0, nil)
    #expect(doubt.state == .suspected && doubt.sentences.isEmpty && doubt.failures == 1)
    // It was a hiccup: no outage is remembered.
    let hiccup = after(.up, 30, doubt.text)
    #expect(hiccup.state == .up && hiccup.open == nil && hiccup.outages.isEmpty && hiccup.failures == 0)
    // A look that could not tell neither settles nor forgets.
    let down = after(.down, 60, after(.notDetermined, 30, doubt.text).text)
    #expect(down.state == .down && down.sentences == ["down since 2026-01-01T08:00:00Z"])
    #expect(down.since == start.text)
    let back = after(.up, 600, after(.down, 540, down.text).text)
    #expect(back.sentences.first?.hasPrefix("the last outage lasted 10 min, began 2026-01-01T08:00:00Z") == true)
  }

  @Test("a doubt asks for a second look and says nothing; maintenance is no outage", arguments: [false, true])
  func doubted(isPlanned: Bool) throws {
    let server = try Self.server { $0.send(Self.answer("502 Bad Gateway", "")) }
    defer { server.stop() }
    var job = ScanJob(
      id: "t", engine: "availability", site: "s",
      target: Target(scheme: "http", host: "site.test", address: IPAddress("127.0.0.1"), port: server.port),
      probeClass: .observe, authorisation: "test", deadlineMilliseconds: 15_000)
    job.asksAgain = true
    job.maintenanceUntil = isPlanned ? Timestamp(seconds: 1 << 32) : nil
    func look() throws -> EngineResult {
      let (engine, settings) = (AvailabilityEngine(), try settings())
      return engine.run(
        job,
        ScanContext(job: job, settings: settings, gate: AddressGate(), budget: engine.budget(for: job, settings.limits))
      )
    }
    let first = try look()
    #expect(first.answers.allSatisfy { $0.answer != .yes && $0.answer != .no })
    #expect(first.status == .partial)
    #expect(first.retry == (isPlanned ? .no : .after(seconds: AvailabilityEngine.secondLookSeconds)))
    job.known = first.memory
    let second = try look()
    #expect(second.answers.contains { $0.check == "availability.down" && $0.answer == .yes } == !isPlanned)
    #expect(second.retry == .no)
  }

  @Test("what is known comes back in the evidence") func known() throws {
    let before = AvailabilityMemory.after(
      .down, reason: "reset", at: Timestamp(seconds: 1_700_000_000), known: nil)
    let (asked, _) = try look(Self.answer("200 OK", "news"), known: before.text)
    #expect(asked.evidence("availability.down").hasPrefix("the last outage lasted "))
    #expect(asked.result.memory?.contains("\"state\":\"up\"") == true)
  }
}

/// One request and its failure as the reason.
struct HTTPProbe: ScanEngine {
  let name = "probe"
  let version = "1"
  let title = BilingualText(en: "probe", zh: "探")
  let checks: [Check] = []
  func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget { ScanBudget(connections: 2) }
  func applies(to target: Target) -> Bool { true }
  func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    guard let address = job.target.address else { return failed("no address", job: job, context) }
    let request = HTTPRequest(url: job.target.url, host: job.target.host)
    switch HTTPExchange(context).once(request, at: Endpoint(address: address, port: job.target.port)) {
    case .success: return EngineResult(status: .completed)
    case .failure(let failure): return failed(failure.sentence, job: job, context)
    }
  }
}

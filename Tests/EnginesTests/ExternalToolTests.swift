import COpenSSL
import Foundation
import Records
import Synchronization
import Testing
import Wire

@testable import Engines

/// The tools that Debian has, run for real against servers of ours on loopback.
@Suite(.serialized) struct ExternalToolTests {
  static func engine(_ name: String) -> ExternalEngine? {
    ExternalEngines.detect(ExternalSettings(), only: [name]).first?.engine
  }
  static func isThere(_ name: String) -> Bool { engine(name) != nil }

  /// A server with known weaknesses, and one without.
  private static func weak() throws -> TLSServer {
    var settings = TLSServer.Settings()
    settings.versions = TLS1_VERSION...TLS1_2_VERSION
    settings.suites = "ALL:eNULL:aNULL"
    settings.prefersOwn = false
    return try TLSServer(Identity("site.test", key: .rsa(2048), names: ["site.test"]), settings)
  }
  private static func sound() throws -> TLSServer {
    try TLSServer(Identity("site.test", names: ["site.test"]))
  }

  private func compare(_ external: Asked, _ own: Asked, _ name: String) -> Int {
    var agreed = 0
    for answer in external.result.answers where answer.answer == .yes || answer.answer == .no {
      guard let ours = own.answer(answer.check), ours == .yes || ours == .no else { continue }
      #expect(
        ours == answer.answer, "\(name) says \(answer.answer) of \(answer.check) (\(answer.evidence)), we say \(ours)")
      agreed += 1
    }
    return agreed
  }

  @Test("sslscan and the tls engine agree on a weak and on a sound server", .enabled(if: isThere("sslscan")))
  func sslscan() throws {
    let external = try #require(Self.engine("sslscan"))
    for (server, isWeak) in [(try Self.weak(), true), (try Self.sound(), false)] {
      let begin = ContinuousClock.now
      let asked = ask(external, port: server.port, deadline: 60_000, settings: try settings())
      let took = ContinuousClock.now - begin
      let own = ask(TLSEngine(), port: server.port, settings: try settings())
      #expect(asked.result.status == .completed, "\(asked.result.status) \(asked.result.reason)")
      #expect(asked.answer("tls.version.tls1_0") == (isWeak ? .yes : .no))
      #expect(asked.answer("tls.suite.anonymous") == (isWeak ? .yes : .no))
      if case .notDetermined(let reason)? = asked.answer("tls.weakness.heartbleed") {
        #expect(reason == "not authorised: this check needs intrusive")
      } else {
        Issue.record("heartbleed was asked without permission")
      }
      let agreed = compare(asked, own, "sslscan")
      #expect(agreed >= 10)
      print(
        "figure: sslscan \(external.version), \(isWeak ? "weak" : "sound") server: \(agreed) checks agree, "
          + "\(asked.context.counted.connections) connections, \(took)")
      server.stop()
    }
  }

  @Test(
    "testssl.sh and the tls engine agree on a weak server", .enabled(if: isThere("testssl")), .timeLimit(.minutes(5)))
  func testssl() throws {
    let external = try #require(Self.engine("testssl"))
    let server = try Self.weak()
    let begin = ContinuousClock.now
    let asked = ask(external, port: server.port, deadline: 240_000, settings: try settings())
    let took = ContinuousClock.now - begin
    let own = ask(TLSEngine(), port: server.port, settings: try settings())
    #expect(asked.result.status == .completed, "\(asked.result.status) \(asked.result.reason)")
    #expect(asked.answer("tls.version.tls1_0") == .yes && asked.answer("tls.suite.anonymous") == .yes)
    #expect(asked.answer("tls.version.ssl3") == .no && asked.answer("tls.version.no_tls1_3") == .yes)
    let agreed = compare(asked, own, "testssl")
    #expect(agreed >= 6)
    print(
      "figure: testssl.sh \(external.version): \(agreed) checks agree, \(asked.context.counted.connections) connections, "
        + "\(took); own checks: \(asked.result.found.map(\.id).sorted())")
    server.stop()
  }

  @Test("nmap finds the open port and nothing else, one connect at a time", .enabled(if: isThere("nmap")))
  func nmap() throws {
    let external = try #require(Self.engine("nmap"))
    let open = Atomic<Int>(0)
    let most = Mutex(0)
    let server = try LoopbackServer { peer in
      let now = open.add(1, ordering: .relaxed).newValue
      most.withLock { $0 = max($0, now) }
      peer.send(Array("220 files FTP server ready\r\n".utf8))
      usleep(20_000)
      open.subtract(1, ordering: .relaxed)
    }
    var limits = try settings()
    limits.limits = ScanContext.Limits()
    var options = ScanOptions()
    options.ports = [server.port...server.port, 1...9]
    let begin = ContinuousClock.now
    let asked = ask(external, port: server.port, deadline: 60_000, options: options, settings: limits)
    let took = ContinuousClock.now - begin
    #expect(asked.result.status == .completed, "\(asked.result.status) \(asked.result.reason)")
    #expect(asked.fact("open ports") == "\(server.port)")
    #expect(asked.answer("ports.database.exposed") == .no)
    #expect(took > .seconds(1.8), "10 ports at 5 a second take 2 s")
    #expect(server.connections <= 2)
    options.ports = [server.port...server.port]
    let deep = ask(external, port: server.port, probe: .intrusive, deadline: 90_000, options: options, settings: limits)
    #expect(deep.answer("ports.cleartext.exposed") == .yes, "\(deep.result.answers)")
    #expect(most.withLock { $0 } <= 2)
    print("figure: nmap \(external.version): 10 ports in \(took), \(server.connections) connections with versions told")
    server.stop()
  }

  @Test(
    "at default limits sslscan opens at most 10 connections a second and 2 at once", .enabled(if: isThere("sslscan")))
  func pace() throws {
    let external = try #require(Self.engine("sslscan"))
    let times = Mutex<[Int64]>([])
    let open = Atomic<Int>(0)
    let most = Mutex(0)
    // Ends each hello at once: nothing but the pace keeps the tool from asking on.
    let server = try LoopbackServer { peer in
      times.withLock { $0.append(MonotonicClock.nanoseconds()) }
      let now = open.add(1, ordering: .relaxed).newValue
      most.withLock { $0 = max($0, now) }
      usleep(1000)
      peer.send([21, 3, 3, 0, 2, 2, 40])
      open.subtract(1, ordering: .relaxed)
    }
    var limits = try settings()
    limits.limits = ScanContext.Limits()
    _ = ask(external, port: server.port, deadline: 20_000, settings: limits)
    let seen = times.withLock { $0 }
    #expect(seen.count >= 5)
    for (index, time) in seen.enumerated() {
      let inSecond = seen[index...].count { $0 - time < 1_000_000_000 }
      #expect(inSecond <= 11, "\(inSecond) connections within a second")
    }
    #expect(most.withLock { $0 } <= 2)
    server.stop()
  }

  @Test("a stop ends tool, relay and connections at once", .enabled(if: isThere("sslscan"))) func stop() throws {
    let external = try #require(Self.engine("sslscan"))
    let server = try LoopbackServer { peer in _ = peer.receive(milliseconds: 30_000) }
    let target = Target(
      scheme: "https", host: "site.test", address: IPAddress("127.0.0.1"), port: server.port, serverName: "site.test")
    let job = ScanJob(id: "t", engine: "sslscan", site: "s", target: target, probeClass: .probe, authorisation: "test")
    let context = ScanContext(
      job: job, settings: try settings(), gate: AddressGate(), budget: external.budget(for: job, .lab))
    let result = Mutex<EngineResult?>(nil)
    onThread {
      result.withLock { $0 = nil }; let made = external.run(job, context); result.withLock { $0 = made }
    }
    for _ in 0..<200 where server.connections < 2 { usleep(20_000) }
    #expect(server.connections >= 2)
    let begin = ContinuousClock.now
    context.stop()
    while result.withLock({ $0 == nil }), ContinuousClock.now - begin < .seconds(10) { usleep(5000) }
    #expect(ContinuousClock.now - begin < .seconds(2))
    #expect(result.withLock { $0?.status } == .stopped)
    #expect(context.openConnections == 0)
    server.stop()
  }
}

/// What an external engine refuses and doubts, by stand-ins.
@Suite struct ExternalEngineTests {
  private func engine(_ tool: any ExternalTool, _ standIn: StandIn) -> ExternalEngine {
    ExternalEngine(tool, program: standIn.path, version: "1.0")
  }

  private func sslscan(_ script: String) throws -> ExternalEngine {
    engine(SSLScan(), try kept(StandIn("sslscan", script)))
  }

  /// A stand-in lives as long as the process: its engine only holds the path.
  private func kept(_ standIn: StandIn) -> StandIn {
    Self.stands.withLock { $0.append(standIn) }
    return standIn
  }
  private static let stands = Mutex<[StandIn]>([])

  @Test("a refused or unauthorised address is not asked, and no program is started") func refused() throws {
    let standIn = kept(try StandIn("sslscan", "touch \"$0.ran\""))
    let server = try LoopbackServer { _ in }
    var strict = try settings()
    strict.policy = AddressPolicy()
    let asked = ask(engine(SSLScan(), standIn), port: server.port, settings: strict)
    #expect(asked.result.status == .refused && asked.result.reason == "refused target: 127.0.0.1 is loopback")
    let elsewhere = ask(
      engine(SSLScan(), standIn), port: server.port, networks: [try #require(IPPrefix("192.0.2.0/24"))],
      settings: try settings())
    #expect(elsewhere.result.reason.hasPrefix("not authorised"))
    let observer = ask(engine(SSLScan(), standIn), port: server.port, probe: .observe, settings: try settings())
    #expect(observer.result.reason == "not authorised: sslscan needs probe")
    #expect(server.connections == 0)
    #expect(!FileManager.default.fileExists(atPath: standIn.path + ".ran"))
    server.stop()
  }

  @Test(
    "no word of a site becomes a switch", arguments: ["-iL", "--script=x", "a b", "$(id)", "a;b", "a'b", "a/b", ""])
  func switches(host: String) throws {
    #expect(!ExternalEngine.isPlain(host))
    let server = try LoopbackServer { _ in }
    let asked = ask(try sslscan("exit 0"), port: server.port, host: host.isEmpty ? "-" : host, settings: try settings())
    #expect(asked.result.status == .refused && asked.result.reason.hasPrefix("refused target"))
    #expect(server.connections == 0)
    server.stop()
  }

  @Test(
    "every argument is a switch of ours, or an address and a name that are checked",
    arguments: [ProbeClass.probe, .intrusive])
  func arguments(probe: ProbeClass) throws {
    for tool in ExternalTools.all() {
      for address in ["127.0.0.1", "2001:db8::1"] {
        let ask = ToolAsk(
          scheme: "https", host: "site.test", serverName: "site.test", address: try #require(IPAddress(address)),
          port: 4443,
          path: "/{{evil}}", probeClass: probe, options: .init(), limits: .init(), userAgent: "Vigil/1",
          folder: "/tmp/x")
        let words = tool.arguments(ask)
        #expect(words.contains { $0.contains(address) }, "\(tool.name)")
        #expect(!words.contains { $0.contains("evil") })
        // Telling versions opens connections that no switch paces; heartbleed is an attack.
        if tool.name == "nmap" { #expect(words.contains("-sV") == (probe == .intrusive)) }
        if tool.name == "sslscan" { #expect(words.contains("--no-heartbleed") == (probe != .intrusive)) }
        if tool.name == "testssl" { #expect(words.contains("--vulnerable") == (probe == .intrusive)) }
        if tool.name == "nuclei" {
          #expect(words.contains("-no-interactsh") && words.contains("-disable-redirects"))
          let rate = try #require(words.firstIndex(of: "-rate-limit"))
          #expect(words[rate + 1] == "1")
        }
      }
    }
  }

  @Test("a report whose connections failed is not believed where it says no") func doubt() throws {
    // The stand-in connects once to the relay when the server is already gone, and then reports a clean site.
    let report = ExternalReports.sslscan
    let standIn = kept(
      try StandIn(
        "sslscan",
        """
        for word in "$@"; do last=$word; done
        touch "$(dirname "$0")/started"; while [ ! -e "$(dirname "$0")/go" ]; do sleep 0.05; done
        python3 - "$last" <<'P'
        import socket, sys
        host, port = sys.argv[1].rsplit(':', 1)
        s = socket.create_connection((host, int(port))); s.settimeout(5)
        try: s.recv(10)
        except OSError: pass
        P
        cat "$(dirname "$0")/report.xml"
        """))
    try standIn.write("report.xml", report)
    let server = try LoopbackServer { _ in }
    let port = server.port
    onThread {
      for _ in 0..<200 where !FileManager.default.fileExists(atPath: standIn.file("started")) { usleep(20_000) }
      server.stop()
      usleep(200_000)
      _ = FileManager.default.createFile(atPath: standIn.file("go"), contents: nil)
    }
    let asked = ask(engine(SSLScan(), standIn), port: port, settings: try settings())
    #expect(asked.answer("tls.version.ssl3") == .yes)
    guard case .notDetermined(let reason)? = asked.answer("tls.version.ssl2") else {
      Issue.record("a no was believed: \(asked.result.answers)")
      return
    }
    #expect(reason == "1 of 1 connections of sslscan failed: connection refused")
    #expect(asked.result.status == .partial)
  }

  @Test("a program that fails, hangs, or writes nonsense leaves every check open with the reason") func failures()
    throws
  {
    let server = try LoopbackServer { peer in _ = peer.receive(milliseconds: 2000) }
    for (script, deadline, reason) in [
      ("echo no luck >&2; exit 4", 10_000, "sslscan ended with status 4: no luck"), ("sleep 60", 700, "deadline"),
      ("echo '<a>'", 10_000, "the report of sslscan:2:1: no element found"),
      ("echo '<a/>'", 10_000, "the report of sslscan: this is no report of sslscan (use --xml=FILE)"),
    ] {
      let asked = ask(try sslscan(script), port: server.port, deadline: deadline, settings: try settings())
      #expect(asked.result.status == .failed && asked.result.reason == reason, "\(asked.result.reason)")
      #expect(asked.result.source == (reason == "deadline" ? .site : .vigil))
      #expect(asked.result.answers.allSatisfy { if case .notDetermined = $0.answer { true } else { false } })
      #expect(Set(asked.result.answers.map(\.check)) == Set(SSLScan().mappedChecks.map(\.id)))
    }
    server.stop()
    let gone = ask(try sslscan("exit 0"), port: server.port, settings: try settings())
    #expect(gone.result.reason == "connection refused by 127.0.0.1:\(server.port)" && gone.result.source == .site)
  }

  @Test("nuclei is given the pinned templates and the relay, and its own findings come with their checks") func nuclei()
    throws
  {
    let standIn = kept(
      try StandIn(
        "nuclei",
        """
        printf '%s\\n' "$@" > "$(dirname "$0")/arguments"
        cat "$(dirname "$0")/report.jsonl"
        """))
    try standIn.write("report.jsonl", ExternalReports.nuclei)
    let server = try LoopbackServer { _ in }
    let engine = engine(Nuclei(templates: "/srv/templates"), standIn)
    let asked = ask(engine, port: server.port, probe: .intrusive, settings: try settings())
    #expect(asked.answer("http.exposed.git") == .yes && asked.answer("http.exposed.phpinfo") == .no)
    #expect(
      asked.result.found == [Check("nuclei.odd_panel", .critical, "nuclei: Odd panel", "nuclei: Odd panel", .intrusive)]
    )
    #expect(asked.result.answers.first { $0.check == "nuclei.odd_panel" }?.path == "/admin/")
    let words = standIn.text("arguments").split(separator: "\n").map(String.init)
    #expect(words.contains("/srv/templates") && words.contains("Host: site.test") && words.contains("site.test"))
    #expect(!words.contains { $0.contains(":\(server.port)") }, "it is given the relay, not the site")
    server.stop()
  }

  @Test("what sslscan and the tls engine see is one finding, and surer than each alone") func oneFinding() throws {
    let standIn = kept(try StandIn("sslscan", "cat \"$(dirname \"$0\")/report.xml\""))
    try standIn.write("report.xml", ExternalReports.sslscan)
    let server = try LoopbackServer { _ in }
    let external = engine(SSLScan(), standIn)
    let asked = ask(external, port: server.port, settings: try settings())
    for answer in asked.result.answers where answer.answer == .yes {
      let own = try #require(EngineRegistry.all.flatMap(\.checks).first { $0.id == answer.check })
      #expect(external.checks.contains(own), "title and severity are ours")
      #expect(answer.parameter == nil && answer.path == nil, "the key is the engine's own")
    }
    #expect(external.confidence < TLSEngine().confidence)
    server.stop()
  }
}

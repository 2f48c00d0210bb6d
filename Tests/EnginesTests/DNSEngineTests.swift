import Dispatch
import Glibc
import Records
import Synchronization
import Testing
import Wire

@testable import Engines

@Suite(.serialized) struct DNSEngineTests {
  /// A sound zone without mail.
  private static func sound() -> DNSMock.Zone {
    var zone = DNSMock.Zone()
    zone.add("www.city.example", .a, [198, 51, 100, 7])
    zone.add("www.city.example", .aaaa, [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [7])
    zone.add("city.example", .soa, DNSMock.soa(9))
    for server in ["ns1.city.example", "ns2.city.example"] {
      zone.add("city.example", .ns, DNSMock.name(server))
      zone.add(server, .a, [127, 0, 0, 1])
    }
    zone.text("city.example", "v=spf1 ip4:198.51.100.0/24 -all")
    zone.text("_dmarc.city.example", "v=DMARC1; p=reject; rua=mailto:d@city.example")
    zone.add("city.example", .caa, [0, 5] + Array("issueca.example".utf8))
    zone.add("city.example", .mx, [0, 0, 0])
    return zone
  }

  private func look(
    _ zone: DNSMock.Zone, probe: ProbeClass = .observe, known: String? = nil, deadline: Int = 20_000,
    options: ScanOptions = .init(), networks: [IPPrefix] = []
  ) throws -> (Asked, DNSMock) {
    let mock = try DNSMock(zone)
    defer { mock.stop() }
    var settings = try settings()
    settings.resolver.forwarders = [.init(IPAddress(v4: 0x7f00_0001), port: mock.port)]
    settings.resolver.anchorFile = "/nonexistent"
    settings.resolver.authorityPort = mock.port
    settings.resolver.questionMilliseconds = 2000
    let asked = ask(
      DNSEngine(), port: 443, host: "www.city.example", probe: probe, networks: networks,
      deadline: deadline, options: options, known: known, settings: settings)
    return (asked, mock)
  }
  private func weak(_ asked: Asked) -> [String] { asked.result.answers.filter { $0.answer == .yes }.map(\.check) }

  @Test("a sound zone has no weakness but servers in one network, and no anchor means no word on signatures")
  func soundZone() throws {
    let (asked, _) = try look(Self.sound(), probe: .intrusive)
    #expect(weak(asked) == ["dns.ns.one_network"])
    #expect(asked.fact("zone") == "city.example" && asked.fact("mail domain") == "city.example")
    #expect(
      asked.answer("dns.dnssec.missing") == .notDetermined(reason: "no trust anchor covers www.city.example"))
    for id in [
      "dns.ns.lame", "dns.soa.serials", "dns.zone_transfer", "dns.wildcard", "dns.caa.missing",
    ] {
      #expect(asked.answer(id) == .no, "\(id)")
    }
    #expect(
      asked.answer("dns.ns.recursion")
        == .notDetermined(
          reason: "ns2.city.example offers recursion and answers NXDOMAIN without an address"))
    var closed = Self.sound()
    closed.codes["example.com A"] = 5
    #expect(try look(closed, probe: .probe).0.answer("dns.ns.recursion") == .no)
    #expect(asked.context.openConnections == 0)
    #expect(asked.result.answers.count == DNSChecks.all.count)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var weakness: String
    var probe: ProbeClass = .observe
    /// What the change brings with it.
    var also: [String] = []
    var change: @Sendable (inout DNSMock.Zone) -> Void
    var testDescription: String { weakness }
  }

  private static func replaceSPF(_ text: String) -> @Sendable (inout DNSMock.Zone) -> Void {
    return { zone in
      zone.records["city.example TXT"] = nil
      zone.text("city.example", text)
    }
  }

  @Test(
    "a zone's weakness is found alone",
    arguments: [
      Case(weakness: "dns.ipv6.missing") { $0.records["www.city.example AAAA"] = nil },
      Case(weakness: "dns.ns.single") { $0.records["city.example NS"]?.removeLast() },
      Case(weakness: "dns.soa.timers") { $0.records["city.example SOA"] = [DNSMock.soa(9, expire: 3600)] },
      Case(weakness: "dns.caa.missing") { $0.records["city.example CAA"] = nil },
      Case(weakness: "dns.caa.malformed") { $0.add("city.example", .caa, [0, 5] + Array("issue!!".utf8)) },
      Case(weakness: "dns.spf.missing") { $0.records["city.example TXT"] = nil },
      Case(weakness: "dns.spf.multiple") { $0.text("city.example", "v=spf1 -all") },
      Case(weakness: "dns.spf.pass_all", change: replaceSPF("v=spf1 +all")),
      Case(weakness: "dns.spf.neutral_all", change: replaceSPF("v=spf1 ip4:192.0.2.1 ?all")),
      Case(weakness: "dns.spf.malformed", change: replaceSPF("v=spf1 ipv4:192.0.2.1 -all")),
      Case(weakness: "dns.spf.ptr", change: replaceSPF("v=spf1 ptr -all")),
      Case(
        weakness: "dns.spf.too_many_lookups",
        change: { zone in
          Self.replaceSPF("v=spf1 include:a.city.example -all")(&zone)
          for letter in "bcdefghi" { zone.add("\(letter).ex", .a, [192, 0, 2, 1]) }
          zone.text("a.city.example", "v=spf1 mx a a:b.ex a:c.ex a:d.ex a:e.ex a:f.ex a:g.ex a:h.ex a:i.ex -all")
        }),
      Case(weakness: "dns.dmarc.missing") { $0.records["_dmarc.city.example TXT"] = nil },
      Case(weakness: "dns.dmarc.none") {
        $0.records["_dmarc.city.example TXT"] = nil
        $0.text("_dmarc.city.example", "v=DMARC1; p=none; rua=mailto:d@city.example")
      },
      Case(weakness: "dns.mx.private", also: ["dns.mta_sts.missing"]) {
        $0.records["city.example MX"] = nil
        $0.add("city.example", .mx, [0, 5] + DNSMock.name("mx.city.example"))
        $0.add("mx.city.example", .a, [10, 0, 0, 5])
      },
      Case(weakness: "dns.ns.lame", probe: .probe) { $0.isAuthoritative = false },
      Case(weakness: "dns.ns.recursion", probe: .probe) { $0.add("example.com", .a, [192, 0, 2, 44]) },
      Case(weakness: "dns.zone_transfer", probe: .intrusive) { $0.allowsTransfer = true },
    ]) func weaknesses(test: Case) throws
  {
    var zone = Self.sound()
    test.change(&zone)
    let (asked, _) = try look(zone, probe: test.probe)
    #expect(weak(asked).filter { $0 != "dns.ns.one_network" } == [test.weakness] + test.also)
  }

  @Test("an alias to a name that does not exist dangles") func dangling() throws {
    var zone = Self.sound()
    zone.records["www.city.example A"] = nil
    zone.records["www.city.example AAAA"] = nil
    zone.add("www.city.example", .cname, DNSMock.name("city-old.azurewebsites.net"))
    let (asked, _) = try look(zone)
    #expect(asked.answer("dns.cname.dangling") == .yes)
    #expect(asked.evidence("dns.cname.dangling").contains("Azure App Service"))
  }

  @Test("a changed set is told at every look until it is accepted, and then the new one is known") func change() throws
  {
    let (first, _) = try look(Self.sound())
    var memory = try #require(first.result.memory)
    #expect(first.isOpen("dns.changed"))
    #expect(try look(Self.sound(), known: memory).0.answer("dns.changed") == .no)
    var moved = Self.sound()
    moved.records["www.city.example A"] = [[203, 0, 113, 9]]
    for _ in 0..<3 {
      let (again, _) = try look(moved, known: memory)
      #expect(again.evidence("dns.changed") == "A was 198.51.100.7, is 203.0.113.9")
      memory = try #require(again.result.memory)
    }
    #expect(try look(Self.sound(), known: memory).0.answer("dns.changed") == .no, "what went back is no change")
    let (taken, _) = try look(moved, known: memory, options: ScanOptions(acceptsChange: true))
    #expect(taken.answer("dns.changed") == .no && taken.evidence("dns.changed").hasPrefix("accepted: A was"))
    memory = try #require(taken.result.memory)
    #expect(try look(moved, known: memory).0.answer("dns.changed") == .no)
    #expect(try look(Self.sound(), known: memory).0.answer("dns.changed") == .yes)
  }

  @Test("a mute resolver makes nothing look safe") func mute() throws {
    let (asked, _) = try look(DNSMock.Zone(isMute: true), deadline: 5000)
    #expect(asked.denied.isEmpty && weak(asked).isEmpty && asked.result.status != .completed)
  }

  /// Whom a look waits for.
  enum Mute: CaseIterable { case resolver, nameServer, policyServer }

  @Test("a stop ends a look within two seconds, whomever it waits for", arguments: Mute.allCases)
  func stop(who: Mute) throws {
    var zone = Self.sound()
    zone.records["city.example MX"] = [[0, 5] + DNSMock.name("mail.city.example")]
    zone.add("mail.city.example", .a, [198, 51, 100, 25])
    zone.text("_mta-sts.city.example", "v=STSv1; id=1")
    zone.add("mta-sts.city.example", .a, [127, 0, 0, 1])
    let good = try DNSMock(zone)
    let mute = try DNSMock(DNSMock.Zone(isMute: true))
    let isReached = DispatchSemaphore(value: 0)
    let web = try LoopbackServer { peer in
      isReached.signal()
      if who == .policyServer { peer.waitForEnd(milliseconds: 60_000) }
    }
    defer {
      good.stop()
      mute.stop()
      web.stop()
    }
    var settings = try settings()
    settings.limits.exchangeMilliseconds = 60_000
    settings.resolver.forwarders = [.init(IPAddress(v4: 0x7f00_0001), port: (who == .resolver ? mute : good).port)]
    settings.resolver.anchorFile = "/nonexistent"
    settings.resolver.authorityPort = (who == .nameServer ? mute : good).port
    settings.resolver.policyPort = web.port
    settings.resolver.questionMilliseconds = 60_000
    let job = ScanJob(
      id: "t", engine: "dns", target: Target(scheme: "https", host: "www.city.example", port: 443), probeClass: .probe,
      authorisation: "test", deadlineMilliseconds: 60_000)
    let context = ScanContext(
      job: job, settings: settings, gate: AddressGate(), budget: .init(connections: 8))
    let stopped = Mutex<Int64>(.max)
    onThread {
      let isReady =
        who == .policyServer ? isReached.wait(timeout: .now() + .seconds(30)) == .success : mute.awaitQuestion()
      guard isReady else { return }
      stopped.withLock { $0 = MonotonicClock.nanoseconds() }
      context.stop()
    }
    let result = DNSEngine().run(job, context)
    let took = MonotonicClock.nanoseconds() - stopped.withLock { $0 }
    #expect(result.status == .stopped)
    #expect((0..<2_000_000_000).contains(took), "it took \(took / 1_000_000) ms")
    print("a stop of the dns engine at the \(who) took \(took / 1_000_000) ms")
  }

  @Test("servers on refused addresses are not asked") func refused() throws {
    var zone = Self.sound()
    for server in ["ns1", "ns2"] { zone.records["\(server).city.example A"] = [[10, 1, 2, 3]] }
    let (asked, _) = try look(zone, probe: .intrusive)
    #expect(
      asked.answer("dns.zone_transfer")
        == .notDetermined(reason: "refused target: name server 10.1.2.3 is private"))
  }

  @Test("a policy outside the authorised networks is not fetched, nor a certificate looked at there") func outside()
    throws
  {
    var zone = Self.sound()
    zone.records["city.example MX"] = [[0, 5] + DNSMock.name("mail.city.example")]
    zone.add("mail.city.example", .a, [198, 51, 100, 25])
    zone.text("_mta-sts.city.example", "v=STSv1; id=1")
    zone.add("mta-sts.city.example", .a, [127, 0, 0, 1])
    let inside = try #require(IPPrefix("198.51.100.0/24"))
    let (asked, _) = try look(zone, networks: [inside])
    let reason = "mta-sts.city.example: not authorised: 127.0.0.1 is outside the authorised networks"
    #expect(asked.answer("dns.mta_sts.unusable") == .notDetermined(reason: reason))
    #expect(asked.answer("dns.mta_sts.not_enforced") == .notDetermined(reason: reason))
    #expect(asked.answer("dns.mta_sts.missing") == .no && asked.context.counted.connections == 0)
  }

  @Test("a name that is not delegated does not make its registry's zone ours") func undelegated() throws {
    var zone = DNSMock.Zone()
    zone.add("example", .soa, DNSMock.soa(1))
    zone.add("example", .ns, DNSMock.name("ns1.city.example"))
    let (asked, mock) = try look(zone, probe: .intrusive)
    #expect(asked.fact("zone") == nil && asked.isOpen("dns.zone_transfer") && asked.isOpen("dns.ns.single"))
    #expect(!mock.questions.contains { $0.hasPrefix("example ") && !$0.hasSuffix(" SOA") && !$0.hasSuffix(" CAA") })
  }

  @Test("a transfer is seen though the server keeps the connection, and the root can be asked for") func kept() throws {
    var zone = Self.sound()
    zone.allowsTransfer = true
    zone.keepsConnections = true
    let begin = MonotonicClock.nanoseconds()
    #expect(try look(zone, probe: .intrusive).0.answer("dns.zone_transfer") == .yes)
    #expect(MonotonicClock.nanoseconds() - begin < 5_000_000_000)
    let mock = try DNSMock(zone)
    defer { mock.stop() }
    var settings = try settings()
    settings.resolver.forwarders = [.init(IPAddress(v4: 0x7f00_0001), port: mock.port)]
    settings.resolver.anchors = [". IN DS 1 13 2 " + String(repeating: "ab", count: 32)]
    let asked = ask(DNSEngine(), port: 443, host: "www.city.example", probe: .observe, settings: settings)
    #expect(
      asked.answer("dns.dnssec.bogus")
        == .notDetermined(reason: "the resolver does not carry the signatures of the trust anchor ."))
  }

  @Test("strays are dropped, and a cut answer is asked for over TCP") func client() throws {
    var zone = Self.sound()
    zone.sendsStrays = true
    for cut in [false, true] {
      zone.truncatesUDP = cut
      let mock = try DNSMock(zone)
      defer { mock.stop() }
      let job = ScanJob(
        id: "t", engine: "dns", target: Target(scheme: "https", host: "x", port: 443), probeClass: .probe,
        authorisation: "test")
      let context = ScanContext(
        job: job, settings: try settings(), gate: AddressGate(), budget: .init(connections: 4))
      let client = NameServerClient(
        context: context, endpoint: Endpoint(address: IPAddress(v4: 0x7f00_0001), port: mock.port))
      let answer = try client.ask("city.example", .soa)
      #expect(answer.records(.answer).count == 1 && context.counted.connections == (cut ? 1 : 0))
    }
  }
}

import Engines
import Glibc
import Records
import Testing
import Wire

@testable import Engines

@Suite(.serialized) struct PortsEngineTests {
  /// Asks the ports of `servers` and, last, one that was closed again.
  private func look(
    _ ports: [UInt16], probe: ProbeClass = .probe, known: String? = nil, accepts: Bool = false
  ) throws -> Asked {
    let options = ScanOptions(ports: ports.map { $0...$0 }, acceptsChange: accepts)
    return ask(
      PortsEngine(), port: ports[0], probe: probe, deadline: 30_000, options: options, known: known,
      settings: try settings())
  }

  /// A port that the kernel gave and on which nobody has listened: closed from the moment it is ours.
  private func closedPort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isBound else { throw ServerFailure() }
    return UInt16(bigEndian: address.sin_port)
  }

  struct Greeting: CustomTestStringConvertible, Sendable {
    var greeting: [UInt8]
    var fact: String
    var weakness: String?
    var testDescription: String { fact }
    init(_ greeting: String, _ fact: String, _ weakness: String? = nil) {
      (self.greeting, self.fact, self.weakness) = (Array(greeting.utf8), fact, weakness)
    }
  }

  @Test(
    "a server that speaks first is recognised on any port",
    arguments: [
      Greeting("SSH-2.0-OpenSSH_9.6p1 Debian\r\n", "ssh: SSH-2.0-OpenSSH_9.6p1 Debian"),
      Greeting("220 (vsFTPd 3.0.5)\r\n", "ftp: (vsFTPd 3.0.5)", "ports.cleartext.exposed"),
      Greeting("220 mx.example ESMTP Postfix\r\n", "smtp: mx.example ESMTP Postfix"),
      Greeting("* OK [CAPABILITY IMAP4rev1] ready\r\n", "imap: [CAPABILITY IMAP4rev1] ready"),
      Greeting("+OK Dovecot ready.\r\n", "pop3: Dovecot ready."),
      Greeting("J\0\0\0\u{0a}8.0.36\0aaaaaaaaaaaaaaaa", "mysql: 8.0.36", "ports.database.exposed"),
      Greeting("RFB 003.008\n", "vnc: RFB 003.008", "ports.management.exposed"),
    ]) func greetings(test: Greeting) throws
  {
    let server = try LoopbackServer { peer in
      peer.send(test.greeting)
      peer.waitForEnd()
    }
    defer { server.stop() }
    let asked = try look([server.port])
    #expect(asked.fact("\(server.port)/tcp") == test.fact)
    #expect(asked.result.answers.filter { $0.answer == .yes }.map(\.check) == [test.weakness].compactMap(\.self))
    #expect(asked.result.status == .completed)
  }

  @Test("HTTP and TLS are found behind a silent port") func silent() throws {
    let web = try LoopbackServer { peer in
      let heard = peer.receive()
      if heard.starts(with: Array("HEAD ".utf8)) { peer.send("HTTP/1.0 200 OK\r\nServer: nginx/1.26\r\n\r\n") }
    }
    let tls = try TLSServer(try Identity("site.test", names: ["site.test"]))
    defer {
      web.stop()
      tls.stop()
    }
    let asked = try look([web.port, tls.port])
    #expect(asked.fact("\(web.port)/tcp") == "http: nginx/1.26")
    #expect(asked.fact("\(tls.port)/tcp") == "tls")
    #expect(asked.answer("ports.database.exposed") == .no)
  }

  @Test("a silent tarpit is open and unknown; a closed port is closed") func tarpit() throws {
    let server = try LoopbackServer { $0.waitForEnd(milliseconds: 9000) }
    defer { server.stop() }
    let closed = try closedPort()
    let asked = try look([server.port, closed])
    #expect(asked.fact("open ports") == "\(server.port)")
    #expect(asked.fact("closed ports") == "1")
    #expect(asked.fact("\(server.port)/tcp") == "unknown, silent")
    #expect(asked.context.openConnections == 0)
  }

  @Test("a new port and a vanished one are told against the earlier look") func change() throws {
    let first = try LoopbackServer { $0.send("SSH-2.0-x\r\n") }
    defer { first.stop() }
    let closed = try closedPort()
    let before = try look([first.port, closed])
    #expect(before.isOpen("ports.unexpected") && before.result.status == .completed)
    let memory = try #require(before.result.memory)
    #expect(try look([first.port, closed], known: memory).answer("ports.unexpected") == .no)
    let swapped = try #require(PortsMemory(tried: [first.port, closed], open: [closed]).text)
    let after = try look([first.port, closed], known: swapped)
    #expect(after.answer("ports.unexpected") == .yes && after.evidence("ports.unexpected") == "\(first.port)")
    #expect(after.answer("ports.vanished") == .yes && after.evidence("ports.vanished") == "\(closed)")
    let again = try look([first.port, closed], known: after.result.memory)
    #expect(again.answer("ports.unexpected") == .yes && again.answer("ports.vanished") == .yes, "until accepted")
    let accepted = try look([first.port, closed], known: again.result.memory, accepts: true)
    #expect(accepted.evidence("ports.unexpected") == "accepted: \(first.port)")
    #expect(accepted.answer("ports.unexpected") == .no && accepted.answer("ports.vanished") == .no)
    let quiet = try look([first.port, closed], known: accepted.result.memory)
    #expect(quiet.answer("ports.unexpected") == .no && quiet.answer("ports.vanished") == .no)
  }

  @Test("a port never tried before is taken over as it is, and is no new one") func wider() throws {
    let server = try LoopbackServer { $0.send("SSH-2.0-x\r\n") }
    defer { server.stop() }
    let closed = try closedPort()
    let first = try look([closed])
    let wider = try look([closed, server.port], known: first.result.memory)
    #expect(wider.answer("ports.unexpected") == .no)
    #expect(try #require(wider.result.memory.flatMap { PortsMemory($0) }).open == [server.port])
  }

  @Test("what was silent in the first pass is asked once more, and only where somebody answers") func again() throws {
    let full = try FullServer()
    defer { full.stop() }
    let closed = try closedPort()
    let context = ScanContext(
      job: ScanJob(
        id: "t", engine: "ports", target: Target(scheme: "http", host: "x", port: full.port), probeClass: .probe,
        authorisation: "t", deadlineMilliseconds: 30_000),
      settings: try settings(), gate: AddressGate(), budget: ScanBudget(connections: 20, milliseconds: 30_000))
    var sweep = PortSweep(try #require(IPAddress("127.0.0.1")), context)
    sweep.run([full.port, closed])
    #expect(sweep.states == [full.port: .filtered, closed: .closed] && sweep.failure == nil)
    #expect(context.counted.connections == 3)
    var alone = PortSweep(try #require(IPAddress("127.0.0.1")), context)
    alone.run([full.port])
    #expect(alone.states == [full.port: .filtered] && context.counted.connections == 4)
  }

  @Test("without leave to probe no port is touched") func observe() throws {
    let server = try LoopbackServer { _ in }
    defer { server.stop() }
    let asked = try look([server.port], probe: .observe)
    #expect(server.connections == 0 && asked.denied.isEmpty)
    #expect(asked.result.answers.count == PortsEngine().checks.count)
  }

  @Test("an open port of a database that tells nothing is neither safe nor exposed") func unclear() {
    let judgement = PortsJudgement(
      wanted: [3306, 443], states: [3306: .open, 443: .open], found: [3306: .unknown("silent"), 443: .tls],
      failure: nil, known: nil)
    let answer = judgement.answers.first { $0.check == "ports.database.exposed" }?.answer
    #expect(
      answer
        == .notDetermined(reason: "3306/tcp is open, the port of mysql, but does not tell what it is"))
  }

  @Test("ports that were not tried are not safe") func cutOff() {
    let judgement = PortsJudgement(
      wanted: [22, 3306], states: [22: .closed], found: [:], failure: .deadline, known: nil)
    #expect(!judgement.answers.contains { $0.answer == .no } && judgement.memory == nil)
  }

  @Test(
    "first words are answered by their service alone",
    arguments: [
      (ServiceBanner.Question.redis, Array("+PONG\r\n".utf8), "redis"),
      (.redis, Array("-NOAUTH Authentication required.\r\n".utf8), "redis"),
      (.memcached, Array("VERSION 1.6.21\r\n".utf8), "memcached"), (.postgresql, Array("S".utf8), "postgresql"),
      (.rdp, [3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 2, 0, 0, 0], "rdp"),
      (
        .mongodb,
        [0x20, 0, 0, 0, 1, 0, 0, 0, 0x69, 0x67, 0x69, 0x76, 0xdd, 7, 0, 0] + [UInt8](repeating: 0, count: 16), "mongodb"
      ),
    ]) func questions(question: ServiceBanner.Question, bytes: [UInt8], service: String)
  {
    #expect(ServiceBanner.recognise(bytes, after: question)?.service == service)
    #expect(ServiceBanner.recognise(bytes, after: .nothing) == nil)
    for length in bytes.indices { _ = ServiceBanner.recognise(Array(bytes.prefix(length)), after: question) }
  }

  @Test("a banner is printable and bounded") func bounded() throws {
    let banner = try #require(
      ServiceBanner.recognise(Array("SSH-2.0-\u{1b}[31m".utf8) + [UInt8](repeating: 65, count: 9000), after: .nothing))
    #expect(banner.version.count == ServiceBanner.versionLimit && !banner.version.contains("\u{1b}"))
  }

  @Test("the list of ports is whole and a job's own is in order") func list() {
    #expect(PortList.all.count >= 100 && Set(PortList.all.map(\.number)).count == PortList.all.count)
    #expect(PortList.wanted([80...82, 22...22, 81...83]) == [22, 80, 81, 82, 83])
    #expect(PortList.wanted([0...65_535]).count == 65_535)
  }
}

/// A listener whose queue is full: SYNs get no answer, as behind a firewall that drops them.
final class FullServer: Sendable {
  let port: UInt16
  private let descriptors: [Int32]

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = SocketAddress(IPAddress(v4: 0x7f00_0001), 0)
    guard unsafe address.withPointer({ unsafe bind(listener, $0, $1) }) == 0, listen(listener, 0) == 0 else {
      throw ServerFailure()
    }
    var bound = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutablePointer(to: &bound) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = unsafe getsockname(listener, $0, &size) }
    }
    port = UInt16(bigEndian: bound.sin_port)
    var there = SocketAddress(IPAddress(v4: 0x7f00_0001), port)
    // A queue of none holds one connection; further ones wait for their SYN's answer.
    let clients = (0..<3).map { _ -> Int32 in
      let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_NONBLOCK, 0)
      _ = unsafe there.withPointer { unsafe connect(client, $0, $1) }
      return client
    }
    descriptors = [listener] + clients
  }

  func stop() { for descriptor in descriptors { close(descriptor) } }
}

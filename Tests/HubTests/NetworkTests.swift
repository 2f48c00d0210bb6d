import ControlAPI
import Foundation
import Glibc
import Hummingbird
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Records
import Testing
import Wire

@testable import Hub

@Suite(.serialized, .timeLimit(.minutes(3))) struct NetworkTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  /// A certificate for 127.0.0.1 that is its own authority.
  private func certificate(_ name: String = "hub") async throws -> (certificate: String, key: String) {
    let (certificate, key) = (folder.path + "/\(name).pem", folder.path + "/\(name).key")
    _ = try await Program.run(
      "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-keyout",
      key, "-out", certificate, "-days", "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1")
    return (certificate, key)
  }

  /// One that nobody listens on; this is a network of the test's own, or a busy one finds another.
  private func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
      }
    }
    try #require(status == 0)
    return UInt16(bigEndian: address.sin_port)
  }

  private func running(_ pem: (certificate: String, key: String)) async throws -> (RunningHub, String) {
    let port = try freePort()
    let hub = try await RunningHub(folder) {
      $0.api.listener = .init(
        address: IPAddress(v4: 0x7f00_0001), port: port, certificate: pem.certificate, key: pem.key)
    }
    return (hub, "https://127.0.0.1:\(port)")
  }

  @Test("Over the network a token is asked as on the socket, and without one nothing is answered")
  func tokens() async throws {
    let pem = try await certificate()
    let (hub, url) = try await running(pem)
    _ = try await hub.client.call(
      API.putPerson, PersonRequest(person: Person(id: "ann", name: BilingualText("A"), role: .analyst)))
    let answer = try await hub.client.call(
      API.addToken, TokenRequest(person: "ann", name: "n", expires: WallClock.system.now().advanced(seconds: 600)))
    let way = HubPlace.Way.network(url: url, authorities: pem.certificate)
    let far = Client(HubPlace(way, token: answer.secret))
    let me = try await far.call(API.whoAmI)
    #expect(me.person.id == "ann" && me.origin == "token \(answer.token.id), 127.0.0.1")
    await #expect { try await far.call(API.people) } throws: { ($0 as? APIProblem)?.code == .notAllowed }
    for try await item in far.stream(StreamRequest()) {
      #expect(item.kind == .beat)
      break
    }
    await #expect { try await Client(HubPlace(way)).call(API.health) } throws: {
      "\($0)" == "who asks must send a token; Authorization: Bearer, see vigil people token add"
    }
    // The hub's own user is nobody here: on the network the kernel does not speak for him.
    let bare = try await Program.run("/usr/bin/curl", "-sik", url + "/v1/health")
    #expect(bare.hasPrefix("HTTP/1.1 401") && bare.lowercased().contains("www-authenticate: bearer"), "\(bare)")
    await hub.end()
  }

  @Test("A certificate of another authority is not believed, and nothing below TLS 1.2 is spoken")
  func transport() async throws {
    let (pem, other) = (try await certificate(), try await certificate("other"))
    let (hub, url) = try await running(pem)
    let far = Client(HubPlace(.network(url: url, authorities: other.certificate), token: "x"))
    await #expect { try await far.call(API.health) } throws: {
      "\($0)".hasPrefix("\(url): this is no hub that we may trust") && "\($0)".hasSuffix("by --hub-ca")
    }
    let far2 = Client(HubPlace(.network(url: url, authorities: nil), token: "x"))
    await #expect { try await far2.call(API.health) } throws: { "\($0)".contains("may trust") }
    func spoken(_ versions: String...) async throws -> String {
      let ciphers = ["--ciphers", "DEFAULT@SECLEVEL=0"]
      let all = ["-sk", "-w", "%{http_code}", "-o", "/dev/null"] + ciphers + versions + [url + "/v1/health"]
      return try await Program.run("/bin/sh", "-c", "exec curl " + all.map { "'\($0)'" }.joined(separator: " "))
    }
    #expect(try await spoken("--tlsv1.0", "--tls-max", "1.1") == "000")
    #expect(try await spoken("--tlsv1.2", "--tls-max", "1.2") == "401")
    #expect(try await spoken("--tlsv1.3") == "401")
    let plain = try await Program.run("/usr/bin/curl", "-s", "-w", "%{http_code}", url.replacing("https", with: "http"))
    #expect(plain == "000", "who speaks without TLS is not answered")
    await hub.end()
  }

  @Test("A head beyond 16 KiB is not read")
  func largeHead() async throws {
    let pem = try await certificate()
    let (hub, url) = try await running(pem)
    func status(_ arguments: String...) async throws -> String {
      let all = ["-sk", "-w", "%{http_code}", "-o", "/dev/null"] + arguments
      return try await Program.run("/bin/sh", "-c", "exec curl " + all.map { "'\($0)'" }.joined(separator: " "))
    }
    #expect(try await status("-H", "X: " + String(repeating: "a", count: 7_000), url + "/v1/health") == "401")
    #expect(try await status("-H", "X: " + String(repeating: "a", count: 9_000), url + "/v1/health") != "401")
    #expect(try await status(url + "/v1/queue?filter=" + String(repeating: "a", count: 9_000)) != "401")
    await hub.end()
  }

  @Test("A hub whose certificate or key cannot be used does not start, and says why")
  func mistakes() async throws {
    let (pem, other) = (try await certificate(), try await certificate("other"))
    func mistake(_ certificate: String, _ key: String) async -> String {
      do {
        let (hub, _) = try await running((certificate, key))
        await hub.end()
        return ""
      } catch { return "\(error)" }
    }
    #expect(await mistake(pem.key, pem.key).contains("no certificate in PEM can be read there"))
    #expect(
      await mistake(pem.certificate, pem.certificate).contains("everybody on this machine may read this private key"))
    #expect(await mistake(pem.certificate, other.key).contains("do not belong together"))
    #expect(await mistake(pem.certificate, folder.path + "/none").contains("this file cannot be read"))
  }

  // MARK: patience

  private func channel() throws -> (EmbeddedChannel, EmbeddedEventLoop) {
    let channel = EmbeddedChannel(handler: ConnectionPatience(NetworkLimits()))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return (channel, channel.embeddedEventLoop)
  }
  private let head = HTTPRequestPart.head(HTTPRequest(method: .get, scheme: "https", authority: "x", path: "/"))

  @Test(
    "A connection that says nothing whole is closed, one that is being answered is not, and after the answer it counts again"
  )
  func patience() throws {
    let (channel, loop) = try channel()
    loop.advanceTime(by: .seconds(19))
    #expect(channel.isActive)
    try channel.writeInbound(head)
    loop.advanceTime(by: .seconds(80))
    try channel.writeInbound(HTTPRequestPart.end(nil))
    loop.advanceTime(by: .hours(5))
    #expect(channel.isActive, "a stream may last")
    try channel.writeOutbound(HTTPResponsePart.end(nil))
    loop.advanceTime(by: .seconds(19))
    #expect(channel.isActive)
    loop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }

  @Test("A request that was refused before its body had ended leaves no connection that lasts")
  func refusedEarly() throws {
    let (channel, loop) = try channel()
    try channel.writeInbound(head)
    try channel.writeOutbound(HTTPResponsePart.end(nil))
    loop.advanceTime(by: .seconds(10))
    try channel.writeInbound(HTTPRequestPart.end(nil))
    loop.advanceTime(by: .seconds(19))
    #expect(channel.isActive)
    loop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }

  @Test("Neither a silent connection nor a body that drips lasts")
  func drips() throws {
    let (silent, first) = try channel()
    first.advanceTime(by: .seconds(21))
    #expect(!silent.isActive)
    let (dripping, second) = try channel()
    try dripping.writeInbound(head)
    for _ in 0..<9 {
      try dripping.writeInbound(HTTPRequestPart.body(ByteBuffer(bytes: [1])))
      second.advanceTime(by: .seconds(10))
    }
    #expect(!dripping.isActive)
  }

  @Test("An address has so many places, and gets back what it left")
  func places() {
    let places = ConnectionPlaces(limit: 2)
    #expect(places.take("a") && places.take("a") && !places.take("a") && places.take("b"))
    places.leave("a")
    #expect(places.take("a") && !places.take("a"))
  }

  @Test("An IPv6 network of a stranger counts as one address")
  func networks() {
    #expect(Gate.network("2001:db8::1") == Gate.network("2001:db8::ffff"))
    #expect(Gate.network("2001:db8:0:1::1") != Gate.network("2001:db8::1"))
    #expect(Gate.network("192.0.2.1") == "192.0.2.1")
  }
}

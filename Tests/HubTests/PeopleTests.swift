import ControlAPI
import Dispatch
import Foundation
import Glibc
import Records
import Seam
import Testing
import Wire

@testable import Hub

@Suite(.serialized, .timeLimit(.minutes(3))) struct PeopleOfHubTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func token(_ person: Person, in hub: RunningHub, role: PersonRole? = nil) async throws -> TokenAnswer {
    _ = try await hub.client.call(API.putPerson, PersonRequest(person: person))
    let request = TokenRequest(
      person: person.id, name: "test", role: role, expires: WallClock.system.now().advanced(seconds: 3600))
    return try await hub.client.call(API.addToken, request)
  }
  private func client(_ hub: RunningHub, _ secret: String) -> Client {
    Client(HubPlace(.socket(hub.configuration.data.apiSocket), token: secret))
  }

  @Test(
    "A person is put, changed and removed with what was before in the audit, and is who the hub says over a restart")
  func life() async throws {
    let hub = try await RunningHub(folder)
    #expect(try await hub.client.call(API.people).items.isEmpty)
    let me = try await hub.client.call(API.whoAmI)
    #expect(me.person.id == NSUserName() && me.role == .administrator && me.organisations == nil)
    let answer = try await token(Person(id: "ann", name: BilingualText("Ann"), role: .lead), in: hub, role: .analyst)
    let ann = try await client(hub, answer.secret).call(API.whoAmI)
    #expect(
      ann.person.role == .lead && ann.role == .analyst && ann.origin.hasPrefix("token \(answer.token.id), unix uid"))
    await #expect { try await client(hub, answer.secret).call(API.people) } throws: {
      "\($0)" == "GET /v1/people needs the role administrator; ann is analyst by token \(answer.token.id)"
    }
    await hub.end()

    let again = try await RunningHub(folder)
    #expect(try await client(again, answer.secret).call(API.whoAmI).person.id == "ann")
    await #expect {
      try await again.client.call(
        API.putPerson,
        PersonRequest(person: Person(id: "b", name: BilingualText("B"), role: .lead, organisations: ["no"])))
    } throws: { "\($0)" == "there is no organisation no; see vigil organisations" }
    #expect(try await again.client.call(API.removePerson, PersonEnd(id: "ann")).id == "ann")
    await #expect { try await client(again, answer.secret).call(API.whoAmI) } throws: {
      ($0 as? APIProblem)?.code == .notKnown
    }
    let acts = try await again.client.call(API.audit, ListRequest()).items.filter { $0.subject == "person/ann" }
    #expect(acts.map(\.act) == ["remove person", "add token", "add person"])
    #expect(acts.first?.before?.contains("\"lead\"") == true)
    #expect(!acts.contains { ($0.after ?? "").contains(answer.secret.suffix(64)) })
    let kept = try Data(contentsOf: URL(filePath: again.configuration.data.store))
    #expect(kept.range(of: Data(answer.secret.suffix(64).utf8)) == nil, "the secret is in the store")
    await again.end()
  }

  @Test("A stream ends when its token is revoked, its person loses the role, or is removed", arguments: [0, 1, 2])
  func streams(way: Int) async throws {
    let hub = try await RunningHub(folder)
    let answer = try await token(Person(id: "ann", name: BilingualText("Ann"), role: .viewer), in: hub)
    let listener = client(hub, answer.secret)
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let listening = Task {
      var lines = 0
      for try await _ in listener.stream(StreamRequest(since: "a0.r0")) {
        lines += 1
        begin.yield()
      }
      return lines
    }
    // The first beat: it listens.
    for await _ in begun { break }
    switch way {
    case 0: _ = try await hub.client.call(API.revokeToken, TokenEnd(id: answer.token.id))
    case 1:
      // No longer anybody's user, no longer a role at all: she is put under another id.
      _ = try await hub.client.call(API.removePerson, PersonEnd(id: "ann"))
    default: _ = try await listener.call(API.revokeToken, TokenEnd(id: answer.token.id))
    }
    await #expect { _ = try await listening.value } throws: { "\($0)".contains("the hub ended the stream") }
    await #expect { try await listener.call(API.health) } throws: { ($0 as? APIProblem)?.code == .notKnown }
    await hub.end()
  }

  @Test("A stream follows what its listener may see")
  func streamPurview() async throws {
    let hub = try await RunningHub(folder)
    let text = """
      organisations: [{id: tax, name: Tax}, {id: parks, name: Parks}]
      sites:
        - {url: "https://tax.example/", organisation: tax}
        - {url: "https://parks.example/", organisation: parks}
      """
    _ = try await hub.client.call(API.importSites, ImportRequest(form: .yaml, name: "i", text: text, dryRun: false))
    let answer = try await token(
      Person(id: "ann", name: BilingualText("Ann"), role: .viewer, organisations: ["tax"]), in: hub)
    let wire = try SeamWire(hub.configuration.data.ingestSocket)
    _ = try await wire.receive()
    try wire.send(.batch(Lines.batch([Lines.alert(host: "parks.example"), Lines.alert(host: "tax.example")])))
    _ = try await wire.receive()
    var (sites, isMoved): ([String], Bool) = ([], false)
    for try await item in client(hub, answer.secret).stream(StreamRequest(since: "a0.r0")) {
      if let site = item.row?.row.site, item.kind == .alert { sites.append(site) }
      if sites.count == 2 { break }
      guard item.kind == .alert, !isMoved else { continue }
      isMoved = true
      _ = try await hub.client.call(
        API.putPerson,
        PersonRequest(person: Person(id: "ann", name: BilingualText("Ann"), role: .viewer, organisations: ["parks"])))
      try wire.send(
        .batch(Lines.batch([Lines.alert(host: "tax.example"), Lines.alert(host: "parks.example")], first: 3)))
    }
    #expect(sites == ["tax.example", "parks.example"])
    await hub.end()
  }

  @Test("Who asks too fast is told when to come again, and nobody else is slowed")
  func tooFast() async throws {
    let hub = try await RunningHub(folder) { ($0.api.requestsPerSecond, $0.api.burst) = (0.5, 3) }
    let fast = try await token(Person(id: "fast", name: BilingualText("F"), role: .viewer), in: hub)
    let other = try await token(Person(id: "other", name: BilingualText("O"), role: .viewer), in: hub)
    for _ in 0..<3 { _ = try await client(hub, fast.secret).call(API.health) }
    let answer = try await Program.run(
      "/usr/bin/curl", "-si", "--unix-socket", hub.configuration.data.apiSocket, "-H",
      "Authorization: Bearer \(fast.secret)", "http://vigil/v1/health")
    #expect(answer.hasPrefix("HTTP/1.1 429") && answer.lowercased().contains("retry-after: 2"), "\(answer)")
    _ = try await client(hub, other.secret).call(API.health)
    for _ in 0..<20 { _ = try await hub.client.call(API.health) }
    await hub.end()
  }

  @Test("A token that is nobody's is refused, ever later; a good one beside it is not")
  func wrongTokens() async throws {
    let hub = try await RunningHub(folder)
    let good = try await token(Person(id: "ann", name: BilingualText("A"), role: .viewer), in: hub)
    var codes: [APIProblem.Code?] = []
    for _ in 0..<8 {
      do {
        _ = try await client(hub, "nonsense").call(API.health)
        codes.append(nil)
      } catch let problem as APIProblem { codes.append(problem.code) }
    }
    #expect(codes.prefix(6).allSatisfy { $0 == .notKnown } && codes.suffix(2).allSatisfy { $0 == .tooMany }, "\(codes)")
    _ = try await client(hub, good.secret).call(API.health)
    await hub.end()
  }

  // MARK: users of this machine

  @Test(
    "The group comes to the socket, and each of its members is who was put: nobody before, then what her role says",
    .enabled(if: Program.canBecomeAnother))
  func unixUsers() async throws {
    let hub = try await RunningHub(folder) { $0.api.group = "nogroup" }
    let data = hub.configuration.data
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(data.apiSocket) == 0o660 && mode(data.run) == 0o710 && mode(data.path) == 0o711)
    #expect(try mode(data.store) == 0o600)
    func asked(_ path: String, group: String = "65534") async throws -> String {
      try await Program.run(
        "/usr/bin/setpriv", "--reuid", "65534", "--regid", group, "--clear-groups", "/usr/bin/curl", "-s", "-w",
        "%{http_code}", "--unix-socket", data.apiSocket, "http://vigil/v1\(path)")
    }
    let nobody = try await asked("/health")
    #expect(nobody.hasSuffix("401") && nobody.contains("the user nobody of this machine is nobody here"), "\(nobody)")
    let person = Person(id: "watch-1", name: BilingualText("Watch"), role: .viewer, unixUser: "nobody")
    _ = try await hub.client.call(API.putPerson, PersonRequest(person: person))
    let known = try await asked("/people/me")
    #expect(known.hasSuffix("200") && known.contains("\"watch-1\"") && known.contains("unix uid 65534"), "\(known)")
    #expect(try await asked("/audit").hasSuffix("403"))
    #expect(try await asked("/health", group: "12345").hasSuffix("000"), "who is not of the group does not get in")
    await hub.end()
    let closed = try await RunningHub(folder) { $0.api.group = "" }
    #expect(try mode(data.apiSocket) == 0o600 && mode(data.run) == 0o700)
    await closed.end()
  }

  @Test(
    "Users whom nobody has put are viewers where the configuration says so",
    .enabled(if: Program.canBecomeAnother))
  func unknownUsers() async throws {
    let hub = try await RunningHub(folder) { ($0.api.group, $0.people.unknown) = ("nogroup", .viewer) }
    let me = try await Program.run(
      "/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/curl", "-s",
      "--unix-socket", hub.configuration.data.apiSocket, "http://vigil/v1/people/me")
    #expect(me.contains("\"role\":\"viewer\"") && me.contains("\"nobody\""), "\(me)")
    await hub.end()
  }
}

/// A program of the machine, and what it wrote.
enum Program {
  /// Root with the program that changes users.
  static let canBecomeAnother = geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

  static func run(_ path: String, _ arguments: String...) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result {
            let (process, pipe) = (Process(), Pipe())
            process.executableURL = URL(filePath: path)
            process.arguments = arguments
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            try process.run()
            let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: bytes, as: UTF8.self)
          })
      }
    }
  }
}

import ControlAPI
import Foundation
import Records
import Services
import Store
import Testing
import Wire

@testable import Hub

@Suite(.serialized, .timeLimit(.minutes(1))) struct OutboxTests {
  private func dispatch(_ id: String, _ channel: ContactChannel, _ to: String, isDrill: Bool = false) -> Dispatch {
    Dispatch(
      id: id, kind: .notice, address: ContactAddress(channel, to), language: "en", subject: "notice 2026-017",
      text: "read https://vigil.example.gov/n/abc", link: "https://vigil.example.gov/n/abc", isDrill: isDrill,
      created: WallClock.system.now())
  }

  @Test("the API shows what leaves, what waits for nobody and what was given up, and has it tried again, audited")
  func story() async throws {
    let folder = try TestFolder()
    let file = folder.path + "/out.jsonl"
    try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
    let store = try Store(folder: folder.path + "/data", rules: .standard)
    try store.add(dispatch("in-the-way", .file, "log").entry())
    try store.add(dispatch("nobody", .mail, "a@example.gov").entry())
    try store.add(dispatch("drill", .file, "log", isDrill: true).entry())
    var foreign = dispatch("foreign", .file, "log")
    foreign.text = "see https://tax.example.gov/admin"
    try store.add(foreign.entry())
    store.close()
    let hub = try await RunningHub(folder) { $0.delivery.receivers["log"] = .init(.file, url: file) }
    func lane(_ name: String) async throws -> OutboxLaneItem? {
      try await hub.client.call(API.outboxLanes).items.first { $0.lane == name }
    }
    try await waitUntil { try await lane("file:log")?.state == .down }
    #expect(try await lane("mail")?.state == .missing)
    let notes = try await hub.client.call(API.health).notes ?? []
    #expect(notes.contains { $0.hasPrefix("delivery: no receiver mail is set up: 1 wait, the oldest for ") })
    #expect(try await hub.client.call(API.overview).warnings.contains { $0.en.contains("no receiver mail") })
    try FileManager.default.removeItem(atPath: file)
    try await waitUntil { try await hub.client.call(API.outboxMessage, id: "1").item.state == .delivered }
    try await waitUntil { try await hub.client.call(API.outboxMessage, id: "4").item.state == .dead }
    let dead = try await hub.client.call(API.outbox, OutboxRequest(state: .dead)).items
    #expect(dead.map(\.id) == [4] && dead[0].lastError == "withheld: its text holds a URL that is not its link")
    let retried = try await hub.client.call(API.retryOutbox, OutboxAct(ids: [1, 3, 99], deadOf: "file:log"))
    #expect(retried.done == [4] && retried.refused.map(\.id) == [1, 3, 99])
    try await waitUntil { try await hub.client.call(API.outboxMessage, id: "4").item.state == .dead }
    #expect(try await hub.client.call(API.dropOutbox, OutboxAct(ids: [2, 4])).done == [2, 4])
    let detail = try await hub.client.call(API.outboxMessage, id: "4")
    #expect(detail.item.state == .dropped && detail.audit.map(\.act) == ["drop outbox", "retry outbox"])
    #expect(detail.audit.allSatisfy { !$0.actor.name.isEmpty && $0.actor.origin.hasPrefix("unix uid") })
    #expect(try await hub.client.call(API.outboxMessage, id: "3").item.state == .withheld)
    let lines = try String(contentsOfFile: file, encoding: .utf8)
    #expect(lines.contains("in-the-way") && !lines.contains("drill") && !lines.contains("foreign"))
    await #expect(throws: APIProblem.self) { try await hub.client.call(API.outboxMessage, id: "x") }
    await hub.end()
  }

  private func waitUntil(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
  }

  @Test("a configuration that would tell others, or nobody, is refused with its place")
  func refused() throws {
    let folder = try TestFolder()
    let open = try folder.file("open", "secret\n")
    let cases = [
      ("mail: {url: \"http://x\", from: a@b}", "is no smtp or smtps URL"),
      ("mail: {url: \"smtp://x:25\", from: \"a b\"}", "is no mailbox"),
      ("mail: {url: \"smtp://x:25\", from: a@b, starttls: none}", "has no TLS and leads to another machine"),
      ("receivers: {a: {kind: mail, url: x}}", "mail is set up by delivery.mail"),
      ("receivers: {a: {kind: webhook, url: \"https://x\"}}", "needs a secret"),
      ("receivers: {a: {kind: webhook, url: \"http://x\", secret: s}}", "has no TLS"),
      ("receivers: {a: {kind: webhook, url: \"https://x\", secretFile: \(open)}}", "others than its owner"),
      ("receivers: {a: {kind: syslog, url: \"udp://x\"}}", "begins with tcp:// or tls://"),
      ("receivers: {a: {kind: dingtalk}}", "has no url"),
      ("receivers: {\"a b\": {kind: file, path: x}}", "1 to 64 letters"),
      ("receivers: {a: {kind: file, path: x, colour: red}}", "colour"),
      ("page: {listen: \"0.0.0.0:80\", url: \"https://x\"}", "this machine only"),
      ("page: {listen: \"127.0.0.1:80\", url: \"http://x\"}", "begin with https://"),
      ("page: {listen: \"127.0.0.1:80\", url: \"https://x\", certificate: c}", "go together"),
    ]
    for (text, words) in cases {
      #expect("\(text)") {
        _ = try Configuration.read(text: "delivery:\n  \(text)\n", file: folder.path + "/vigil.yaml")
      } throws: { "\($0)".contains(words) }
    }
    let good = try Configuration.read(
      text: """
        delivery:
          mail: {url: "smtp://127.0.0.1:2525", from: a@b, starttls: none, perMinute: 0}
          receivers: {g: {kind: wecom, url: "https://x/?key=1"}, s: {kind: syslog, url: "tcp://[::1]:514", perMinute: 9}}
          page: {listen: "127.0.0.1:8088", url: "https://x/base/", proxies: [127.0.0.1/32]}
        """, file: folder.path + "/vigil.yaml"
    ).delivery
    #expect(good.mail?.perMinute == nil && good.receivers["g"]?.perMinute == 20 && good.receivers["s"]?.perMinute == 9)
    #expect(good.page?.url == "https://x/base")
  }
}

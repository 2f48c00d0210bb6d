import Foundation
import Records
import Services
import Store
import TestSupport
import Testing
import Wire

@testable import Hub

/// Webhooks and the chats' robots, to a real HTTPS server with an authority of its own.
@Suite(.serialized, .timeLimit(.minutes(3))) struct WebhookTests {
  let folder: TestFolder
  let authority: TestAuthority

  init() throws {
    folder = try TestFolder()
    authority = try TestAuthority(folder)
  }

  private func receiver(
    _ channel: ContactChannel, _ server: Receiver, secret: String? = "key", seconds: Double = 1, ca: String? = nil
  ) -> Configuration.Receiver {
    var receiver = Configuration.Receiver(
      channel, url: "https://127.0.0.1:\(server.port)/\(channel.rawValue)?token=t", secret: secret)
    receiver.ca = ca ?? authority.ca
    receiver.timeoutSeconds = seconds
    receiver.perMinute = nil
    return receiver
  }

  @Test("a webhook is signed with the time of its try, and says what the dispatch says")
  func signed() async throws {
    let server = try Receiver("hooks", in: folder, ["--tls", authority.certificate, authority.key])
    let lanes = try RunningLanes(folder) { $0.delivery.receivers["office"] = receiver(.webhook, server, seconds: 10) }
    let dispatch = Sample.dispatch("n-1", .webhook, "office")
    try lanes.add([dispatch])
    try await require("delivered") { try lanes.count(.delivered) == 1 }
    let seen = try #require(server.seen.first)
    let body = Array((seen.body ?? "").utf8)
    let time = try #require(seen.header("X-Vigil-Timestamp"))
    #expect(seen.header("X-Vigil-Signature") == WebhookChannel.signature(body, time: time, secret: "key"))
    #expect(abs((Int64(time) ?? 0) - WallClock.system.now().seconds) < 60)
    let message = try RecordJSON.decode(WebhookChannel.Message.self, from: body)
    #expect(message.id == "n-1" && seen.id == "n-1" && message.text == dispatch.text && message.city == "test city")
    await lanes.end()
  }

  @Test(
    "DingTalk, WeCom and Feishu get the forms and signatures that their makers ask for",
    arguments: [ContactChannel.dingtalk, .wecom, .feishu])
  func chats(_ channel: ContactChannel) async throws {
    let server = try Receiver("hooks", in: folder, ["--tls", authority.certificate, authority.key])
    let lanes = try RunningLanes(folder) { $0.delivery.receivers["group"] = receiver(channel, server, seconds: 10) }
    let dispatch = Sample.dispatch("n-1", channel, "group", text: String(repeating: "很长\n", count: 2300))
    try lanes.add([dispatch])
    try await require("delivered") { try lanes.count(.delivered) == 1 }
    let seen = try #require(server.seen.first)
    let body = try #require(
      try JSONSerialization.jsonObject(with: Data((seen.body ?? "").utf8)) as? [String: Any])
    let path = try #require(seen.path)
    let text: String?
    switch channel {
    case .dingtalk:
      text = (body["text"] as? [String: Any])?["content"] as? String
      let found = try #require(path.firstMatch(of: /token=t&timestamp=(\d{13})&sign=([A-Za-z0-9%]+)$/))
      let sign = try #require(String(found.2).removingPercentEncoding)
      #expect(sign == ChatForm.code("\(found.1)\nkey", key: "key"))
      #expect(body["msgtype"] as? String == "text")
    case .wecom:
      text = (body["text"] as? [String: Any])?["content"] as? String
      #expect(body["msgtype"] as? String == "text" && path == "/wecom?token=t")
    default:
      text = (body["content"] as? [String: Any])?["text"] as? String
      let time = try #require(body["timestamp"] as? String)
      #expect(
        body["sign"] as? String == ChatForm.code("", key: "\(time)\nkey") && body["msg_type"] as? String == "text")
    }
    let sent = try #require(text)
    #expect(sent.utf8.count <= (channel == .wecom ? 2048 : 9000))
    #expect(
      sent.hasPrefix(dispatch.subject + "\n很长\n") && sent.hasSuffix("…\nhttps://vigil.example.gov/n/abcdef\n#n-1"))
    #expect((seen.body ?? "").utf8.count <= 20_000)
    await lanes.end()
  }

  @Test("the signatures are those of the makers' own examples")
  func vectors() {
    // Worked out with openssl: printf '%b' '1700000000000\nSECabc' | openssl dgst -sha256 -hmac SECabc -binary | base64
    let url = ChatForm.signedURL("https://x/?access_token=t", secret: "SECabc", now: Timestamp(seconds: 1_700_000_000))
    #expect(
      url == "https://x/?access_token=t&timestamp=1700000000000&sign=jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM%3D")
    #expect(ChatForm.code("", key: "1700000000\nfeishu") == "hliLG+zWj6SRnCtD1QgoXSxdZbACZebJ75EBjGuV5IA=")
  }

  @Test(
    "a receiver that is down, slow, refuses, errs inside its 200 or breaks off loses nothing and gets nothing twice",
    arguments: [ContactChannel.webhook, .dingtalk, .wecom, .feishu])
  func weather(_ channel: ContactChannel) async throws {
    let server = try Receiver("hooks", in: folder, ["--tls", authority.certificate, authority.key])
    let lanes = try RunningLanes(folder) { $0.delivery.receivers["r"] = receiver(channel, server) }
    var sent = 0
    let isChat = channel != .webhook
    for (index, mode)
      in (["down", "500", "404", "503", "half"] + (isChat ? ["code:310000", "code:-1", "nojson"] : []))
      .enumerated()
    {
      if mode == "down" { server.stop() } else { try server.behave(mode) }
      let ids = (0..<3).map { "n-\(index)-\($0)" }
      try lanes.add(ids.map { Sample.dispatch($0, channel, "r", kind: .report) })
      sent += ids.count
      try await require("\(mode): it was tried") { try lanes.store.outbox(limit: 3).contains { $0.lastError != nil } }
      #expect(try lanes.count(.delivered) == sent - ids.count, "\(mode)")
      try server.behave("ok")
      if mode == "down" { try server.start() }
      try await require("\(mode): all arrive") { try lanes.count(.delivered) == sent }
    }
    let texts = server.seen.compactMap(\.body)
    for index in 0..<sent { #expect(texts.filter { $0.contains("n-\(index / 3)-\(index % 3)") }.count == 1) }
    #expect(texts.count == sent)
    try server.behave("400")
    try lanes.add([Sample.dispatch("never", channel, "r")])
    try await require("refused for good") { try lanes.count(.dead) == 1 }
    #expect(!server.seen.contains { ($0.body ?? "").contains("never") })
    await lanes.end()
  }

  @Test("a robot that says too fast is left alone for a minute, and the message has lost no try")
  func tooFast() async throws {
    let server = try Receiver("hooks", in: folder, ["--tls", authority.certificate, authority.key])
    try server.behave("code:130101")
    let lanes = try RunningLanes(folder) { $0.delivery.receivers["r"] = receiver(.dingtalk, server) }
    try lanes.add([Sample.dispatch("n-1", .dingtalk, "r")])
    try await require("down") { lanes.board.all["dingtalk:r"]?.downSince != nil }
    guard case .resting(let until)? = lanes.board.all["dingtalk:r"]?.state else { throw CancellationError() }
    #expect(until.nanoseconds(since: WallClock.system.now()) > 50_000_000_000)
    #expect(try lanes.store.outboxEntry(1)?.attempts == 0)
    await lanes.end()
  }

  @Test("while one receiver hangs, another gets everything")
  func apart() async throws {
    let hanging = try Receiver("hooks", in: folder, ["--tls", authority.certificate, authority.key])
    let working = try Receiver("hooks", in: folder, ["--tls", authority.certificate, authority.key])
    try hanging.behave("slow")
    let lanes = try RunningLanes(folder) {
      $0.delivery.receivers["hanging"] = receiver(.webhook, hanging, seconds: 300)
      $0.delivery.receivers["working"] = receiver(.webhook, working, seconds: 10)
    }
    try lanes.add(
      (0..<20).flatMap {
        [Sample.dispatch("h-\($0)", .webhook, "hanging"), Sample.dispatch("w-\($0)", .webhook, "working")]
      })
    try await require("all of the working one") { working.seen.count == 20 }
    #expect(hanging.seen.count < 20)
    await lanes.end()
  }

  @Test("a certificate that another authority gave is not spoken to, and no drill and no planted path leaves")
  func withheld() async throws {
    let foreign = try TestAuthority(folder, name: "foreign")
    let server = try Receiver("hooks", in: folder, ["--tls", authority.certificate, authority.key])
    let lanes = try RunningLanes(folder) {
      $0.delivery.receivers["foreign"] = receiver(.webhook, server, ca: foreign.ca)
      for channel in [ContactChannel.webhook, .dingtalk, .wecom, .feishu] {
        $0.delivery.receivers["r-\(channel.rawValue)"] = receiver(channel, server)
      }
    }
    try lanes.add([Sample.dispatch("foreign", .webhook, "foreign")])
    for channel in [ContactChannel.webhook, .dingtalk, .wecom, .feishu] {
      let to = "r-\(channel.rawValue)"
      try lanes.add([
        Sample.dispatch("drill-\(to)", channel, to, isDrill: true),
        Sample.dispatch("path-\(to)", channel, to, text: "https://tax.example.gov/planted-7f3a.php"),
        Sample.dispatch("good-\(to)", channel, to),
      ])
    }
    try await require("the good ones") { try lanes.count(.delivered) == 4 }
    try await require("the foreign one was tried") { try lanes.store.outboxEntry(1)?.lastError != nil }
    #expect(server.seen.count == 4 && server.seen.allSatisfy { ($0.body ?? "").contains("good-") })
    #expect(server.seen.allSatisfy { !($0.body ?? "").contains("planted-7f3a") })
    #expect(try lanes.store.outboxCounts() == [.delivered: 4, .withheld: 4, .dead: 4, .waiting: 1])
    await lanes.end()
  }
}

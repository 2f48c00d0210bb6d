import Foundation
import Records
import Services
import Store
import TestSupport
import Testing
import Wire

@testable import Hub

/// Mail to a real server on loopback.
@Suite(.serialized, .timeLimit(.minutes(3))) struct MailTests {
  let folder: TestFolder
  let authority: TestAuthority

  init() throws {
    folder = try TestFolder()
    authority = try TestAuthority(folder)
  }

  private func lanes(
    _ server: Receiver, _ protection: Configuration.Mail.Protection = .required, ca: String? = nil, seconds: Double = 1,
    attempts: Int = 50, beforeWrite: @escaping @Sendable () throws -> Void = {},
    change: (inout Configuration.Mail) -> Void = { _ in }
  ) throws -> RunningLanes {
    var mail = Configuration.Mail(
      host: "127.0.0.1", port: UInt16(server.port), protection: protection, from: "vigil@city.example.gov")
    mail.ca = ca ?? authority.ca
    mail.timeoutSeconds = seconds
    change(&mail)
    return try RunningLanes(folder, attempts: attempts, beforeWrite: beforeWrite) { $0.delivery.mail = mail }
  }

  @Test("a mail arrives as it was meant, under STARTTLS with a login, and can be told from every other")
  func whole() async throws {
    let server = try Receiver(
      "mail", in: folder, ["--tls", authority.certificate, authority.key, "--login", "vigil", "pass word"])
    let lanes = try lanes(
      server, seconds: 10,
      change: {
        $0.user = "vigil"
        $0.password = "pass word"
      })
    let long = String(repeating: "很长的一行 with spaces and = signs. ", count: 40)
    let dispatch = Sample.dispatch(
      "n-1", .mail, "webmaster@tax.example.gov", text: "第一行\n.\n..\nFrom here on\n\(long)\nend ")
    try lanes.add([dispatch])
    try await require("delivered") { try lanes.count(.delivered) == 1 }
    let seen = try #require(server.seen.first)
    #expect(server.seen.count == 1)
    #expect(seen.tls == true && seen.login == true)
    #expect(seen.recipients == ["webmaster@tax.example.gov"] && seen.sender == "vigil@city.example.gov")
    #expect(seen.subject == dispatch.subject)
    #expect(seen.messageID == "<n-1@city.example.gov>" && seen.id == "n-1")
    #expect(seen.header("Auto-Submitted") == "auto-generated")
    #expect(seen.header("Date") == "Wed, 18 Nov 2026 11:06:40 +0000")
    #expect(seen.text?.replacing("\r\n", with: "\n") == dispatch.text + "\n\n" + (dispatch.link ?? "") + "\n")
    let raw = try #require(seen.raw)
    #expect(raw.allSatisfy { $0 < 0x80 }, "seven bits are enough for every server on the way")
    #expect(raw.split(separator: UInt8(ascii: "\n")).allSatisfy { $0.count <= 79 })
    await lanes.end()
  }

  @Test("TLS from the first byte works too")
  func implicit() async throws {
    let server = try Receiver("mail", in: folder, ["--tls", authority.certificate, authority.key, "--implicit"])
    let lanes = try lanes(server, .implicit, seconds: 10)
    try lanes.add([Sample.dispatch("n-1", .mail, "a@example.gov")])
    try await require("delivered") { try lanes.count(.delivered) == 1 }
    await lanes.end()
  }

  @Test("nothing is said to a server without TLS, nor to one whose certificate another authority gave")
  func protected() async throws {
    let plain = try Receiver("mail", in: folder)
    let first = try lanes(plain, seconds: 10)
    try first.add([Sample.dispatch("n-1", .mail, "a@example.gov")])
    try await require("it is down") { first.board.all["mail"]?.downSince != nil }
    await first.end()
    #expect(plain.seen.isEmpty)
    let foreign = try TestAuthority(folder, name: "foreign")
    let server = try Receiver("mail", in: folder, ["--tls", authority.certificate, authority.key])
    let second = try lanes(server, ca: foreign.ca, seconds: 10)
    try await require("it is down") { second.board.all["mail"]?.downSince != nil }
    let entry = try #require(try second.store.outboxEntry(1))
    #expect(entry.state == .waiting && entry.attempts == 0, "it lost no try: \(entry)")
    await second.end()
    #expect(server.seen.isEmpty)
  }

  @Test("a server that is down, slow, busy, greylisting or breaks off loses nothing and gets nothing twice")
  func weather() async throws {
    let server = try Receiver("mail", in: folder, ["--tls", authority.certificate, authority.key])
    let lanes = try lanes(server)
    var sent = 0
    for (index, mode) in ["down", "busy", "rcpt4", "data4", "half", "sender"].enumerated() {
      if mode == "down" { server.stop() } else { try server.behave(mode) }
      let ids = (0..<3).map { "n-\(index)-\($0)" }
      try lanes.add(ids.map { Sample.dispatch($0, .mail, "\($0)@example.gov") })
      sent += ids.count
      try await require("\(mode): it was tried") { try lanes.store.outbox(limit: 3).contains { $0.lastError != nil } }
      #expect(try lanes.count(.delivered) == sent - ids.count, "\(mode)")
      try server.behave("ok")
      if mode == "down" { try server.start() }
      try await require("\(mode): all arrive") { try lanes.count(.delivered) == sent }
    }
    #expect(server.seen.count == sent && Set(server.seen.map(\.id)).count == sent)
    #expect(try lanes.store.outboxCounts() == [.delivered: sent])
    await lanes.end()
  }

  @Test("where the server's yes was lost, the same mail comes again under the same id", arguments: ["lost", "slow"])
  func lost(_ mode: String) async throws {
    let server = try Receiver("mail", in: folder, ["--tls", authority.certificate, authority.key])
    let lanes = try lanes(server)
    try server.behave(mode)
    try lanes.add([Sample.dispatch("n-1", .mail, "a@example.gov")])
    try await require("it was tried") { try lanes.store.outboxEntry(1)?.lastError != nil }
    try server.behave("ok")
    try await require("it arrives") { try lanes.count(.delivered) == 1 }
    #expect(Set(server.seen.map(\.messageID)) == ["<n-1@city.example.gov>"])
    #expect(Set(server.seen.map(\.raw)).count == 1, "each copy is the same, byte for byte")
    await lanes.end()
  }

  @Test("no such address: given up at once and told; a server's rule or a mail refused: given up, and told to nobody")
  func bounces() async throws {
    let server = try Receiver("mail", in: folder, ["--tls", authority.certificate, authority.key])
    let lanes = try lanes(server, seconds: 10)
    for (index, mode) in ["rcpt5", "relay", "data5"].enumerated() {
      try server.behave(mode)
      try lanes.add([Sample.dispatch("n-\(index)", .mail, "\(mode)@example.gov")])
      try await require("\(mode)") { try lanes.count(.dead) == index + 1 }
    }
    try lanes.add([Sample.dispatch("n-9", .mail, "no mailbox\r\nRCPT TO:<x@example.gov>")])
    try await require("no mailbox") { try lanes.count(.dead) == 4 }
    #expect(lanes.bounced == ["rcpt5@example.gov", "no mailbox\r\nRCPT TO:<x@example.gov>"])
    #expect(try lanes.store.outboxEntry(1)?.lastError == "the mail server said 550 5.1.1 no such user")
    #expect(lanes.board.all["mail"]?.downSince == nil, "the server is at work")
    await lanes.end()
  }

  @Test("a mail that is refused again and again is given up after its last try, and others pass it")
  func givenUp() async throws {
    let server = try Receiver("mail", in: folder, ["--tls", authority.certificate, authority.key])
    let lanes = try lanes(server, seconds: 10, attempts: 4)
    try server.behave("rcpt4")
    try lanes.add([Sample.dispatch("n-1", .mail, "a@example.gov")])
    try await require("given up") { try lanes.count(.dead) == 1 }
    #expect(try lanes.store.outboxEntry(1)?.attempts == 4)
    await lanes.end()
  }

  @Test("a reminder never overtakes its notice; a page passes whatever waits")
  func order() async throws {
    let server = try Receiver("mail", in: folder, ["--tls", authority.certificate, authority.key])
    try server.behave("rcpt4")
    let lanes = try lanes(server, seconds: 10)
    let to = "a@example.gov"
    try lanes.add([
      Sample.dispatch("notice", .mail, to), Sample.dispatch("reminder", .mail, to, kind: .reminder),
      Sample.dispatch("supervision", .mail, to, kind: .supervision), Sample.dispatch("page", .mail, to, kind: .page),
    ])
    try await require("both were tried") {
      try lanes.store.outboxEntry(1)?.lastError != nil && lanes.store.outboxEntry(4)?.lastError != nil
    }
    #expect(try lanes.store.outboxEntry(2)?.lastError == nil)
    try server.behave("ok")
    try await require("all arrive") { try lanes.count(.delivered) == 4 }
    #expect(server.seen.map(\.id).filter { $0 != "page" } == ["notice", "reminder", "supervision"])
    await lanes.end()
  }

  @Test("a store that cannot be written after the server's yes stops the lane, and nothing is sent twice")
  func fullDisk() async throws {
    let server = try Receiver("mail", in: folder, ["--tls", authority.certificate, authority.key])
    let full = EndFlag()
    let healed = EndFlag()
    struct Full: Error {}
    let lanes = try lanes(server, seconds: 10, beforeWrite: { if full.isSet, !healed.isSet { throw Full() } })
    try lanes.add([Sample.dispatch("n-1", .mail, "a@example.gov"), Sample.dispatch("n-2", .mail, "b@example.gov")])
    try await require("both arrive") { try lanes.count(.delivered) == 2 }
    try lanes.add((3...6).map { Sample.dispatch("n-\($0)", .mail, "\($0)@example.gov") })
    full.set()
    try await require("one more was taken, or all before the disk was full") { server.seen.count >= 3 }
    // What was sent and not written is at most one.
    let written = try lanes.count(.delivered)
    #expect(server.seen.count - written <= 1)
    healed.set()
    try await require("all arrive") { try lanes.count(.delivered) == 6 }
    #expect(server.seen.map(\.id).sorted() == (1...6).map { "n-\($0)" })
    await lanes.end()
  }

  @Test("no field can end a header or a command", arguments: ["\r\n", "\n", "\r", "\u{2028}", "\u{0}", "\u{85}"])
  func injection(_ end: String) throws {
    let evil = "x\(end)Bcc: y@example.gov\(end)\(end)body"
    let from = try #require(Mailbox("vigil@city.example.gov"))
    let to = try #require(Mailbox("a@example.gov"))
    for text in ["a\(end)@example.gov", "a@example.gov\(end)", "a@exa\(end)mple.gov", "<a@example.gov>", "a@b c"] {
      #expect(Mailbox(text) == nil)
    }
    var dispatch = Sample.dispatch("n-1", .mail, "a@example.gov", subject: evil, text: evil)
    dispatch.language = evil
    let mail = String(decoding: MailMessage(from: from, to: to, sender: evil).bytes(dispatch), as: UTF8.self)
    let head = try #require(mail.firstRange(of: "\r\n\r\n")).lowerBound
    let names = mail[..<head].replacing("\r\n ", with: "").split(separator: "\r\n").map { $0.prefix { $0 != ":" } }
    #expect(
      names == [
        "From", "To", "Subject", "Date", "Message-ID", "X-Vigil-Id", "Auto-Submitted", "MIME-Version", "Content-Type",
        "Content-Language", "Content-Transfer-Encoding",
      ])
    dispatch.id = evil
    #expect(DispatchCheck.refusal(dispatch) != nil)
    dispatch.id = "n-1"
    dispatch.link = "https://x.example/\(end)Bcc: y"
    #expect(DispatchCheck.refusal(dispatch) != nil)
  }
}

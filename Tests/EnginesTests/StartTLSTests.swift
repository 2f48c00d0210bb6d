import Records
import Testing
import Wire

@testable import Engines

/// Each protocol's way to TLS: whole, byte by byte, cut at every length, refused.
@Suite struct StartTLSTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var kind: StartTLS
    /// What the server says, turn by turn.
    var turns: [[UInt8]]
    /// What ends it instead.
    var refusals: [[[UInt8]]]
    var testDescription: String { kind.rawValue }
  }

  private static func text(_ lines: String...) -> [UInt8] { Array((lines.joined(separator: "\r\n") + "\r\n").utf8) }
  private static let mysql: [UInt8] =
    [36, 0, 0, 0, 10] + Array("8.0".utf8) + [0] + [1, 0, 0, 0] + [UInt8](repeating: 1, count: 8) + [0, 0xff, 0xff]
    + [UInt8](repeating: 0, count: 16)

  static let cases = [
    Case(
      kind: .smtp,
      turns: [text("220-mail", "220 ready"), text("250-mail", "250-STARTTLS", "250 SIZE"), text("220 go")],
      refusals: [
        [text("554 no")], [text("220 a"), text("250 SIZE")], [text("220 a"), text("250 STARTTLS"), text("454 no")],
      ]),
    Case(
      kind: .imap, turns: [text("* OK IMAP4rev1"), text("* CAPABILITY x", "a1 OK begin")],
      refusals: [[text("* BYE")], [text("* OK"), text("a1 BAD no")]]),
    Case(
      kind: .pop3, turns: [text("+OK"), text("+OK begin")], refusals: [[text("-ERR")], [text("+OK"), text("-ERR")]]),
    Case(
      kind: .ftp, turns: [text("220-a", " b", "220 c"), text("234 go")],
      refusals: [[text("421 no")], [text("220 a"), text("502 no")]]),
    Case(
      kind: .ldap, turns: [[0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0]],
      refusals: [[[0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, 2, 4, 0, 4, 0]], [[0x30, 0x80]]]),
    Case(kind: .postgresql, turns: [[UInt8(ascii: "S")]], refusals: [[[UInt8(ascii: "N")]], [[UInt8(ascii: "E")]]]),
    Case(
      kind: .mysql, turns: [mysql],
      refusals: [[[9, 0, 0, 0, 0xff, 0x10, 4] + Array("Blocked".utf8).prefix(6)], [[0, 0, 0, 0]]]),
    Case(
      kind: .rdp, turns: [[3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 1, 0, 0, 0]],
      refusals: [
        [[3, 0, 0, 11, 6, 0xd0, 0, 0, 0x12, 0x34, 0]],
        [[3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, 3, 0, 8, 0, 2, 0, 0, 0]],
      ]),
  ]

  private static func play(_ kind: StartTLS, _ turns: [[UInt8]], drips: Bool) -> StartTLSDialogue.Action {
    var dialogue = StartTLSDialogue(kind)
    var last = StartTLSDialogue.Action.wait
    for turn in turns {
      for piece in drips ? turn.map({ [$0] }) : [turn] {
        last = dialogue.receive(piece)
        if case .refused = last { return last }
      }
    }
    return last
  }

  @Test("a dialogue ends where TLS begins, in one piece or in many", arguments: cases) func whole(dialogue: Case) {
    for drips in [false, true] {
      let end = Self.play(dialogue.kind, dialogue.turns, drips: drips)
      guard case .begin(let last) = end else {
        Issue.record("\(end)")
        continue
      }
      #expect(last.count == (dialogue.kind == .mysql ? 36 : 0))
    }
  }

  @Test("no cut dialogue leads to TLS", arguments: cases) func cut(dialogue: Case) throws {
    let last = try #require(dialogue.turns.last)
    // A line's end is its last byte; its CR alone ends nothing.
    for length in 0..<last.count {
      let end = Self.play(dialogue.kind, dialogue.turns.dropLast() + [Array(last.prefix(length))], drips: false)
      if case .begin = end { Issue.record("TLS after \(length) of \(last.count) bytes") }
    }
  }

  @Test("a refusal is known, and so are bytes that come too many", arguments: cases) func refused(dialogue: Case) {
    for turns in dialogue.refusals {
      let end = Self.play(dialogue.kind, turns, drips: false)
      guard case .refused = end else {
        Issue.record("\(end)")
        continue
      }
    }
    let injected = dialogue.turns.dropLast() + [(dialogue.turns.last ?? []) + [0x41]]
    #expect(Self.play(dialogue.kind, Array(injected), drips: false) == .refused("the server talks on after its answer"))
  }

  @Test("a server that talks without end is given up", arguments: StartTLS.allCases) func endless(kind: StartTLS) {
    var dialogue = StartTLSDialogue(kind)
    for _ in 0..<40 {
      if case .refused = dialogue.receive([UInt8](repeating: UInt8(ascii: "2"), count: 1024)) { return }
    }
    Issue.record("\(kind) is still listening")
  }

  @Test("every hello comes after the preamble", arguments: cases) func preamble(dialogue: Case) throws {
    let server = try LoopbackServer { peer in
      for (index, turn) in dialogue.turns.enumerated() {
        let speaksFirst = index == 0 && ![.ldap, .postgresql, .rdp].contains(dialogue.kind)
        if !speaksFirst, peer.receive().isEmpty { return }
        peer.send(turn)
      }
      var bytes = peer.receive()
      // MySQL's request comes together with the hello, or before it.
      if dialogue.kind == .mysql {
        while bytes.count <= 36 { bytes += peer.receive() }
        bytes.removeFirst(36)
      }
      guard let asked = TLSMock.read(bytes), asked.legacyVersion == 0x0303,
        !asked.extensions.versions.contains(0x0304), asked.cipherSuites.contains(0x009c)
      else { return peer.send(TLSMock.alert(70)) }
      peer.send(TLSMock.flight(TLSMock.Hello(suite: 0x009c)))
    }
    defer { server.stop() }
    let asked = ask(
      TLSEngine(), port: server.port, options: ScanOptions(startTLS: dialogue.kind.rawValue), settings: try settings())
    #expect(asked.fact("versions") == "TLS 1.2")
    #expect(asked.fact("suites of TLS 1.2") == "TLS_RSA_WITH_AES_128_GCM_SHA256")
    #expect(asked.answer("tls.version.tls1_0") == .no)
  }

  @Test("a server that offers no STARTTLS is never called safe") func notOffered() throws {
    let server = try LoopbackServer { peer in
      peer.send("220 mail\r\n")
      _ = peer.receive()
      peer.send("250 SIZE\r\n")
      peer.waitForEnd(milliseconds: 1000)
    }
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, options: ScanOptions(startTLS: "smtp"), settings: try settings())
    #expect(asked.result.reason == "STARTTLS (smtp): it is not offered" && asked.denied == [])
    #expect(server.connections == 1)
  }
}

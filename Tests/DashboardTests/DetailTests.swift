import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

/// Details compared with files under `Golden`.
@Suite("What is opened")
struct DetailTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var place: Model.Place
    var columns: Int
    var rows: Int
    var language: Language
    var testDescription: String { "\(name)-\(columns)x\(rows)-\(language.rawValue)" }
  }
  static let places: [(String, Model.Place)] = [
    ("row", .row(17)), ("finding", .row(18)), ("alert", .alert(row: 17, Samples.alertName)),
    ("site", .site("tax.example.gov")), ("organisation", .organisation("finance")),
    ("incident", .incident("2026-0007")), ("notice", .notice(2)), ("shift", .shift(11)),
  ]
  static let cases = places.flatMap { name, place in
    [(40, 12), (80, 24), (120, 40), (200, 60)].flatMap { size in
      Language.allCases.map { Case(name: name, place: place, columns: size.0, rows: size.1, language: $0) }
    }
  }

  @Test("each at every size, in both languages, with and without colour", arguments: cases)
  func details(_ golden: Case) throws {
    var model = Night.model(golden.columns, golden.rows)
    model.language = golden.language
    _ = model.go(golden.place)
    Night.answer(&model)
    try Golden.compare(
      View.draw(model, Night.look(golden.language)),
      colored: View.draw(model, Night.look(golden.language, .full)), golden.testDescription)
  }

  @Test("a packet whose bytes were kept is told and shown", arguments: [(80, 24), (120, 40)])
  func packet(_ size: (Int, Int)) throws {
    var detail = Samples.alertDetail
    let packet = Base64Text.of(KeptPacketTests.packet)
    detail.alerts[0].raw = "{\"event_type\":\"alert\",\"packet\":\"\(packet)\",\"packet_info\":{\"linktype\":1}}"
    var model = Night.model(size.0, size.1)
    _ = model.go(.alert(row: 17, AlertName(detail.alerts[0])))
    Night.answer(&model)
    _ = model.update(.answered(.row(17), detail))
    _ = model.update(.key(.end))
    try Golden.compare(View.draw(model, Night.look()), "packet-\(size.0)x\(size.1)-en")
  }

  @Test("everything that is behind a detail's first screen is reached by scrolling", arguments: places.map(\.0))
  func scrolled(_ name: String) throws {
    let place = try #require(Self.places.first { $0.0 == name }?.1)
    var model = Night.model(80, 24)
    _ = model.go(place)
    Night.answer(&model)
    let whole = DetailView.rows(model, 78, Night.look()).map { $0.pieces.map(\.piece.text).joined() }
    var seen: [String] = []
    for _ in 0..<400 {
      let grid = View.draw(model, Night.look())
      seen += (3..<22).map { String(grid.text($0).dropFirst().dropLast()) }
      _ = model.update(.key(.down))
    }
    for row in whole {
      #expect(seen.contains { $0.hasPrefix(row) }, "\"\(row)\" was never shown")
    }
    #expect(model.walk.scroll == max(whole.count - 19, 0))
  }

  @Test("every link of every detail leads to a place that is drawn, and back leads to the same lines")
  func links() throws {
    for (name, place) in Self.places {
      var model = Night.model(80, 24)
      _ = model.go(place)
      Night.answer(&model)
      let count = DetailView.rows(model, 78, Night.look()).compactMap(\.link).last.map { $0 + 1 } ?? 0
      #expect(count > 0 || name == "alert")
      for number in 0..<count {
        _ = model.update(.key(.tab))
        #expect(model.walk.link == number, "\(name)")
        let before = (model.walk.link, model.walk.scroll)
        let target = try #require(model.chosenLink)
        _ = model.update(.key(.enter))
        #expect(model.place == target)
        if let main = model.question(of: target) {
          #expect(model.wants.contains { $0.question == main }, "\(name) leads to what nobody asks")
        }
        _ = View.draw(model, Night.look(.zh))
        _ = model.update(.key(.character("[")))
        #expect(model.place == place && (model.walk.link, model.walk.scroll) == before, "\(name)")
      }
    }
  }

  @Test("what the hub refuses is said in the place of what it would have said")
  func refused() {
    var model = Night.model(80, 24)
    _ = model.go(.site("gone.example.cn"))
    _ = model.update(.refused(.site("gone.example.cn"), BilingualText("no site is called gone.example.cn")))
    let text = Golden.rows(View.draw(model, Night.look()))
    #expect(text.contains("! no site is called gone.example.cn"))
  }
}

@Suite("Packets that were kept")
struct KeptPacketTests {
  /// A request of 20 bytes in TCP in IPv4 in a VLAN in Ethernet.
  static let packet: [UInt8] =
    [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, 7, 8, 0]
    + [0x45, 0, 0, 60, 0, 9, 0x40, 0, 64, 6, 0, 0, 198, 51, 100, 9, 192, 0, 2, 7]
    + [0x9c, 0x56, 0, 80, 0, 0, 0, 5, 0, 0, 0, 9, 0x50, 0x18, 1, 0, 0, 0, 0, 0]
    + Array("GET / HTTP/1.1\r\n\u{1b}[2J".utf8)

  private func record(_ packet: String, link: Int = 1) -> String {
    "{\"event_type\":\"alert\",\"packet\":\"\(packet)\",\"packet_info\":{\"linktype\":\(link)}}"
  }

  @Test("its heads are told, and its bytes stand in hexadecimal; no byte reaches the terminal as it is")
  func decoded() {
    let kept = KeptPacket(record: record(Base64Text.of(Self.packet)))
    #expect(kept.packet == .kept(Self.packet) && kept.link == .ethernet)
    let heads = PacketHeads.lines(Self.packet, link: .ethernet)
    #expect(
      heads.map(\.text) == [
        "02:00:00:00:00:02 > 02:00:00:00:00:01", "7", "198.51.100.9 > 192.0.2.7, ttl 64, id 9, 60 bytes",
        "40022 > 80, ACK PSH, seq 5, ack 9, window 256, 20 bytes of data",
      ])
    let rows = HexDump.rows(Self.packet, width: 16)
    #expect(rows.count == 5 && rows[0].hex.hasPrefix("02 00 00 00 00 01") && rows[3].offset == "0030")
    #expect(rows.map(\.text).joined().contains("GET / HTTP/1.1...[2J"))
    #expect(rows.allSatisfy { $0.hex.count == 47 })
  }

  @Test("cut at any length it is told as far as it goes", arguments: 0...packet.count)
  func cut(_ length: Int) {
    for link: UInt16 in [1, 101, 113, 9999] {
      let heads = PacketHeads.lines(Array(Self.packet.prefix(length)), link: LinkType(rawValue: link))
      #expect(heads.count <= 6 && !heads.isEmpty)
    }
  }

  @Test("what masking took out is said to be gone, and what is no base64 is no packet")
  func removed() {
    #expect(KeptPacket(record: record("[removed: 104 characters]")).packet == .removed(104))
    for text in ["A", "AA=A", "====", "A===", "AB==", "你好==", "QUJD\\n"] {
      #expect(KeptPacket(record: record(text)).packet == .none, "\(text)")
    }
    #expect(KeptPacket(record: "{").packet == .none && KeptPacket(record: nil).packet == .none)
  }

  @Test("base64 of any bytes reads back to them", arguments: 0...66)
  func roundTrip(_ count: Int) {
    var random = SeededRandom(seed: UInt64(count))
    let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(Base64Text.bytes(of: Base64Text.of(bytes)) == bytes)
  }
}

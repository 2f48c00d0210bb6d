import Testing
import Wire

@Suite struct DNSMessageTests {
  private func read(_ bytes: [UInt8]) -> DNSMessage? { unsafe DNSMessage(bytes.span.bytes) }

  @Test("a written query reads back") func roundTrip() throws {
    let bytes = try #require(DNSQueryWriter.query(name: "www.Example.com.", type: .https, id: 0x1234))
    let message = try #require(read(bytes))
    #expect(message.header.id == 0x1234)
    #expect(message.faults.isEmpty)
    #expect(message.questions.map { String(decoding: message.name($0.name), as: UTF8.self) } == ["www.Example.com"])
    #expect(message.questions.first?.type == .https)
    #expect(message.records.first?.type == .opt)
  }
  @Test("every truncation is a fault, none a trap") func truncated() throws {
    let bytes = try #require(DNSQueryWriter.query(name: "www.example.com", type: .a, id: 1))
    for length in 0..<bytes.count {
      let message = read(Array(bytes.prefix(length)))
      if length < 12 { #expect(message == nil) } else { #expect(message?.faults.isEmpty == false) }
    }
  }
  @Test("a name that points at itself ends") func loop() throws {
    let message = try #require(read([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1]))
    #expect(message.faults.contains(.loop))
  }
  @Test("a label over 63 bytes is not written") func label() {
    #expect(DNSQueryWriter.query(name: String(repeating: "a", count: 64), type: .a, id: 1) == nil)
  }
}

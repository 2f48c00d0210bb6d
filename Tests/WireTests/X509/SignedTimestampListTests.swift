import Testing
import Wire

@Suite struct SignedTimestampListTests {
  private static func item(_ log: UInt8, version: UInt8 = 0, extensions: [UInt8] = [0, 0]) -> [UInt8] {
    let body =
      [version] + [UInt8](repeating: log, count: 32) + [0, 0, 1, 0x9a, 0, 0, 0, 5] + extensions + [4, 3]
      + [0, 3, 0x30, 1, 0]
    return [0, UInt8(body.count)] + body
  }
  private static func list(_ items: [[UInt8]]) -> [UInt8] {
    let body = items.flatMap(\.self)
    return [UInt8(body.count >> 8), UInt8(body.count & 255)] + body
  }
  private func read(_ bytes: [UInt8]) -> SignedTimestampList? { unsafe SignedTimestampList(bytes.span.bytes) }

  @Test("a list says which logs signed, and when") func whole() throws {
    let list = try #require(read(Self.list([Self.item(1), Self.item(2, extensions: [0, 1, 9]), Self.item(1)])))
    #expect(list.timestamps.count == 3)
    #expect(list.logs.count == 2)
    #expect(list.timestamps[0].milliseconds == 0x19a_0000_0005)
    #expect(list.timestamps[0].hashAlgorithm == 4 && list.timestamps[0].signatureAlgorithm == 3)
  }

  @Test("one of an unknown version is counted, not read") func versions() throws {
    let list = try #require(read(Self.list([Self.item(1, version: 1), [0, 1, 7], Self.item(2)])))
    #expect(list.timestamps.count == 1 && list.unknownVersions == 2)
  }

  @Test("no truncation, no tail, nothing empty and nothing without end is a list") func strict() {
    let bytes = Self.list([Self.item(1), Self.item(2)])
    for length in 0..<bytes.count { #expect(read(Array(bytes.prefix(length))) == nil, "\(length)") }
    #expect(read(bytes + [0]) == nil)
    #expect(read([0, 0]) == nil)
    #expect(read([0, 2, 0, 0]) == nil)
    #expect(read(Self.list([Array(Self.item(1).dropLast())])) == nil)
    #expect(read(Self.list((0..<65).map { Self.item($0) })) == nil)
  }
}

import Testing
import Wire

@Suite struct SSLv2HelloTests {
  @Test("a written SSLv2 hello reads back, and every truncation that cuts its specs is refused")
  func roundTrip() throws {
    let record = SSLv2ClientHelloWriter(challenge: [UInt8](repeating: 0x5a, count: 16)).record()
    #expect(record.prefix(11) == [0x80, 46, 1, 0, 2, 0, 21, 0, 0, 0, 16])
    let read = unsafe SSLv2ClientHello(record.span.bytes)
    let hello = try #require(read)
    #expect(hello.version == 2 && hello.length == record.count)
    #expect(hello.cipherSpecs == SSLv2ClientHelloWriter.everySpec)
    #expect(hello.challengeLength == 16 && hello.sessionIDLength == 0)
    for length in 0..<11 + 21 {
      let cut = Array(record.prefix(length))
      let read = unsafe SSLv2ClientHello(cut.span.bytes)
      #expect(read == nil, "\(length)")
    }
  }

  /// A certificate of 2 bytes, one spec, a connection id of 4.
  static let answer: [UInt8] = [0x80, 20, 4, 0, 1, 0, 2, 0, 2, 0, 3, 0, 4, 1, 2, 7, 0, 0xc0, 5, 6, 7, 8]

  @Test("an SSLv2 server hello is known by its fixed part, no less")
  func server() throws {
    let read = unsafe SSLv2ServerHello(Self.answer.span.bytes)
    let hello = try #require(read)
    #expect(hello.version == 2 && !hello.isSessionHit)
    #expect(hello.certificateLength == 2 && hello.cipherSpecsLength == 3 && hello.connectionIDLength == 4)
    for length in Self.answer.indices {
      let cut = Array(Self.answer.prefix(length))
      let read = unsafe SSLv2ServerHello(cut.span.bytes)
      #expect((read != nil) == (length >= SSLv2ServerHello.fixedLength), "\(length)")
      let starts = unsafe SSLv2ServerHello.starts(cut.span.bytes)
      #expect(starts == (length >= 3))
    }
  }
  @Test(
    "an SSLv2 server hello of impossible values is refused",
    arguments: [(0, 0), (1, 19), (1, 21), (2, 1), (6, 3), (8, 3), (10, 4), (12, 5)] as [(Int, UInt8)])
  func impossible(index: Int, value: UInt8) {
    var bytes = Self.answer
    bytes[index] = value
    let read = unsafe SSLv2ServerHello(bytes.span.bytes)
    #expect(read == nil)
  }
}

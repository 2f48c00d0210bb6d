import Testing
import Wire

@Suite struct TLSServerMessageTests {
  /// TLS 1.2, suite c02f, renegotiation info; then what HelloRetryRequest says: TLS 1.3, suite 1301, group x25519.
  static let hello: [UInt8] =
    [3, 3] + [UInt8](repeating: 7, count: 32) + [2, 9, 9, 0xc0, 0x2f, 1, 0, 5, 0xff, 1, 0, 1, 0]
  static let retry: [UInt8] =
    [3, 3] + TLSServerHello.retryRandom + [0, 0x13, 1, 0, 0, 12, 0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29]

  @Test("a server hello gives suite, compression and secure renegotiation")
  func classic() throws {
    let read = unsafe TLSServerHello(Self.hello.span.bytes)
    let hello = try #require(read)
    #expect(hello.version == .tls12 && hello.suite.rawValue == 0xc02f && hello.compression == 1)
    #expect(hello.sessionID == [9, 9] && hello.group == nil)
    #expect(hello.extensions.hasRenegotiationInfo && !hello.isRetryRequest)
    var plain = Self.hello
    plain[42] = 0
    let other = unsafe TLSServerHello(plain.span.bytes)
    #expect(other?.extensions.hasRenegotiationInfo == false)
    #expect(other != hello)
  }
  @Test("a HelloRetryRequest names its version, suite and group")
  func retryRequest() throws {
    let read = unsafe TLSServerHello(Self.retry.span.bytes)
    let hello = try #require(read)
    #expect(hello.isRetryRequest && hello.version == .tls13)
    #expect(hello.suite.rawValue == 0x1301 && hello.group == TLSGroup.x25519.rawValue)
  }
  @Test("a server hello cut at any length is refused, or is one without extensions", arguments: [hello, retry])
  func truncated(body: [UInt8]) {
    let fixed = 38 + Int(body[34])
    for length in 0..<body.count {
      let cut = Array(body.prefix(length))
      let read = unsafe TLSServerHello(cut.span.bytes)
      #expect((read != nil) == (length == fixed), "\(length)")
      #expect(read?.extensions.types.isEmpty != false)
    }
  }
  @Test("an extension that runs past the block's end is told from one that cannot be read")
  func faults() throws {
    func faults(_ block: [UInt8]) throws -> TLSExtensions.Faults {
      let body = Self.hello.prefix(40) + [0, UInt8(block.count)] + block
      let read = unsafe TLSServerHello(Array(body).span.bytes)
      return try #require(read).extensions.faults
    }
    #expect(try faults([0xff, 1, 0, 2, 0]) == [.malformed, .cut])
    #expect(try faults([0xff, 1]) == [.malformed, .cut])
    #expect(try faults([0, 11, 0, 1, 5]) == .malformed)
    #expect(try faults([0xff, 1, 0, 1, 0]) == [])
  }

  @Test("a certificate list keeps its order and its limit, and every truncation is refused")
  func certificates() throws {
    let body: [UInt8] = [0, 0, 9, 0, 0, 3, 1, 2, 3, 0, 0, 0]
    let whole = unsafe TLSCertificateList(body.span.bytes)
    #expect(whole?.certificates == [[1, 2, 3], []])
    let one = unsafe TLSCertificateList(body.span.bytes, limit: 1)
    #expect(one?.certificates == [[1, 2, 3]])
    for length in 0..<body.count {
      let cut = Array(body.prefix(length))
      let read = unsafe TLSCertificateList(cut.span.bytes)
      #expect(read == nil, "\(length)")
    }
  }

  @Test(
    "the bits of a DH prime are counted without its leading zeros",
    arguments: [([0x80], 8), ([1], 1), ([0, 0, 0x7f, 0xff], 15), ([0], 0), ([0xff, 0], 16)] as [([UInt8], Int)])
  func primeBits(prime: [UInt8], bits: Int) throws {
    let body = [0, UInt8(prime.count)] + prime + [0, 1, 2, 0, 3, 4, 5, 6]
    let read = unsafe TLSServerDHParameters(body.span.bytes)
    let parameters = try #require(read)
    #expect(parameters.primeBits == bits && parameters.generator == [2] && parameters.publicValueLength == 3)
    for length in 0..<body.count {
      let cut = Array(body.prefix(length))
      let read = unsafe TLSServerDHParameters(cut.span.bytes)
      #expect(read == nil, "\(length)")
    }
  }
  @Test("DH parameters without a prime are refused")
  func noPrime() {
    let body: [UInt8] = [0, 0, 0, 1, 2, 0, 1, 4]
    let read = unsafe TLSServerDHParameters(body.span.bytes)
    #expect(read == nil)
  }

  @Test("a handshake header is four bytes, its length three of them")
  func header() {
    let bytes: [UInt8] = [11, 1, 2, 3, 9]
    let read = unsafe TLSHandshakeHeader(bytes.span.bytes)
    #expect(read?.type == 11 && read?.bodyLength == 0x010203)
    for length in 0..<4 {
      let cut = Array(bytes.prefix(length))
      let read = unsafe TLSHandshakeHeader(cut.span.bytes)
      #expect(read == nil)
    }
  }
}

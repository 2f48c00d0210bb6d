import Testing
import Wire

@testable import AppLayer

@Suite struct DNSTests {
  static func query(_ name: String) -> [UInt8] { DNSQueryWriter.query(name: name, type: .a, id: 7) ?? [] }
  static var response: [UInt8] {
    var bytes = query("www.example.com")
    bytes[2] = 0x81
    bytes[3] = 0x80
    bytes[7] = 1
    bytes[11] = 0
    bytes.removeLast(11)
    return bytes + [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]
  }
  func udp() -> AppSession { AppSession(transport: .udp, sourcePort: 5000, destinationPort: 53) }

  @Test("a query and its response are two transactions")
  func pair() throws {
    let session = udp()
    session.feed(Self.query("www.example.com"), .toServer)
    session.feed(Self.response, .toClient)
    #expect(session.transactions.count == 2)
    #expect(session.transactions[0].text(.dnsQuery) == "www.example.com")
    #expect(session.transactions[0].isComplete)
    #expect(session.transactions[1].text(.dnsAnswersName, .toClient) == "www.example.com")
    let answer = try #require((session.transactions[1] as? DNSTransaction)?.message.records.first)
    guard case .address(let address) = answer.data else { return #expect(Bool(false)) }
    #expect(address.description == "192.0.2.1")
  }

  @Test("over TCP messages are found however they are cut")
  func stream() {
    func framed(_ bytes: [UInt8]) -> [UInt8] { [0, UInt8(bytes.count)] + bytes }
    let steps: [Step] = [
      .client(framed(Self.query("a.example")) + framed(Self.query("b.example"))), .server(framed(Self.response)),
    ]
    #expect(TransactionVerifier.differences(steps, port: 53) == [])
  }

  @Test("the reserved bit, odd opcodes and wrong ways are told")
  func events() {
    let session = udp()
    session.feed(Self.query("a.example"), .toServer)
    var odd = Self.query("a.example")
    odd[3] |= 0x40
    session.feed(odd, .toServer)
    odd[2] = 0x78
    session.feed(odd, .toServer)
    session.feed(Self.response, .toServer)
    #expect(session.eventNames == ["dns.z_flag_set", "dns.invalid_opcode", "dns.not_request"])
  }
}

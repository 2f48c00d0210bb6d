import Testing
import Wire

@testable import Sensor

@Suite("Community ID")
struct CommunityIDTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var source: String
    var destination: String
    var ports: (UInt16, UInt16)
    var transport: TransportProtocol
    var expected: String
    var seed: UInt16 = 0
    var testDescription: String { "\(source):\(ports.0) \(destination):\(ports.1) protocol \(transport.rawValue)" }
  }

  /// Recomputed by hashlib from the specification's layout; the first is its first example.
  static let cases: [Case] = [
    Case(
      source: "128.232.110.120", destination: "66.35.250.204", ports: (34855, 80), transport: .tcp,
      expected: "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
    Case(
      source: "10.0.0.1", destination: "10.0.0.2", ports: (10, 20), transport: .tcp,
      expected: "1:9j2Dzwrw7T9E+IZi4b4IVT66HBI="),
    Case(
      source: "192.168.1.52", destination: "8.8.8.8", ports: (54585, 53), transport: .udp,
      expected: "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
    Case(
      source: "10.0.0.9", destination: "10.0.0.9", ports: (5000, 400), transport: .udp,
      expected: "1:3wPLUtfmK/Q4izMpO9RGQKsKU3Q="),
    Case(
      source: "2001:db8::2", destination: "2001:db8::1", ports: (49152, 443), transport: .tcp,
      expected: "1:AWe2RG4yndo64AjYpjoWtwpbz9Q="),
    Case(
      source: "192.168.0.89", destination: "192.168.0.1", ports: (8, 0), transport: .icmp,
      expected: "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
    Case(
      source: "192.168.0.1", destination: "192.168.0.89", ports: (0, 0), transport: .icmp,
      expected: "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
    Case(
      source: "192.168.0.1", destination: "10.0.0.1", ports: (3, 1), transport: .icmp,
      expected: "1:J72tC0uI8LQKwJwyDekNZ5MrU/I="),
    Case(
      source: "3ffe:507:0:1:200:86ff:fe05:80da", destination: "3ffe:501:0:1001::2", ports: (135, 0), transport: .icmpv6,
      expected: "1:E7R8wqNzrFGFd0EXW9Wxfs/qd2k="),
    Case(
      source: "128.232.110.120", destination: "66.35.250.204", ports: (34855, 80), transport: .tcp,
      expected: "1:3V71V58M3Ksw/yuFALMcW0LAHvc=", seed: 1),
  ]

  @Test("a flow has the specification's id, from both ends", arguments: cases)
  func known(flow: Case) throws {
    let tuple = FiveTuple(
      source: try #require(IPAddress(flow.source)), destination: try #require(IPAddress(flow.destination)),
      sourcePort: flow.ports.0, destinationPort: flow.ports.1, transport: flow.transport)
    let id = CommunityID(seed: flow.seed)
    if flow.transport == .icmp || flow.transport == .icmpv6 {
      let kind = (type: UInt8(flow.ports.0), code: UInt8(flow.ports.1))
      #expect(id.text(tuple, icmp: kind) == flow.expected)
    } else {
      #expect(id.text(tuple, icmp: nil) == flow.expected)
      #expect(id.text(tuple.reversed, icmp: nil) == flow.expected)
    }
  }
}

import AppLayer
import Decode
import RuleLanguage
import Testing
import Wire

@testable import Detection

/// Rules about HTTP transactions, fed as bytes through a real session.
@Suite struct TransactionRuleTests {
  private static let request =
    "GET /shop/Cart?id=7 HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: curl/8\r\n\r\n"
  private static let response = "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 5\r\n\r\nhello"

  /// The sids that alert on one request and its response, in order.
  private func alerts(_ rules: String) throws -> [UInt32] {
    let bench = try Bench(rules)
    let session = AppSession(transport: .tcp, sourcePort: 40_000, destinationPort: 80)
    var sids: [UInt32] = []
    for (text, direction) in [(Self.request, Direction.toServer), (Self.response, .toClient)] {
      let bytes = Array(text.utf8)
      var flow = FlowContext(slot: 3, direction: direction)
      flow.isEstablished = true
      let isOut = direction == .toServer
      let packet = bench.packet(
        .tcp, from: isOut ? "10.0.0.1" : "8.8.8.8", to: isOut ? "8.8.8.8" : "10.0.0.1",
        ports: isOut ? (40_000, 80) : (80, 40_000)
      ) { $0.tcpFlags = 0x18 }
      bench.detector.begin(packet, flow)
      unsafe session.receive(bytes.span.bytes, direction, at: packet.timestamp)
      flow.appProtocol = session.proto.rawValue
      unsafe bench.detector.append(bytes.span.bytes, at: 0, gap: 0, isEnd: false, slot: 3, direction: direction)
      unsafe bench.detector.inspect(bytes.span.bytes, flow)
      for transaction in session.transactions {
        unsafe bench.detector.inspect(transaction, .toServer, bytes.span.bytes)
        unsafe bench.detector.inspect(transaction, .toClient, bytes.span.bytes)
      }
      bench.detector.finish()
      sids += bench.sids
    }
    return sids
  }

  @Test(
    "a buffer's rule alerts once a transaction, and not for what nearly fits",
    arguments: [
      (#"http.uri; content:"/shop/"; startswith;"#, #"http.uri; content:"/Shop/"; startswith;"#),
      (#"http.method; content:"GET"; http.host; content:"example.com"; endswith;"#, #"http.method; content:"POST";"#),
      (#"http.uri; content:"cart"; nocase; http.user_agent; content:"curl"; bsize:6;"#, #"http.user_agent; bsize:5;"#),
      (#"http.host; dotprefix; content:".example.com"; endswith;"#, #"http.host; content:".example.com"; startswith;"#),
      (#"http.uri; to_lowercase; content:"/shop/cart";"#, #"http.uri; content:"/shop/cart";"#),
      (#"http.stat_code; content:"200"; http.server; content:"nginx";"#, #"http.stat_code; content:"404";"#),
      (#"file.data; content:"hello";"#, #"file.data; content:"hullo";"#),
      (#"http.referer; absent;"#, #"http.host; absent;"#),
      (
        #"http.referer; absent:or_else; content:!"x"; http.uri; content:"shop";"#,
        #"http.referer; content:!"x"; http.uri; content:"shop";"#
      ),
      (#"urilen:15; http.method; content:"GET";"#, #"urilen:14; http.method; content:"GET";"#),
      (#"http.uri; content:"id="; pcre:"/^\d$/R";"#, #"http.uri; content:"id="; pcre:"/^\d\d/R";"#),
    ])
  func buffers(_ hit: String, _ miss: String) throws {
    #expect(
      try alerts("alert http any any -> any any (\(hit) sid:1;)\nalert http any any -> any any (\(miss) sid:2;)") == [1]
    )
  }

  @Test("bits set by the request are seen by rules on the response")
  func bits() throws {
    let rules = """
      alert http any any -> any any (http.uri; content:"shop"; flowbits:set,shop; noalert; sid:1;)
      alert http any any -> any any (http.stat_code; content:"200"; flowbits:isset,shop; sid:2;)
      alert http any any -> any any (http.stat_code; content:"200"; flowbits:isset,other; sid:3;)
      """
    #expect(try alerts(rules) == [2])
  }

  @Test("a rule for a protocol without buffers holds for each packet of such a flow")
  func protocolOnly() throws {
    #expect(
      try alerts("alert http any any -> any any (flow:to_server; sid:1;)\nalert tls any any -> any any (sid:2;)") == [1]
    )
  }
}

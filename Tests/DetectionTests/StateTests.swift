import Decode
import RuleLanguage
import Testing
import Wire

@testable import Detection

@Suite struct StateTests {
  private func flow(_ direction: Direction = .toServer, slot: Int32 = 1) -> FlowContext {
    var flow = FlowContext(slot: slot, direction: direction)
    flow.isEstablished = true
    return flow
  }

  @Test("a rule that sets a bit runs before one that asks for it, whatever their place in the file")
  func order() throws {
    let bench = try Bench(
      """
      alert udp any any -> any any (content:"b"; flowbits:isset,x; sid:2;)
      alert udp any any -> any any (content:"a"; flowbits:set,x; flowbits:noalert; sid:1;)
      """)
    #expect(bench.send("b", flow: flow()) == [])
    #expect(bench.send("ab", flow: flow()) == [2])
    #expect(bench.send("b", flow: flow(.toClient)) == [2])
    #expect(bench.send("b", flow: flow(slot: 2)) == [])
    bench.detector.flowEnded(1)
    #expect(bench.send("b", flow: flow()) == [])
  }

  @Test("unset, toggle, isnotset and lists of bits")
  func bits() throws {
    let bench = try Bench(
      """
      alert udp any any -> any any (content:"s"; flowbits:set,x; sid:1;)
      alert udp any any -> any any (content:"u"; flowbits:unset,x; sid:2;)
      alert udp any any -> any any (content:"t"; flowbits:toggle,x; sid:3;)
      alert udp any any -> any any (content:"?"; flowbits:isset,y|x; sid:4;)
      alert udp any any -> any any (content:"!"; flowbits:isnotset,x; sid:5;)
      """)
    #expect(bench.send("?!", flow: flow()) == [5])
    #expect(bench.send("s", flow: flow()) == [1])
    #expect(bench.send("?!", flow: flow()) == [4])
    #expect(bench.send("u", flow: flow()) == [2])
    #expect(bench.send("?!", flow: flow()) == [5])
    #expect(bench.send("t", flow: flow()) == [3])
    #expect(bench.send("?!", flow: flow()) == [4])
  }

  @Test("flowint counts, compares and knows what was never set")
  func counters() throws {
    let bench = try Bench(
      """
      alert udp any any -> any any (content:"+"; flowint:n,+,1; noalert; sid:1;)
      alert udp any any -> any any (content:"?"; flowint:n,>=,2; sid:2;)
      alert udp any any -> any any (content:"?"; flowint:n,notset; sid:3;)
      """)
    #expect(bench.send("?", flow: flow()) == [3])
    _ = bench.send("+", flow: flow())
    #expect(bench.send("?", flow: flow()) == [])
    _ = bench.send("+", flow: flow())
    #expect(bench.send("?", flow: flow()) == [2])
  }

  @Test("an xbit is a mark on the address until its time")
  func xbits() throws {
    let bench = try Bench(
      """
      alert udp any any -> any any (content:"s"; xbits:set,bad,track ip_src,expire 10; sid:1;)
      alert udp any any -> any any (content:"?"; xbits:isset,bad,track ip_src; sid:2;)
      """)
    #expect(bench.send("s") == [1])
    #expect(bench.send("?") == [2])
    #expect(bench.send(Array("?".utf8), from: "10.0.0.2") == [])
    bench.time += 11
    #expect(bench.send("?") == [])
  }

  @Test(
    "thresholds let through what their type says of eight matches, and again after their time",
    arguments: [
      ("type limit, track by_src, count 2, seconds 60", [1, 2]),
      ("type threshold, track by_src, count 3, seconds 60", [3, 6]),
      ("type both, track by_src, count 3, seconds 60", [3]),
    ])
  func thresholds(_ threshold: String, _ expected: [Int]) throws {
    let bench = try Bench("alert udp any any -> any any (content:\"a\"; threshold:\(threshold); sid:1;)")
    for _ in 0..<2 {
      let alerted = (1...8).filter { _ in bench.send("a") == [1] }
      #expect(alerted == expected)
      bench.time += 61
    }
    #expect(bench.send(Array("a".utf8), from: "10.9.9.9") == (expected[0] == 1 ? [1] : []))
  }

  @Test("a detection filter alerts above its count")
  func detectionFilter() throws {
    let bench = try Bench(
      "alert udp any any -> any any (content:\"a\"; detection_filter:track by_dst, count 3, seconds 60; sid:1;)")
    #expect((1...6).filter { _ in bench.send("a") == [1] } == [4, 5, 6])
  }

  @Test("a pass rule silences what stands behind it in the same packet")
  func pass() throws {
    let bench = try Bench(
      """
      alert udp any any -> any any (content:"a"; sid:1;)
      pass udp any any -> any any (content:"p"; sid:2;)
      """)
    #expect(bench.send("a") == [1])
    #expect(bench.send("ap") == [])
    #expect(bench.send("a") == [1])
  }

  @Test("hits come by priority, then by place; at most fifteen in a packet")
  func ordering() throws {
    let many = (1...20).map { "alert udp any any -> any any (content:\"a\"; priority:\($0 % 2 + 1); sid:\($0);)" }
    let bench = try Bench(many.joined(separator: "\n"))
    #expect(bench.send("a") == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 1, 3, 5, 7, 9])
    #expect(bench.detector.counters.alertsOverflowed == 5)
  }

  @Test("address-only rules alert once per direction of a flow, and only for addresses they list")
  func addresses() throws {
    let bench = try Bench(
      """
      alert ip [1.2.3.0/24,9.9.9.9] any -> any any (sid:1;)
      alert tcp any any -> any any (flow:to_server; ttl:64; sid:2;)
      """)
    #expect(bench.send(Array("x".utf8), flow: flow(), from: "1.2.3.4") == [1])
    #expect(bench.send(Array("x".utf8), flow: flow(), from: "1.2.3.4") == [])
    #expect(bench.send(Array("x".utf8), from: "1.2.4.0") == [])
    #expect(bench.send(Array("x".utf8), flow: flow(slot: 9), .tcp) == [2])
    #expect(bench.send(Array("x".utf8), flow: flow(slot: 9), .tcp) == [2])
    #expect(bench.send(Array("x".utf8), flow: flow(.toClient, slot: 9), .tcp) == [])
  }
}

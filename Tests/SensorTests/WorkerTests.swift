import Capture
import Flow
import Records
import Sensor
import TestSupport
import Testing
import Wire

/// Copies of what goes to the hub.
private final class Collector: AlertSink {
  var lines: [String] = []
  /// Rules and alerts as they came: `rule 1`, `alert`.
  var order: [String] = []
  var texts: [RuleText] = []
  /// So many rules are refused first.
  var refusals = 0

  func alert(_ line: UnsafeRawBufferPointer) {
    unsafe lines.append(String(decoding: line, as: UTF8.self))
    order.append("alert")
  }
  func rule(_ text: RuleText) -> Bool {
    order.append("rule \(text.sid)")
    guard refusals == 0 else {
      refusals -= 1
      return false
    }
    texts.append(text)
    return true
  }
}

@Suite("A worker, packets to lines")
struct WorkerTests {
  @Test("a rule alerts once a transaction, under its number")
  func transactions() throws {
    var tap = Tap()
    tap.rules = try Tap.compile(
      """
      alert http any any -> any any (msg:"bad"; flow:established,to_server; http.uri; content:"/bad"; sid:1;)
      """)
    let requests = [("/good", ""), ("/bad/1", ""), ("/good", ""), ("/bad/2", "")]
    let events = try tap.events(Talks.http(requests))
    let alerts = events.filter { $0.at("event_type") == "alert" }
    #expect(alerts.map { $0.at("tx_id") } == ["1", "3"])
    #expect(alerts.map { $0.at("http.url") } == ["/bad/1", "/bad/2"])
    let http = events.filter { $0.at("event_type") == "http" }
    #expect(http.map { $0.at("tx_id") } == ["0", "1", "2", "3"])
    let flow = try #require(events.first { $0.at("event_type") == "flow" })
    #expect(flow.at("flow.tx_cnt") == "4" && flow.at("flow.alerted") == "true")
    #expect(Set(events.map { $0.at("flow_id") }).count == 1)
  }

  @Test("a stream rule alerts once, however the stream is cut", arguments: [1, 2, 3, 7, 1400])
  func segments(size: Int) throws {
    var tap = Tap()
    tap.rules = try Tap.compile(
      #"alert tcp any any -> any 9000 (msg:"s"; flow:established,to_server; content:"needle"; content:"end"; distance:0; sid:1;)"#
    )
    var talk = ConversationBuilder(to: PacketEnd("198.51.100.20", 9000))
    talk.segmentSize = size
    talk.handshake()
    talk.client("some needle and some end")
    talk.server("ok")
    talk.close()
    #expect(try tap.events(talk.packets, "alert").count == 1)
  }

  @Test("a flow record counts packets and bytes of both directions")
  func counts() throws {
    let packets = Talks.http()
    let flow = try #require(try Tap().events(packets, "flow").first)
    let sizes = packets.map(\.bytes.count)
    let toServer = [0, 2, 3, 6, 7, 9].map { sizes[$0] }
    #expect(flow.at("flow.pkts_toserver") == "\(toServer.count)")
    #expect(flow.at("flow.pkts_toclient") == "\(packets.count - toServer.count)")
    #expect(flow.at("flow.bytes_toserver") == "\(toServer.reduce(0, +))")
    #expect(flow.at("flow.bytes_toclient") == "\(sizes.reduce(0, +) - toServer.reduce(0, +))")
  }

  @Test("a flow that nobody speaks on any more ends when time passes, and is written then")
  func idle() throws {
    let worker = try Tap().worker()
    worker.feed(Talks.http(close: false))
    #expect(!worker.lines.contains { $0.contains(#""event_type":"flow""#) })
    // One call turns the wheel a bounded way.
    for _ in 0..<200 { worker.idle(at: Timestamp(seconds: 1_700_000_000 + 3600)) }
    let flow = try #require(worker.lines.first { $0.contains(#""event_type":"flow""#) })
    #expect(flow.contains(#""reason":"timeout""#) && worker.flows.count == 0)
  }

  @Test("alerts reach the sink as the lines of the file, also where the file has none of them")
  func sink() throws {
    for isWritten in [true, false] {
      var tap = Tap { $0.eve.alert.enabled = isWritten }
      tap.rules = try Tap.compile(#"alert udp any any -> any any (msg:"d"; content:"www"; sid:1;)"#)
      let worker = try tap.worker()
      let sink = Collector()
      worker.alertSink = sink
      worker.feed(Talks.dns())
      worker.finish()
      let written = worker.lines.filter { $0.contains(#""event_type":"alert""#) }
      #expect(sink.lines.count == 2 && worker.counters.alerts == 2)
      #expect(written == (isWritten ? sink.lines : []))
    }
  }

  @Test("a rule's text comes before its first alert, once, and again where it was not taken")
  func ruleTexts() throws {
    let text = #"alert udp any any -> any any (msg:"d"; content:"www"; sid:4; rev:2;)"#
    var tap = Tap()
    tap.rules = try Tap.compile(text)
    for refusals in [0, 1] {
      let worker = try tap.worker()
      let sink = Collector()
      sink.refusals = refusals
      worker.alertSink = sink
      worker.feed(Talks.dns())
      worker.finish()
      #expect(sink.order == (refusals == 0 ? ["rule 4", "alert", "alert"] : ["rule 4", "alert", "rule 4", "alert"]))
      #expect(sink.texts == [RuleText(gid: 1, sid: 4, rev: 2, text: text)])
    }
  }

  @Test("an alert carries its rule's text where rule: raw asks for it")
  func rawRule() throws {
    let text = #"alert udp any any -> any any (msg:"d"; content:"www"; sid:4;)"#
    for isAsked in [true, false] {
      var tap = Tap { $0.eve.alert.ruleText = isAsked }
      tap.rules = try Tap.compile(text)
      let alert = try #require(try tap.events(Talks.dns(), "alert").first)
      #expect(alert.at("alert.rule") == (isAsked ? text : nil))
    }
  }

  @Test("a packet raises no more alerts than it may")
  func manyAlerts() throws {
    var tap = Tap()
    tap.rules = try Tap.compile(
      (1...40).map { #"alert udp any any -> any any (msg:"d"; content:"www"; sid:\#($0);)"# }.joined(separator: "\n"))
    let alerts = try tap.events(Array(Talks.dns().prefix(1)), "alert")
    #expect(alerts.count == 15)
  }

  @Test("random bytes in every layer give lines of JSON and no flow stays")
  func garbage() throws {
    var tap = Tap {
      $0.eve.anomaly.decode = true
      $0.eve.anomaly.stream = true
    }
    tap.rules = try Tap.compile(#"alert ip any any -> any any (msg:"any"; content:"|00|"; sid:1;)"#)
    var generator = SeededRandom(seed: 42)
    var packets = Talks.http() + Talks.tls() + Talks.dns()
    for index in packets.indices {
      for _ in 0..<3 {
        let place = Int.random(in: 12..<packets[index].bytes.count, using: &generator)
        packets[index].bytes[place] = UInt8.random(in: 0...255, using: &generator)
      }
    }
    let worker = try tap.worker()
    for _ in 0..<5 { worker.feed(packets.shuffled(using: &generator)) }
    worker.finish()
    #expect(worker.flows.count == 0)
    for line in worker.lines { #expect(line.hasPrefix("{\"timestamp\":\"") && line.hasSuffix("}")) }
  }
}

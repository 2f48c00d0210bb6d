import Capture
import Decode
import Flow
import Records
import Sensor
import TestSupport
import Testing
import Wire

@Suite("EVE records, whole")
struct EVERecordTests {
  @Test("an HTTP exchange gives http, fileinfo and flow")
  func http() throws { try Golden.check("http", Tap().lines(Talks.http([("/a?b=c", ""), ("/form", "x=1&y=2")]))) }

  @Test("HTTP with all headers, custom fields, Ethernet, Community ID and a proxy's client")
  func httpOptions() throws {
    var talk = ConversationBuilder()
    talk.vlans = [7]
    talk.handshake()
    talk.client(
      MessageBuilder.httpRequest(
        "GET", "/x", headers: ["X-Forwarded-For: 203.0.113.9, 203.0.113.8", "Accept-Language: zh"]))
    talk.server(MessageBuilder.httpResponse("302 Found", headers: ["Location: /y"]))
    let tap = Tap {
      $0.eve.http.dumpAllHeaders = (true, true)
      $0.eve.http.custom = ["accept-language"]
      $0.eve.communityID = true
      $0.eve.forwarded.enabled = true
      $0.eve.flow = false
      $0.eve.files.enabled = false
    }
    try Golden.check("http-options", tap.lines(talk.packets))
  }

  @Test("a TLS handshake gives its names, certificate and fingerprints")
  func tls() throws {
    let tap = Tap {
      $0.applications.ja3 = true
      $0.eve.tls.ja4 = true
      $0.eve.flow = false
    }
    try Golden.check("tls", tap.lines(Talks.tls()))
  }

  @Test("DNS in version 3 and in version 2, over IPv6")
  func dns() throws {
    try Golden.check("dns", Tap().lines(Talks.dns()))
    let old = Tap {
      $0.eve.dns.version = 2
      $0.eve.flow = false
    }
    try Golden.check("dns-version-2", old.lines(Talks.dns(code: 3)))
  }

  @Test("flow and netflow of an ICMP echo")
  func icmp() throws { try Golden.check("icmp-flow", Tap { $0.eve.netflow = true }.lines(Talks.ping())) }

  @Test("netflow of a TCP connection, one record a direction")
  func netflow() throws {
    let tap = Tap {
      $0.eve = EVESettings()
      $0.eve.netflow = true
    }
    try Golden.check("netflow", tap.lines(Talks.http()))
  }

  @Test("anomalies of packets, streams and parsers")
  func anomalies() throws {
    let tap = Tap {
      $0.eve = EVESettings()
      $0.eve.anomaly.enabled = true
      $0.eve.anomaly.decode = true
      $0.eve.anomaly.stream = true
      $0.eve.anomaly.packetHeader = true
    }
    let lie = PacketBuilder.frame(PacketBuilder.ipv4([1, 2, 3], .udp, totalLength: 9))
    var bad = ConversationBuilder()
    bad.handshake()
    bad.client("GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: none\r\n\r\n")
    let packets = [CapturedPacket(lie, nanoseconds: Talks.start)] + bad.packets
    try Golden.check("anomaly", tap.lines(packets))
  }

  @Test("an alert with everything that can be asked for")
  func alert() throws {
    var tap = Tap {
      $0.eve = EVESettings()
      $0.eve.alert.payload = true
      $0.eve.alert.payloadPrintable = true
      $0.eve.alert.payloadLength = true
      $0.eve.alert.packet = true
      $0.eve.alert.httpBody = true
      $0.eve.alert.ruleReferences = true
      $0.eve.alert.verdict = true
      $0.eve.ethernet = true
    }
    tap.interface = "eth9"
    tap.rules = try Tap.compile(
      """
      alert http any any -> any any (msg:"GOLD \\"quoted\\""; flow:established,to_server; http.uri; content:"/form"; \
      target:dest_ip; reference:cve,2021-44228; metadata:policy a, policy b, owner c; classtype:bad-unknown; sid:7; rev:2;)
      alert udp any any -> any any (msg:"GOLD datagram"; content:"needle"; sid:8;)
      """)
    let datagram = CapturedPacket(PacketBuilder.udpFrame(Array("needle\u{1}".utf8)), nanoseconds: Talks.start)
    try Golden.check("alert", tap.lines([datagram] + Talks.http([("/form", "x=1&y=2")])))
  }

  @Test("statistics carry every counter as nested objects")
  func stats() throws {
    let tap = Tap { $0.eve.stats.nullValues = false }
    let worker = try tap.worker()
    worker.feed(Talks.http() + Talks.dns() + Talks.ping())
    worker.finish()
    worker.writer.json.removeAll()
    worker.writer.stats(
      worker.statistics(.init()), rules: .init(loaded: 3, failed: 2, skipped: 1), uptime: 5, at: worker.now)
    try Golden.check("stats", worker.lines)
  }

  @Test("a record type that is switched off is not written", arguments: ["http", "tls", "dns", "flow", "fileinfo"])
  func switches(type: String) throws {
    let tap = Tap {
      switch type {
      case "http": $0.eve.http.enabled = false
      case "tls": $0.eve.tls.enabled = false
      case "dns": $0.eve.dns.enabled = false
      case "flow": $0.eve.flow = false
      default: $0.eve.files.enabled = false
      }
    }
    let packets = Talks.http() + Talks.tls() + Talks.dns()
    #expect(try tap.events(packets, type).isEmpty)
    #expect(try !Tap().events(packets, type).isEmpty)
  }
}

internal import Decode
internal import Detection
internal import Documents
internal import Flow
internal import Records
internal import RuleLanguage
internal import Sensor
internal import TestSupport
internal import Wire

/// Segments, datagrams and fragments of a few flows, through a whole worker with rules and every EVE record.
///
/// The input is a list of orders, so that a fuzzer reaches deep states soon: which flow, which way, which flags, how
/// far the sequence number jumps, the payload. Packets are built from them with right lengths.
enum FlowEntrance {
  static func run(_ bytes: [UInt8]) {
    guard let worker = try? Worker(settings: settings, rules: rules) else { return }
    var input = FuzzInput(bytes)
    var makers = [SegmentMaker](repeating: SegmentMaker(), count: 4)
    var time = Int64(1_700_000_000_000_000_000)
    var number = UInt64(0)
    while !input.isAtEnd, number < 400 {
      let order = input.byte()
      let frame = makers[Int(order & 3)].frame(order, &input)
      number += 1
      time += Int64(input.byte()) << 22
      let header = PacketHeader(
        timestamp: Timestamp(nanoseconds: time), capturedLength: frame.count, wireLength: frame.count,
        linkType: .ethernet, number: number)
      frame.lend { worker.process(header, $0) }
    }
    worker.finish()
    precondition(worker.flows.count == 0, "at the end no flow is left")
    EVELines.check(worker)
  }

  static let settings: SensorSettings = {
    var settings = SensorSettings()
    settings.eve = .full
    settings.eve.netflow = true
    settings.eve.anomaly.decode = true
    settings.eve.anomaly.stream = true
    settings.eve.alert.payload = true
    settings.eve.alert.packet = true
    settings.eve.tls.ja4 = true
    settings.decoder.verifyChecksums = false
    settings.flow.memoryCap = 1 << 16
    settings.flow.stream.validatesChecksums = false
    settings.flow.stream.midstream = true
    settings.flow.stream.memoryCap = 1 << 20
    settings.flow.stream.maximumBufferedBytes = 1 << 14
    settings.flow.stream.maximumBufferedPieces = 16
    return settings
  }()

  /// One rule of each kind of inspection.
  private static let rules: CompiledRules? = {
    let text = """
      alert tcp any any -> any any (msg:"payload"; content:"attack"; sid:1;)
      alert tcp any any -> any any (msg:"stream"; flow:established; content:"one"; content:"two"; distance:0; sid:2;)
      alert http any any -> any any (msg:"http"; http.uri; content:"/"; pcre:"/[a-z]{4}/"; sid:3;)
      alert tls any any -> any any (msg:"tls"; tls.sni; content:"example"; sid:4;)
      alert dns any any -> any any (msg:"dns"; dns.query; content:"a"; threshold:type both, track by_src, count 2, seconds 9; sid:5;)
      alert tcp any any -> any any (msg:"bits"; flowbits:isnotset,x; flowbits:set,x; dsize:>3; sid:6;)
      alert tcp any any -> any any (msg:"bytes"; content:"|00|"; byte_jump:2,0,relative; byte_test:1,>,4,0,relative; sid:7;)
      alert ip any any -> any any (msg:"head"; ttl:<65; ip_proto:17; sid:8;)
      """
    guard let variables = try? RuleVariables.standard() else { return nil }
    let parsed = RuleParser().parse(Array(text.utf8), file: "fuzz.rules")
    return try? RuleCompiler(variables: variables).compile(parsed.rules).rules
  }()
}

/// Makes packets of one flow and remembers where both directions stand.
private struct SegmentMaker {
  private var next: [UInt32] = [1000, 5000]

  mutating func frame(_ order: UInt8, _ input: inout FuzzInput) -> [UInt8] {
    let flow = UInt16(order & 3)
    let isReply = order & 4 != 0
    let client = PacketEnd(IPAddress(v4: 0xc000_020a), 40_000 + flow)
    let server = PacketEnd(IPAddress(v4: 0xc633_6414), flow == 3 ? 53 : flow == 2 ? 443 : 80)
    let (source, destination) = isReply ? (server, client) : (client, server)
    if flow == 3 {
      return PacketBuilder.frame(fragment(PacketBuilder.udp(from: source, to: destination, payload(&input)), order))
    }
    let flags = TCPFlags(rawValue: input.byte())
    let jump = UInt32(truncatingIfNeeded: Int(Int8(bitPattern: input.byte())))
    let payload = payload(&input)
    let (mine, other) = isReply ? (1, 0) : (0, 1)
    let sequence = next[mine] &+ jump
    let segment = PacketBuilder.tcp(
      from: source, to: destination, sequence: sequence, acknowledgement: next[other], flags: flags, payload)
    if jump == 0 {
      next[mine] &+= UInt32(payload.count) + (flags.contains(.syn) || flags.contains(.fin) ? 1 : 0)
    }
    return PacketBuilder.frame(PacketBuilder.ipv4(segment, .tcp, from: source, to: destination), vlans: vlans(order))
  }

  private func vlans(_ order: UInt8) -> [UInt16] { order & 0x80 != 0 ? [UInt16(order & 0x40)] : [] }

  private func payload(_ input: inout FuzzInput) -> [UInt8] { input.take(Int(input.byte()) << 1) }

  /// The datagram, or a piece of it.
  private func fragment(_ datagram: [UInt8], _ order: UInt8) -> [UInt8] {
    guard order & 0x18 != 0 else { return PacketBuilder.ipv4(datagram, .udp) }
    let half = min(datagram.count, 16)
    return order & 8 != 0
      ? PacketBuilder.ipv4(Array(datagram[..<half]), .udp, moreFragments: true)
      : PacketBuilder.ipv4(Array(datagram[half...]), .udp, fragmentOffset: half & ~7)
  }
}

/// Whatever traffic says, a record is one line and one JSON object.
enum EVELines {
  static func check(_ worker: Worker) {
    let bytes = unsafe worker.writer.json.withBytes { unsafe Array($0) }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let value = try? JSONDocument.parse(Array(line).text, file: "eve.json")
      precondition(value?["event_type"] != nil, "an EVE line is a JSON object: \(Array(line).text)")
    }
  }
}

import CPcap
import Capture
import Decode
import Detection
import Flow
import Records
import Sensor
import Wire

/// How far a packet goes. Each stage includes those before it.
enum Stage: String, CaseIterable {
  case libpcap
  case read
  case decode
  case flow = "flow, stream"
  case application = "app layer"
  case line = "line, full EVE"
  case lineWithRules = "line, rules"

  static func load(_ files: [String]) throws -> RuleLoading.Result? {
    guard !files.isEmpty else { return nil }
    let loaded = try RuleLoading(settings: SensorSettings().detection).load(files)
    print("\(loaded.totals.loaded) rules loaded, \(loaded.totals.failed) refused")
    return loaded
  }

  func measure(_ path: String, rounds: Int, rules: RuleLoading.Result?) throws -> Measurement {
    try Measurement.best(of: rounds) {
      switch self {
      case .libpcap: try Stage.pcapLoop(path)
      case .read: try Stage.each(path) { _, _ in }
      case .decode: try Stage.decode(path)
      case .flow: try Stage.flow(path)
      case .application: try Stage.work(path, EVESettings(), nil, isEVEWritten: false)
      case .line: try Stage.work(path, .full, nil, isEVEWritten: true)
      case .lineWithRules: try Stage.work(path, EVESettings(), rules, isEVEWritten: true)
      }
    }
  }

  private static func pcapLoop(_ path: String) throws(Mistake) -> (Int, Int) {
    var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_open_offline(path, &reason) else { throw Mistake("libpcap cannot open \(path)") }
    defer { unsafe pcap_close(handle) }
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    var (packets, bytes) = (0, 0)
    while unsafe pcap_next_ex(handle, &header, &data) == 1 {
      packets += 1
      bytes += unsafe Int(header?.pointee.caplen ?? 0)
    }
    return (packets, bytes)
  }

  private static func each(_ path: String, _ body: (PacketHeader, RawSpan) -> Void) throws -> (Int, Int) {
    let file = try CaptureFile(path: path)
    while case .packets = try file.dispatch(limit: 512, body) {}
    return (Int(file.statistics.packets), Int(file.statistics.bytes))
  }

  private static func decode(_ path: String) throws -> (Int, Int) {
    var decoder = Decoder()
    return try each(path) { header, bytes in decoder.decode(bytes, header) { _, _ in } }
  }

  private static func flow(_ path: String) throws -> (Int, Int) {
    var decoder = Decoder()
    var flows = FlowTable()
    return try each(path) { header, bytes in
      decoder.decode(bytes, header) { packet, span in
        guard !packet.isFragment, !packet.isInvalid, let ref = flows.track(packet, span) else { return }
        if packet.transport == .tcp {
          let end = packet.payloadOffset &+ packet.payloadLength
          flows.segment(ref, packet, span.clamped(packet.payloadOffset, end)) { _ in }
        }
        while let slot = flows.nextEnded() { flows.release(slot) }
      }
    }
  }

  /// The whole worker. Without EVE no record is made; with it, records are made and thrown away.
  private static func work(
    _ path: String, _ eve: EVESettings, _ rules: RuleLoading.Result?, isEVEWritten: Bool
  ) throws -> (Int, Int) {
    var settings = SensorSettings()
    settings.eve = eve
    settings.eve.alert.enabled = isEVEWritten
    let worker = try Worker(settings: settings, rules: rules?.rules, needs: rules?.needs ?? RuleNeeds())
    let read = try each(path) { header, bytes in
      worker.process(header, bytes)
      if worker.writer.json.count > 256 << 10 { worker.writer.json.removeAll() }
    }
    worker.finish()
    return read
  }
}

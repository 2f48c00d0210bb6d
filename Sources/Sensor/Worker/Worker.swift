internal import AppLayer
internal import Capture
package import Decode
package import Detection
package import Flow
package import Records
package import Wire

/// One thread's whole passive wing: packets go in, EVE lines come out of `writer`.
///
/// It owns everything it touches and nobody else touches it. Each stage is called once per packet or chunk; nothing
/// here allocates per packet in steady state. Inside the closures that `decoder` and `flows` call, that same part
/// must not be touched again: what has to happen there is put off until the call has returned.
package final class Worker {
  package let settings: SensorSettings
  package internal(set) var decoder: Decoder
  package internal(set) var flows: FlowTable
  var defragmenter: IPDefragmenter
  /// Nil where no rule is loaded: then nothing is inspected.
  let detector: Detector?
  package var writer: EVEWriter
  package internal(set) var counters = WorkerCounters()
  /// By flow slot; nil: no bytes yet, or nothing more to learn from them.
  var sessions: [AppSession?]
  let application: AppLayerConfiguration
  /// Names of application protocols by number, made once.
  let appProtocolNames: [String]
  /// Whole datagrams put together while a packet was being decoded; drained after it.
  var datagrams: [(bytes: [UInt8], template: DecodedPacket)] = []
  /// The time of the latest packet.
  package internal(set) var now = Timestamp(nanoseconds: 0)
  /// Counted for a live sensor's heartbeat; `vigil read` tells nobody.
  var sight = SightTally()
  /// For which name a flow was, while it lives.
  var siteNames: [FlowSlot: String] = [:]
  /// Copies of the lines that go to the hub, when there is one.
  package var alertSink: (any AlertSink)?
  /// By rule: whether the sink has its text.
  var toldRules: [Bool]

  /// - Parameter masking: what every record goes through before it is written; nil only for `vigil read` and where
  ///   the operator switched raw evidence on.
  package init(
    settings: SensorSettings, rules: CompiledRules?, needs: RuleNeeds = RuleNeeds(), interface: String = "",
    captureName: String = "", masking: Masking? = nil
  ) throws {
    self.settings = settings
    decoder = Decoder(settings.decoder)
    flows = FlowTable(settings.flow)
    defragmenter = IPDefragmenter()
    detector = try rules.map { try Detector($0) }
    toldRules = Array(repeating: false, count: rules?.facts.count ?? 0)
    writer = EVEWriter(settings: settings.eve, interface: interface, captureName: captureName, masking: masking)
    application = AppLayerConfiguration(settings.appLayer(for: needs))
    sessions = []
    appProtocolNames = AppProtocol.names
  }

  /// One packet of a source, with everything that follows from it.
  package func process(_ header: PacketHeader, _ bytes: RawSpan) {
    decoder.decode(bytes, header) { packet, span in handle(packet, span) }
    while let datagram = datagrams.popLast() { process(datagram.bytes, datagram.template) }
  }

  private func process(_ bytes: [UInt8], _ template: DecodedPacket) {
    decoder.decodeDatagram(unsafe bytes.span.bytes, template: template) { packet, span in handle(packet, span) }
  }

  /// Lets time pass without a packet: flows end, their records are written.
  package func idle(at time: Timestamp) {
    now = max(now, time)
    flows.advance(to: now)
    finishEndedFlows()
  }

  /// The source has ended: every flow ends, every record is written.
  package func finish() {
    flows.endAll()
    finishEndedFlows()
  }

  // MARK: one decoded packet

  private func handle(_ packet: borrowing DecodedPacket, _ bytes: RawSpan) {
    if packet.timestamp > now { now = packet.timestamp }
    if packet.isFragment { return handleFragment(packet, bytes) }
    let ref = packet.isInvalid ? nil : flows.track(packet, bytes)
    if flows.endedCount > 0 { finishEndedFlows() }
    if !packet.events.isEmpty { writeDecodeAnomalies(packet, bytes, ref) }
    guard let ref else { return inspectWithoutFlow(packet, bytes) }
    switch packet.transport {
    case .tcp where !ref.isRelated: segment(ref, packet, bytes)
    case .udp where !ref.isRelated: datagram(ref, packet, bytes)
    default: inspectPlainly(ref, packet, bytes)
    }
  }

  /// A fragment belongs to no flow: only header rules see it. What it makes whole is decoded when it has passed.
  private func handleFragment(_ packet: borrowing DecodedPacket, _ bytes: RawSpan) {
    var noted = copy packet
    let template = noted
    let outcome = defragmenter.fragment(packet, bytes) { datagram in
      datagrams.append((datagram.array(), template))
    }
    for index in 0..<outcome.events.count { noted.events.append(outcome.events[index]) }
    if !noted.events.isEmpty { writeDecodeAnomalies(noted, bytes, nil) }
    inspectWithoutFlow(noted, bytes)
  }

  private func inspectWithoutFlow(_ packet: borrowing DecodedPacket, _ bytes: RawSpan) {
    guard let detector else { return }
    detector.begin(copy packet, nil)
    detector.inspect(bytes, nil)
    detector.finish()
    if !detector.hits.isEmpty { writeAlerts(packet, bytes, slot: nil, direction: .toServer) }
  }

  private func inspectPlainly(_ ref: FlowRef, _ packet: borrowing DecodedPacket, _ bytes: RawSpan) {
    guard let detector else { return }
    let context = FlowContext(ref, flows[ref.slot])
    detector.begin(copy packet, context)
    detector.inspect(bytes, context)
    detector.finish()
    if !detector.hits.isEmpty { writeAlerts(packet, bytes, slot: ref.slot, direction: ref.direction) }
  }

  private func writeDecodeAnomalies(_ packet: borrowing DecodedPacket, _ bytes: RawSpan, _ ref: FlowRef?) {
    guard settings.eve.anomaly.enabled, settings.eve.anomaly.decode else { return }
    let id = ref.map { flows[$0.slot].id }
    for index in 0..<packet.events.count {
      writer.decodeAnomaly(packet.events[index].name, packet, bytes, flow: id)
    }
  }
}

/// Where a live sensor hands the alert lines that its hub must get.
package protocol AlertSink: AnyObject {
  /// One EVE line without its newline, before the packet counts as read.
  func alert(_ line: UnsafeRawBufferPointer)
  /// Before the first alert of a rule. False: it was not taken, and comes again with the next.
  func rule(_ text: RuleText) -> Bool
}

/// What a worker did beside its parts' own counters.
package struct WorkerCounters: Sendable {
  package var alerts: UInt64 = 0
  package var alertsSuppressed: UInt64 = 0
  package var alertQueueOverflow: UInt64 = 0
  /// Flows and transactions by application protocol number.
  package var appFlows: InlineArray<8, UInt64> = InlineArray(repeating: 0)
  package var appTransactions: InlineArray<8, UInt64> = InlineArray(repeating: 0)
  package var failedFlowsTCP: UInt64 = 0
  package var failedFlowsUDP: UInt64 = 0
  package init() {}
}

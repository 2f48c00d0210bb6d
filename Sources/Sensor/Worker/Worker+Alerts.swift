internal import AppLayer
internal import Decode
internal import Detection
internal import Flow
internal import Records
internal import Wire

/// The detector's hits of one packet, written.
extension Worker {
  func writeAlerts(_ packet: borrowing DecodedPacket, _ bytes: RawSpan, slot: FlowSlot?, direction: Direction) {
    guard let detector else { return }
    let copied = copy packet
    if let slot { flows[slot].flags.insert(.alerted) }
    var flow: FlowRecord?
    var session: AppSession?
    var names = EVEWriter.AppProtocolNames()
    if let slot {
      let record = flows[slot]
      flow = record
      names = self.names(of: record)
      session = self.session(slot)
    }
    let payload = bytes.clamped(packet.payloadOffset, packet.payloadOffset &+ packet.payloadLength)
    for hit in detector.hits {
      counters.alerts &+= 1
      let transaction =
        hit.flags.contains(.transaction) ? session?.transactions.first { $0.id == hit.transaction } : nil
      let mark = writer.json.count
      guard settings.eve.alert.enabled || alertSink != nil else { continue }
      writer.alert(
        hit, detector.rules.facts[Int(hit.rule)], copied, flow,
        EVEWriter.AlertContext(
          packet: bytes, payload: payload, transaction: transaction, direction: hit.direction, names: names))
      if let alertSink {
        tell(alertSink, rule: Int(hit.rule), detector.rules)
        hand(over: alertSink, from: mark)
      }
    }
  }

  private func tell(_ sink: any AlertSink, rule: Int, _ rules: CompiledRules) {
    guard !toldRules[rule] else { return }
    let facts = rules.facts[rule]
    toldRules[rule] = sink.rule(RuleText(gid: facts.gid, sid: facts.sid, rev: facts.rev, text: facts.text))
  }

  /// The line just written goes to the hub as well.
  private func hand(over sink: any AlertSink, from mark: Int) {
    unsafe writer.json.withBytes { all in
      guard all.count > mark else { return }
      unsafe sink.alert(UnsafeRawBufferPointer(rebasing: all[mark..<all.count - 1]))
    }
    if !settings.eve.alert.enabled { writer.json.rewind(to: mark) }
  }
}

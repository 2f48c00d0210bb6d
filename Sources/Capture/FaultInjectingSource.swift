package import Wire

/// How often each fault happens, 0 to 1, and the seed that makes a run repeatable.
package struct FaultPlan: Sendable {
  package var seed: UInt64 = 1
  package var drop = 0.0
  package var duplicate = 0.0
  /// One byte is changed.
  package var corrupt = 0.0
  /// The packet loses its end.
  package var truncate = 0.0
  /// The packet comes after the next one.
  package var reorder = 0.0
  package init() {}
}

/// Another source with faults put in, for tests. Keeps the packets' numbers, so that one can tell which is which.
package final class FaultInjectingSource: PacketSource {
  private let base: any PacketSource
  private let plan: FaultPlan
  private var random: SeededRandom
  private var held: (PacketHeader, [UInt8])?

  package init(_ base: any PacketSource, _ plan: FaultPlan) {
    self.base = base
    self.plan = plan
    random = SeededRandom(seed: plan.seed)
  }

  package var name: String { base.name }
  package var statistics: CaptureStatistics { base.statistics }
  package func stop() { base.stop() }

  package func dispatch(
    limit: Int, _ body: (PacketHeader, RawSpan) -> Void
  ) throws(CaptureError) -> DispatchOutcome {
    let outcome = try base.dispatch(limit: limit) { header, bytes in pass(header, bytes, body) }
    if case .packets = outcome { return outcome }
    release(body)
    return outcome
  }

  private func pass(_ header: PacketHeader, _ bytes: RawSpan, _ body: (PacketHeader, RawSpan) -> Void) {
    if happens(plan.drop) { return }
    var packet = bytes.array()
    var header = header
    if happens(plan.corrupt), !packet.isEmpty { packet[below(packet.count)] ^= UInt8(1 + below(255)) }
    if happens(plan.truncate), !packet.isEmpty { packet.removeLast(1 + below(packet.count)) }
    header.capturedLength = packet.count
    if held == nil, happens(plan.reorder) {
      held = (header, packet)
      return
    }
    body(header, unsafe packet.span.bytes)
    if happens(plan.duplicate) { body(header, unsafe packet.span.bytes) }
    release(body)
  }

  private func release(_ body: (PacketHeader, RawSpan) -> Void) {
    guard let (header, packet) = held else { return }
    held = nil
    body(header, unsafe packet.span.bytes)
  }

  private func happens(_ share: Double) -> Bool { share > 0 && random.unit() < share }
  private func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
}

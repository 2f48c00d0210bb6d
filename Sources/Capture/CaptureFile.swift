package import Wire

/// Reads a capture file or standard input (`-`): pcap in all its variants, pcapng.
package final class CaptureFile: PacketSource {
  package let name: String
  package private(set) var statistics = CaptureStatistics()
  package var position: UInt64? { reader.buffer.position }
  /// Bytes of the file; nil: a pipe, which nobody knows the end of.
  package let size: UInt64?
  private let stopSignal: StopSignal
  private var reader: CaptureReader
  private let filter: FilterSet?
  private var pending: DispatchOutcome?

  /// A packet larger than this is taken for damage: libpcap's own limit.
  package static let maximumPacketSize = 262_144

  /// - Parameter filter: a BPF expression, applied here; empty: all packets.
  package init(path: String, filter: String = "") throws(CaptureError) {
    let stop = StopSignal()
    name = path
    stopSignal = stop
    let descriptor = try CaptureFile.open(path)
    size = CaptureFile.size(of: descriptor)
    reader = try CaptureReader(descriptor, name: path, stop)
    self.filter = filter.isEmpty ? nil : try FilterSet(filter, first: reader.firstLinkType)
  }

  package func dispatch(
    limit: Int, _ body: (PacketHeader, RawSpan) -> Void
  ) throws(CaptureError) -> DispatchOutcome {
    if let outcome = pending {
      pending = .end
      return outcome
    }
    if stopSignal.isRaised { return .stopped }
    var counts = CaptureStatistics()
    defer { statistics.add(counts) }
    while counts.packets < UInt64(clamping: limit) {
      switch reader.next() {
      case .packet(let header, let offset):
        let bytes = reader.packet(at: offset, header.capturedLength)
        if let filter, !(try filter.accepts(header, bytes)) {
          counts.filtered &+= 1
        } else {
          counts.packets &+= 1
          counts.bytes &+= UInt64(truncatingIfNeeded: header.capturedLength)
          body(header, bytes)
        }
      case .nothing(let outcome):
        return finish(outcome, Int(truncatingIfNeeded: counts.packets))
      }
    }
    return .packets(Int(truncatingIfNeeded: counts.packets))
  }

  /// Packets first: what ended the reading is told by the next call.
  private func finish(_ outcome: DispatchOutcome, _ count: Int) -> DispatchOutcome {
    switch outcome {
    case .idle, .stopped, .packets: return count > 0 ? .packets(count) : outcome
    case .end, .truncated, .corrupt:
      pending = count > 0 ? outcome : .end
      return count > 0 ? .packets(count) : outcome
    }
  }

  package func stop() { stopSignal.raise() }
}

extension CaptureStatistics {
  mutating func add(_ other: CaptureStatistics) {
    packets &+= other.packets
    bytes &+= other.bytes
    filtered &+= other.filtered
  }
}

/// One compiled filter for each link type of a file: few, so a list.
final class FilterSet {
  private let expression: String
  private var filters: [BPFFilter] = []

  init(_ expression: String, first: LinkType) throws(CaptureError) {
    self.expression = expression
    filters.append(try BPFFilter(expression, linkType: first))
  }

  func accepts(_ header: PacketHeader, _ bytes: RawSpan) throws(CaptureError) -> Bool {
    for filter in filters where filter.linkType == header.linkType { return filter.accepts(header, bytes) }
    let filter = try BPFFilter(expression, linkType: header.linkType)
    filters.append(filter)
    return filter.accepts(header, bytes)
  }
}

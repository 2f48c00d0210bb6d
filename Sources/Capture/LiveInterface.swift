internal import CPcap
internal import Glibc
package import Wire

/// Settings of a live capture.
package struct LiveOptions: Sendable {
  package var snapLength = 262_144
  /// The kernel's ring, in bytes.
  package var bufferSize = 64 * 1024 * 1024
  package var promiscuous = true
  /// A BPF expression; empty: all packets.
  package var filter = ""
  /// How long `dispatch` waits for a packet before it returns `.idle`.
  package var waitMilliseconds: Int32 = 100
  package init() {}
}

/// A live interface by libpcap: TPACKET_V3, non-blocking, poll with an eventfd to stop; never immediate mode.
@safe package final class LiveInterface: PacketSource {
  package let name: String
  private let handle: OpaquePointer
  private let descriptor: Int32
  private let linkType: LinkType
  private let isNanosecond: Bool
  private let waitMilliseconds: Int32
  private let stopSignal = StopSignal()
  private var packets: UInt64 = 0
  private var bytes: UInt64 = 0

  /// A block of the kernel's ring is handed over when full or after this time: the delay of a quiet interface.
  private static let blockMilliseconds: Int32 = 20

  package init(interface: String, _ options: LiveOptions = LiveOptions()) throws(CaptureError) {
    unsafe handle = try LiveInterface.activate(interface, options)
    name = interface
    waitMilliseconds = options.waitMilliseconds
    linkType = LinkType(dataLink: unsafe pcap_datalink(handle))
    isNanosecond = unsafe pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO
    descriptor = unsafe pcap_get_selectable_fd(handle)
    unsafe try LiveInterface.setFilter(options.filter, handle)
  }

  deinit { unsafe pcap_close(handle) }

  package func dispatch(
    limit: Int, _ body: (PacketHeader, RawSpan) -> Void
  ) throws(CaptureError) -> DispatchOutcome {
    if stopSignal.isRaised { return .stopped }
    var count = try take(limit, body)
    if count == 0, stopSignal.wait(for: descriptor, milliseconds: waitMilliseconds) { count = try take(limit, body) }
    if count > 0 { return .packets(count) }
    return stopSignal.isRaised ? .stopped : .idle
  }

  private func take(_ limit: Int, _ body: (PacketHeader, RawSpan) -> Void) throws(CaptureError) -> Int {
    var count = 0
    var record: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    loop: while count < limit {
      switch unsafe pcap_next_ex(handle, &record, &data) {
      case 1:
        guard let header = unsafe record, let start = unsafe data else { break loop }
        unsafe hand(header.pointee, start, body)
        count += 1
      case 0: break loop
      default:
        throw CaptureError(
          .captureFailed, "capturing on \(name) has failed: \(unsafe String(cString: pcap_geterr(handle)))",
          hint: "see whether the interface is still there and up: ip link show \(name)")
      }
    }
    return count
  }

  @inline(__always)
  private func hand(_ record: pcap_pkthdr, _ start: UnsafePointer<UInt8>, _ body: (PacketHeader, RawSpan) -> Void) {
    packets &+= 1
    bytes &+= UInt64(record.caplen)
    let fraction = Int64(record.ts.tv_usec)
    let header = PacketHeader(
      timestamp: Timestamp(
        nanoseconds: Int64(record.ts.tv_sec) &* 1_000_000_000 &+ (isNanosecond ? fraction : fraction &* 1000)),
      capturedLength: Int(record.caplen), wireLength: Int(record.len), linkType: linkType, number: packets)
    body(header, unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: Int(record.caplen))))
  }

  package var statistics: CaptureStatistics {
    var statistics = CaptureStatistics()
    statistics.packets = packets
    statistics.bytes = bytes
    var kernel = pcap_stat()
    if unsafe pcap_stats(handle, &kernel) == 0 {
      statistics.kernelPackets = UInt64(kernel.ps_recv)
      statistics.kernelDrops = UInt64(kernel.ps_drop)
      statistics.interfaceDrops = UInt64(kernel.ps_ifdrop)
    }
    return statistics
  }

  package func stop() { stopSignal.raise() }
}

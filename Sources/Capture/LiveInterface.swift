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
package final class LiveInterface: PacketSource {
  package let name: String
  package private(set) var statistics = CaptureStatistics()

  package init(interface: String, _ options: LiveOptions = LiveOptions()) throws(CaptureError) { name = interface }

  package func dispatch(
    limit: Int, _ body: (PacketHeader, RawSpan) -> Void
  ) throws(CaptureError) -> DispatchOutcome { .end }

  package func stop() {}
}

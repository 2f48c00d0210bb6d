package import Wire

/// Reads a capture file or standard input (`-`): pcap in all its variants, pcapng.
package final class CaptureFile: PacketSource {
  package let name: String
  package private(set) var statistics = CaptureStatistics()

  /// - Parameter filter: a BPF expression, applied here; empty: all packets.
  package init(path: String, filter: String = "") throws(CaptureError) { name = path }

  package func dispatch(
    limit: Int, _ body: (PacketHeader, RawSpan) -> Void
  ) throws(CaptureError) -> DispatchOutcome { .end }

  package func stop() {}
}

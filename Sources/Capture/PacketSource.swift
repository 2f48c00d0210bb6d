package import Wire

/// What a call of `dispatch` came to.
package enum DispatchOutcome: Hashable, Sendable {
  /// So many packets were handed out.
  case packets(Int)
  /// None came within the source's waiting time. Live sources and pipes only.
  case idle
  /// The source has ended well.
  case end
  /// The file ends within a record: what came before was handed out. Afterwards `end`.
  case truncated(String)
  /// The file's structure is broken here: what came before was handed out. Afterwards `end`.
  case corrupt(String)
  /// `stop()` was called.
  case stopped
}

/// What a source has seen and lost since it was opened.
package struct CaptureStatistics: Hashable, Sendable {
  /// Packets handed out.
  package var packets: UInt64 = 0
  package var bytes: UInt64 = 0
  /// Packets that the kernel saw for us and those it had to drop, by the interface's own count.
  package var kernelPackets: UInt64 = 0
  package var kernelDrops: UInt64 = 0
  package var interfaceDrops: UInt64 = 0
  /// Packets of a file that its BPF filter left out (on an interface the kernel leaves them out).
  package var filtered: UInt64 = 0
  package init() {}
}

/// Packets, one after another. A source belongs to one thread; only `stop()` may come from another.
package protocol PacketSource: AnyObject {
  /// A capture file's path (`-`: standard input) or the interface's name.
  var name: String { get }
  var statistics: CaptureStatistics { get }
  /// Bytes of a file that were read, headers and all; nil: no file.
  var position: UInt64? { get }

  /// Hands out at most `limit` packets. The span lives until `body` returns.
  func dispatch(
    limit: Int, _ body: (PacketHeader, RawSpan) -> Void
  ) throws(CaptureError) -> DispatchOutcome

  /// Makes a waiting or coming `dispatch` return `.stopped` at once. From any thread, any number of times.
  func stop()
}

extension PacketSource {
  package var position: UInt64? { nil }
}

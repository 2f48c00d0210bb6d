internal import Wire

/// The connection as a watcher sees it (RFC 9293, section 3.3.2), named as EVE's `tcp.state`. The opening is told from
/// the client's side, the closing from the server's: a FIN of the client makes it `close_wait`.
package enum TCPState: UInt8, Sendable {
  case none, synSent, synReceived, established, finWait1, finWait2, timeWait, lastAck, closeWait, closing, closed

  package var name: String {
    switch self {
    case .none: "none"
    case .synSent: "syn_sent"
    case .synReceived: "syn_recv"
    case .established: "established"
    case .finWait1: "fin_wait1"
    case .finWait2: "fin_wait2"
    case .timeWait: "time_wait"
    case .lastAck: "last_ack"
    case .closeWait: "close_wait"
    case .closing: "closing"
    case .closed: "closed"
    }
  }

  /// EVE's `flow.state` of a TCP flow.
  var flowState: FlowState {
    switch self {
    case .none, .synSent, .synReceived: .new
    case .established, .finWait1, .finWait2, .closing, .closeWait: .established
    case .lastAck, .timeWait, .closed: .closed
    }
  }
}

enum TCPFlag {
  static let fin: UInt8 = 0x01
  static let syn: UInt8 = 0x02
  static let reset: UInt8 = 0x04
  static let ack: UInt8 = 0x10
  static let urgent: UInt8 = 0x20
  /// The bits that tell an opening SYN from all else.
  static let opening: UInt8 = 0x17
}

/// The TCP side of a flow.
package struct TCPSession: Sendable {
  package internal(set) var state = TCPState.none
  package internal(set) var flags = Flags()
  /// A SYN-ACK with another sequence number than the first one; the client's ACK decides between them.
  var alternative: UInt32 = 0

  package struct Flags: OptionSet, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let midstream = Self(rawValue: 1 << 0)
    package static let asynchronous = Self(rawValue: 1 << 1)
    package static let fastOpen = Self(rawValue: 1 << 2)
    /// Both sides sent a SYN.
    package static let simultaneous = Self(rawValue: 1 << 3)
    package static let resetToServer = Self(rawValue: 1 << 4)
    package static let resetToClient = Self(rawValue: 1 << 5)
    static let hasAlternative = Self(rawValue: 1 << 6)
    static let flushed = Self(rawValue: 1 << 7)
  }
}

/// One direction of a connection. Positions count bytes of the stream from 0 at the first byte after the SYN, in 64
/// bits, so that nothing but `position(of:)` knows that sequence numbers wrap.
struct StreamHalf {
  /// Everything before is delivered, told as a gap, or given up.
  var base: Int64 = 0
  /// The sequence number of `base`.
  var baseSequence: UInt32 = 0
  /// The initial sequence number plus one.
  var firstSequence: UInt32 = 0
  /// Behind the last byte seen.
  var highest: Int64 = 0
  /// Behind the last byte that the receiver acknowledged.
  var acknowledged: Int64 = 0
  /// The furthest that the receiver's window ever reached.
  var windowEdge: Int64 = 0
  /// Where the FIN stands; -1: none seen.
  var finPosition: Int64 = -1
  /// Urgent bytes taken out of the stream before `base`.
  var skipped: Int64 = 0
  /// What is kept of this direction.
  var list = PieceList()
  /// The newest timestamp of a segment that began at or before `base` (RFC 7323's TS.Recent).
  var timestamp: UInt32 = 0
  /// What this side's window field is shifted by.
  var scale: UInt8 = 0
  var policy = StreamOverlapPolicy.bsd
  var flags = Flags()

  struct Flags: OptionSet {
    var rawValue: UInt16
    static let known = Self(rawValue: 1 << 0)
    /// At least one segment came from this side.
    static let seen = Self(rawValue: 1 << 1)
    static let timestamps = Self(rawValue: 1 << 2)
    static let ended = Self(rawValue: 1 << 3)
    /// The depth is reached or nobody wants the bytes.
    static let stopped = Self(rawValue: 1 << 4)
    static let policyKnown = Self(rawValue: 1 << 5)
    static let offersScale = Self(rawValue: 1 << 6)
    /// The receiver's window was seen, so `windowEdge` means something.
    static let windowKnown = Self(rawValue: 1 << 7)
  }

  @inline(__always) func position(of sequence: UInt32) -> Int64 {
    base &+ Int64(Int32(bitPattern: sequence &- baseSequence))
  }
  @inline(__always) mutating func move(to position: Int64) {
    baseSequence = baseSequence &+ UInt32(truncatingIfNeeded: position &- base)
    base = position
  }
  mutating func open(at sequence: UInt32) {
    base = 0
    baseSequence = sequence
    firstSequence = sequence
    highest = 0
    acknowledged = 0
    windowEdge = 0
    finPosition = -1
    flags.insert(.known)
    flags.remove(.windowKnown)
  }
}

/// What a segment did.
package struct SegmentOutcome: Sendable {
  package var events = StreamEventSet()
  /// False: it was ignored (checksum, window, timestamp, no session) and its bytes are in no stream.
  package var isAccepted = false
  package var isRetransmission = false
  package var stateChanged = false
  package var state = TCPState.none
  package init() {}
}

extension SegmentOutcome {
  /// For an early exit: the segment is ignored.
  mutating func refuse(_ event: StreamEvent) { events.insert(event) }
}

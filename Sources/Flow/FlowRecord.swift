package import Wire

/// EVE's `flow.state`.
package enum FlowState: UInt8, Sendable {
  case new, established, closed, bypassed
  package var name: String {
    switch self {
    case .new: "new"
    case .established: "established"
    case .closed: "closed"
    case .bypassed: "bypassed"
    }
  }
}

/// EVE's `flow.reason`.
package enum FlowEndReason: UInt8, Sendable {
  case none, timeout, forced, shutdown, tcpReuse
  package var name: String {
    switch self {
    case .none: "unknown"
    case .timeout: "timeout"
    case .forced: "forced"
    case .shutdown: "shutdown"
    case .tcpReuse: "tcp_reuse"
    }
  }
}

package struct FlowFlags: OptionSet, Sendable {
  package var rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }
  package static let seenToServer = Self(rawValue: 1 << 0)
  package static let seenToClient = Self(rawValue: 1 << 1)
  /// An alert was raised on it (EVE's `flow.alerted`). Set by Sensor.
  package static let alerted = Self(rawValue: 1 << 2)
  /// No handshake was seen.
  package static let midstream = Self(rawValue: 1 << 3)
  /// Only one direction is seen.
  package static let asynchronous = Self(rawValue: 1 << 4)
  /// `swap` turned it round.
  package static let swapped = Self(rawValue: 1 << 5)
  /// A chunk was withheld or a segment dropped for want of memory.
  package static let memoryCapHit = Self(rawValue: 1 << 6)
  /// It began or was ended while the table was in emergency mode.
  package static let emergency = Self(rawValue: 1 << 7)
  package static let noInspection = Self(rawValue: 1 << 8)
  /// A rule's or the configuration's exception policy was applied (EVE's `flow.exception_policy`). Set by Sensor.
  package static let exceptionPolicy = Self(rawValue: 1 << 9)
}

/// What EVE's `flow` and `netflow` records are made of, one per slot. Plain values only.
package struct FlowRecord: Sendable {
  package let key: FlowKey
  /// Unique in the run, positive, below 2^53 so that every JSON reader keeps it whole.
  package let id: UInt64
  package var first: Timestamp
  package var last: Timestamp
  package var packetsToServer: UInt64 = 0
  package var packetsToClient: UInt64 = 0
  package var bytesToServer: UInt64 = 0
  package var bytesToClient: UInt64 = 0
  package var flags: FlowFlags = []
  package var state = FlowState.new
  package var reason = FlowEndReason.none
  /// Every TCP flag seen in that direction.
  package var tcpFlagsToServer: UInt8 = 0
  package var tcpFlagsToClient: UInt8 = 0
  package var minimumTTLToServer: UInt8 = 255
  package var maximumTTLToServer: UInt8 = 0
  package var minimumTTLToClient: UInt8 = 255
  package var maximumTTLToClient: UInt8 = 0
  /// `AppProtocol`'s raw value, and what each direction looked like by itself. Set by Sensor.
  package var appProtocol: UInt8 = 0
  package var appProtocolToServer: UInt8 = 0
  package var appProtocolToClient: UInt8 = 0
  package var icmpType: UInt8 = 0
  package var icmpCode: UInt8 = 0
  package var icmpResponseType: UInt8 = 0
  package var icmpResponseCode: UInt8 = 0
  /// The originator is the key's first end.
  var originatorIsFirst: Bool
  /// The first packet's, also where VLANs are no part of the key.
  let vlans: UInt64

  // The table's own links.
  var tag: UInt32 = 0
  var next: FlowSlot = -1
  var previous: FlowSlot = -1
  var wheelBucket: Int16 = -1
  var phase = Phase.live

  enum Phase: UInt8 { case free, live, ended, handed }

  init(key: FlowKey, id: UInt64, at: Timestamp, originatorIsFirst: Bool, vlans: UInt64) {
    self.vlans = vlans
    self.key = key
    self.id = id
    first = at
    last = at
    self.originatorIsFirst = originatorIsFirst
  }

  /// Both ends as the originator saw it. ICMP, ESP: no ports.
  package var tuple: FiveTuple { key.tuple(fromFirst: originatorIsFirst) }
  package var transport: TransportProtocol { key.transport }
  package var vlanCount: Int { Int(vlans >> 48) }
  /// `index` below `vlanCount`, outermost first.
  package func vlanID(_ index: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: vlans >> UInt64(16 * min(max(index, 0), 2)))
  }
  /// ESP's security parameters index; else 0.
  package var spi: UInt32 { key.transport == .esp ? key.identifier : 0 }
  package var tcpFlags: UInt8 { tcpFlagsToServer | tcpFlagsToClient }
  /// EVE's `flow.age`: whole seconds between first and last packet.
  package var age: Int { max(0, Int(last.seconds &- first.seconds)) }
  package func packets(_ direction: Direction) -> UInt64 { direction == .toServer ? packetsToServer : packetsToClient }
  package func bytes(_ direction: Direction) -> UInt64 { direction == .toServer ? bytesToServer : bytesToClient }

  /// Which way a packet with this source end goes.
  @inline(__always) func direction(sourceIsFirst: Bool) -> Direction {
    sourceIsFirst == originatorIsFirst ? .toServer : .toClient
  }

  mutating func swapDirections() {
    originatorIsFirst.toggle()
    swap(&packetsToServer, &packetsToClient)
    swap(&bytesToServer, &bytesToClient)
    swap(&tcpFlagsToServer, &tcpFlagsToClient)
    swap(&minimumTTLToServer, &minimumTTLToClient)
    swap(&maximumTTLToServer, &maximumTTLToClient)
    swap(&appProtocolToServer, &appProtocolToClient)
    let (toServer, toClient) = (flags.contains(.seenToServer), flags.contains(.seenToClient))
    flags.subtract([.seenToServer, .seenToClient])
    if toClient { flags.insert(.seenToServer) }
    if toServer { flags.insert(.seenToClient) }
    flags.formSymmetricDifference(.swapped)
  }
}

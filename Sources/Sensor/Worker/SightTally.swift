internal import Flow
internal import Records
internal import Wire

/// What could be seen of the flows that ended, and to which ends they went. Fed once a flow, at its end: a packet costs
/// nothing by it. A flow that lasts for hours is counted when it is over.
struct SightTally: Sendable {
  private struct Key: Hashable {
    var name: String?
    /// Where a name was asked for, the address is one of many and told once.
    var address: IPAddress
    var port: UInt16
  }

  /// Ends that are told apart between two tellings: a city's servers and as many again; half a megabyte.
  static let endLimit = 4_096
  /// A name that is longer is none of ours.
  static let nameLimit = 253

  private(set) var sight = TrafficSight()
  private var ends: [Key: (address: IPAddress, bytes: UInt64)] = [:]
  private var restBytes: UInt64 = 0
  private var since: Timestamp?

  mutating func count(_ flow: borrowing FlowRecord, isEncrypted: Bool, isKnown: Bool, name: String?) {
    let bytes = flow.bytesToServer &+ flow.bytesToClient
    sight.flows &+= 1
    sight.bytes &+= bytes
    if isEncrypted { sight.encryptedBytes &+= bytes }
    let (toServer, toClient, transport) = (flow.packetsToServer, flow.packetsToClient, flow.transport)
    if toServer == 0 || toClient == 0 { sight.oneSidedBytes &+= bytes }
    if !isKnown, transport == .tcp || transport == .udp { sight.unknownBytes &+= bytes }
    let tuple = flow.tuple
    add(bytes, name: name, tuple.destination, tuple.destinationPort)
  }

  private mutating func add(_ bytes: UInt64, name: String?, _ address: IPAddress, _ port: UInt16) {
    let key = Key(name: name, address: name == nil ? address : .unspecified, port: port)
    if let known = ends[key] {
      ends[key] = (known.address, known.bytes &+ bytes)
    } else if ends.count < SightTally.endLimit {
      ends[key] = (address, bytes)
    } else {
      restBytes &+= bytes
    }
  }

  /// What came since the last telling; nil where that is less than a minute ago.
  mutating func takeEnds(at now: Timestamp) -> TrafficEnds? {
    guard let from = since else {
      since = now
      return nil
    }
    guard now.nanoseconds(since: from) >= 60_000_000_000 else { return nil }
    defer {
      since = now
      ends.removeAll(keepingCapacity: true)
      restBytes = 0
    }
    let sorted = ends.map { key, value in
      TrafficEnds.End(name: key.name, address: value.address, port: key.port, bytes: value.bytes)
    }.sorted { $0.bytes > $1.bytes }
    let rest = sorted.dropFirst(TrafficEnds.told).reduce(restBytes) { $0 &+ $1.bytes }
    return TrafficEnds(from: from, until: now, ends: Array(sorted.prefix(TrafficEnds.told)), restBytes: rest)
  }
}

extension IPAddress {
  fileprivate static let unspecified = IPAddress(v4: 0)
}

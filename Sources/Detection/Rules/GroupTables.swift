internal import AppLayer
internal import PatternMatching
internal import Wire

/// Rules that one scan can wake: literals with the rules behind them, and rules without a literal.
struct PatternGroup: Sendable {
  /// -1: no literals.
  var set: Int32 = -1
  /// By literal id: which members.
  var literals = Part()
  var always = Part()
  /// All literals lie within so many bytes of the start.
  var scanLimit: Int32 = .max
}

/// Where payloads are scanned, each with its own groups by port.
enum PayloadFamily: Int, CaseIterable, Sendable {
  /// TCP packets: literals within the first 256 bytes.
  case tcpPacketHead
  case tcpPacket
  case tcpStream
  case udp, icmp, other

  static let headLength = 256
}

/// Which group the server's port chooses, and the group that the client's port may add.
struct PortMap: Sendable {
  /// 65,536 group numbers; -1: nothing to scan.
  let byPort: Table<Int16>
  /// Rules bound to a few ports of the client; -1: none.
  let odd: Int32
  let oddPorts: Table<UInt64>

  @inline(__always) func isOdd(_ port: UInt16) -> Bool { oddPorts[Int(port >> 6)] >> UInt64(port & 63) & 1 == 1 }

  func free() {
    byPort.free()
    oddPorts.free()
  }
}

/// One buffer of a protocol and direction to scan when it is final.
struct BufferScan: Sendable {
  var buffer: UInt8
  var final: UInt8
  var isMulti: Bool
  var transforms: Int32
  var group: Int32
}

/// All groups of a rule set.
struct GroupTables: @unchecked Sendable {
  static let protocols = 8

  let groups: Table<PatternGroup>
  let literalMembers: Table<Part>
  let members: Table<Int32>
  let sets: [LiteralSet]
  /// By family and direction; nil where no rule is.
  let ports: [PortMap?]
  /// By protocol and direction: the stream group of flows of that protocol; -1: the ports decide.
  let protocolStreams: Table<Int32>
  /// By transport (tcp, udp, icmp, other) and direction: rules for every packet, and for TCP SYN packets only.
  let packets: Table<Part>
  let synPackets: Table<Part>
  /// By protocol and direction.
  let buffers: Table<Part>
  let scans: Table<BufferScan>
  let transactions: Table<Part>
  /// By protocol.
  let transactionEvents: Table<Part>
  let packetEvents: Part
  let addresses: AddressIndex

  var hasStreamRules: Bool {
    let stream = PayloadFamily.tcpStream.rawValue * 2
    if ports[stream] != nil || ports[stream + 1] != nil { return true }
    return (0..<protocolStreams.count).contains { protocolStreams[$0] >= 0 }
  }

  @inline(__always) static func place(_ proto: UInt8, _ direction: Direction) -> Int {
    Int(min(proto, UInt8(protocols - 1))) * 2 + direction.index
  }

  func free() {
    groups.free()
    literalMembers.free()
    members.free()
    for map in ports { map?.free() }
    protocolStreams.free()
    packets.free()
    synPackets.free()
    buffers.free()
    scans.free()
    transactions.free()
    transactionEvents.free()
    addresses.free()
  }
}

/// Address to the address-only rules that list it.
struct AddressIndex: Sendable {
  struct Start: Sendable {
    var address: IPAddress
  }
  let sourceStarts: Table<Start>
  let sourceMembers: Table<Part>
  let destinationStarts: Table<Start>
  let destinationMembers: Table<Part>
  /// Rules that no list narrows.
  let always: Part

  static func find(_ address: IPAddress, _ starts: Table<Start>, _ members: Table<Part>) -> Part {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? Part() : members[low - 1]
  }

  func free() {
    sourceStarts.free()
    sourceMembers.free()
    destinationStarts.free()
    destinationMembers.free()
  }
}

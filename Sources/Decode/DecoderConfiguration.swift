/// Up to four UDP ports, or any: without a reference, for the hot path.
package struct PortChoice: Sendable {
  private var isAny = false
  private var ports: (UInt16, UInt16, UInt16, UInt16) = (0, 0, 0, 0)

  package static let none = PortChoice([])
  package static let any = PortChoice()

  private init() { isAny = true }

  /// The first four of `list` count; port 0 stands for none.
  package init(_ list: [UInt16]) {
    let four = Array(list.prefix(4)) + [0, 0, 0, 0]
    ports = (four[0], four[1], four[2], four[3])
  }

  /// All bits when any port will do.
  var filter: UInt64 {
    if isAny { return .max }
    return [ports.0, ports.1, ports.2, ports.3].filter { $0 != 0 }.reduce(0) { $0 | 1 << UInt64($1 & 63) }
  }

  @inline(__always) func contains(_ port: UInt16) -> Bool {
    isAny || (port != 0 && (port == ports.0 || port == ports.1 || port == ports.2 || port == ports.3))
  }
}

/// Settings of a decoder; the defaults are Suricata's.
package struct DecoderConfiguration: Sendable {
  /// False is `-k none`: checksums stay `.unchecked`.
  package var verifyChecksums = true
  package var vxlanPorts = PortChoice([4789])
  package var genevePorts = PortChoice([6081])
  package var teredoPorts = PortChoice([3544])
  package var erspanTypeI = true
  /// Layers (headers) in one packet, its tunnels included: beyond it `tooManyLayers`. Suricata's `decoder.max-layers`.
  package var maximumLayers = 16
  package init() {}

  /// A bit for each remainder by 64 of a tunnel's port: most ports are told apart by one shift.
  var tunnelPortFilter: UInt64 { vxlanPorts.filter | genevePorts.filter | teredoPorts.filter }
}

/// What a decoder has seen, by the names of Suricata's `stats.decoder`.
package struct DecodeCounters: Sendable {
  package var packets: UInt64 = 0
  package var bytes: UInt64 = 0
  package var invalid: UInt64 = 0
  package var maximumPacketSize: UInt64 = 0
  package var ethernet: UInt64 = 0
  package var arp: UInt64 = 0
  package var unknownEtherType: UInt64 = 0
  package var chdlc: UInt64 = 0
  package var raw: UInt64 = 0
  package var null: UInt64 = 0
  package var sll: UInt64 = 0
  package var sll2: UInt64 = 0
  package var ppp: UInt64 = 0
  package var pppoe: UInt64 = 0
  package var vlan: UInt64 = 0
  package var vlanQinQ: UInt64 = 0
  package var vlanQinQinQ: UInt64 = 0
  package var ieee8021ah: UInt64 = 0
  package var vntag: UInt64 = 0
  package var mpls: UInt64 = 0
  package var ipv4: UInt64 = 0
  package var ipv6: UInt64 = 0
  package var ipv4InIPv4: UInt64 = 0
  package var ipv6InIPv4: UInt64 = 0
  package var ipv4InIPv6: UInt64 = 0
  package var ipv6InIPv6: UInt64 = 0
  package var tcp: UInt64 = 0
  package var udp: UInt64 = 0
  package var sctp: UInt64 = 0
  package var esp: UInt64 = 0
  package var icmpv4: UInt64 = 0
  package var icmpv6: UInt64 = 0
  package var gre: UInt64 = 0
  package var erspan: UInt64 = 0
  package var teredo: UInt64 = 0
  package var vxlan: UInt64 = 0
  package var geneve: UInt64 = 0
  package var nsh: UInt64 = 0
  package var tooManyLayers: UInt64 = 0
  /// Packets whose checksum was wrong. Many of them from one host of ours tell of checksum offloading.
  package var invalidChecksums: UInt64 = 0
  /// One for each `DecodeEvent`, by its raw value.
  package var events: InlineArray<160, UInt64> = .init(repeating: 0)
  package init() {}

  package func count(of event: DecodeEvent) -> UInt64 { events[Int(event.rawValue)] }
}

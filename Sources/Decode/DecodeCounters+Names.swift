extension DecodeCounters {
  /// Every counter by its name in Suricata's stats, in the order of its documentation; then every event.
  package var named: [(name: String, value: UInt64)] {
    let plain: [(String, UInt64)] = [
      ("pkts", packets), ("bytes", bytes), ("invalid", invalid), ("ipv4", ipv4), ("ipv6", ipv6),
      ("ethernet", ethernet), ("arp", arp), ("unknown_ethertype", unknownEtherType), ("chdlc", chdlc), ("raw", raw),
      ("null", null), ("sll", sll), ("sll2", sll2), ("tcp", tcp), ("udp", udp), ("sctp", sctp), ("esp", esp),
      ("icmpv4", icmpv4), ("icmpv6", icmpv6), ("ppp", ppp), ("pppoe", pppoe), ("geneve", geneve), ("gre", gre),
      ("vlan", vlan), ("vlan_qinq", vlanQinQ), ("vlan_qinqinq", vlanQinQinQ), ("vxlan", vxlan), ("vntag", vntag),
      ("ieee8021ah", ieee8021ah), ("teredo", teredo), ("ipv4_in_ipv4", ipv4InIPv4), ("ipv6_in_ipv4", ipv6InIPv4),
      ("ipv4_in_ipv6", ipv4InIPv6), ("ipv6_in_ipv6", ipv6InIPv6), ("mpls", mpls),
      ("avg_pkt_size", packets == 0 ? 0 : bytes / packets), ("max_pkt_size", maximumPacketSize), ("erspan", erspan),
      ("nsh", nsh), ("too_many_layers", tooManyLayers),
    ]
    let events = DecodeEvent.allCases.map { ($0.counterName, count(of: $0)) }
    return plain.map { ("decoder." + $0.0, $0.1) } + events
  }
}

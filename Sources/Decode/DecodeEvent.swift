/// What was wrong with a packet. Names and meanings are those of Suricata's decoder events, so that its rules
/// (`decode-event:`), its anomaly records and its counters read the same here.
///
/// Those about reassembling fragments (`...Fragment...`) are set by `Flow`'s defragmenter.
package enum DecodeEvent: UInt8, CaseIterable, Sendable {
  case ipv4PacketTooSmall, ipv4HeaderTooSmall, ipv4LengthSmallerThanHeader, ipv4Truncated, ipv4OptionInvalid,
    ipv4OptionInvalidLength, ipv4OptionMalformed, ipv4OptionPaddingRequired, ipv4OptionEndRequired,
    ipv4OptionDuplicate, ipv4OptionUnknown, ipv4WrongVersion, ipv4WithICMPv6, ipv4FragmentsTooLarge,
    ipv4FragmentOverlap, ipv4FragmentIgnored
  case icmpv4PacketTooSmall, icmpv4UnknownType, icmpv4UnknownCode, icmpv4EmbeddedTruncated,
    icmpv4EmbeddedUnknownVersion
  case icmpv6UnknownType, icmpv6UnknownCode, icmpv6PacketTooSmall, icmpv6EmbeddedUnknownVersion,
    icmpv6EmbeddedTruncated, icmpv6MLDWithInvalidHopLimit, icmpv6UnassignedType, icmpv6ExperimentationType
  case ipv6PacketTooSmall, ipv6Truncated, ipv6ExtensionTruncated, ipv6DuplicateFragmentHeader,
    ipv6UselessFragmentHeader, ipv6DuplicateRoutingHeader, ipv6DuplicateHopByHopHeader,
    ipv6DuplicateDestinationHeader, ipv6DuplicateAuthenticationHeader, ipv6DuplicateESPHeader,
    ipv6ExtensionInvalidOptionLength, ipv6WrongVersion, ipv6AuthenticationReservedNotZero, ipv6HopByHopUnknownOption,
    ipv6HopByHopOnlyPadding, ipv6DestinationUnknownOption, ipv6DestinationOnlyPadding, ipv6RoutingType0,
    ipv6ZeroLengthPadN, ipv6FragmentReservedNotZero, ipv6DataAfterNoneHeader, ipv6UnknownNextHeader, ipv6WithICMPv4,
    ipv6FragmentsTooLarge, ipv6FragmentOverlap, ipv6FragmentInvalidLength, ipv6FragmentIgnored,
    ipv6InnerIPv4TooSmall, ipv6InnerIPv4WrongVersion, ipv6InnerIPv6TooSmall, ipv6InnerIPv6WrongVersion
  case tcpPacketTooSmall, tcpHeaderTooSmall, tcpInvalidOptionsLength, tcpOptionInvalidLength, tcpOptionDuplicate
  case udpPacketTooSmall, udpHeaderTooSmall, udpHeaderInvalid, udpLengthInvalid
  case sllPacketTooSmall
  case sll2PacketTooSmall
  case ethernetPacketTooSmall, ethernetUnknownEtherType
  case pppPacketTooSmall, pppVJUncompressedTooSmall, pppIPv4TooSmall, pppIPv6TooSmall, pppWrongType,
    pppUnsupportedProtocol
  case pppoePacketTooSmall, pppoeWrongCode, pppoeMalformedTags
  case grePacketTooSmall, greWrongVersion, greVersion0Recursion, greVersion0Flags, greVersion0HeaderTooBig,
    greVersion0MalformedSourceRoute, greVersion1Checksum, greVersion1Routing, greVersion1StrictSourceRoute,
    greVersion1Recursion, greVersion1Flags, greVersion1NoKey, greVersion1WrongProtocol,
    greVersion1MalformedSourceRoute, greVersion1HeaderTooBig
  case vlanHeaderTooSmall, vlanUnknownType, vlanTooManyLayers
  case ieee8021ahHeaderTooSmall
  case vntagHeaderTooSmall, vntagUnknownType
  case ipRawInvalidVersion
  case loopbackPacketTooSmall, loopbackUnsupportedType
  case sctpPacketTooSmall
  case espPacketTooSmall
  case mplsHeaderTooSmall, mplsPacketTooSmall, mplsBadLabelRouterAlert, mplsBadLabelImplicitNull,
    mplsBadLabelReserved, mplsUnknownPayloadType
  case vxlanUnknownPayloadType
  case geneveUnknownPayloadType
  case erspanHeaderTooSmall, erspanUnsupportedVersion, erspanTooManyVLANLayers
  case dcePacketTooSmall
  case chdlcPacketTooSmall
  case nshHeaderTooSmall, nshUnsupportedVersion, nshBadHeaderLength, nshReservedType, nshUnsupportedType,
    nshUnknownPayload
  case arpPacketTooSmall, arpUnsupportedHardware, arpUnsupportedProtocol, arpUnsupportedPacket,
    arpInvalidHardwareSize, arpInvalidProtocolSize, arpUnsupportedOpcode
  case tooManyLayers, captureTruncated

  /// As in rules: `ipv4.trunc_pkt`.
  package var ruleName: String { DecodeEvent.ruleNames[Int(rawValue)] }
  /// As in anomaly records: `decoder.ipv4.trunc_pkt`.
  package var name: String { "decoder." + ruleName }
  /// As in stats: `decoder.event.ipv4.trunc_pkt`.
  package var counterName: String { "decoder.event." + ruleName }

  /// By the name in rules, with or without `decoder.` before it.
  package init?(name: String) {
    let short = name.hasPrefix("decoder.") ? String(name.dropFirst(8)) : name
    guard let index = DecodeEvent.ruleNames.firstIndex(of: short) else { return nil }
    self.init(rawValue: UInt8(index))
  }

  /// In the order of the cases; a test holds them together.
  private static let ruleNames: [String] = [
    "ipv4.pkt_too_small", "ipv4.hlen_too_small", "ipv4.iplen_smaller_than_hlen", "ipv4.trunc_pkt", "ipv4.opt_invalid",
    "ipv4.opt_invalid_len", "ipv4.opt_malformed", "ipv4.opt_pad_required", "ipv4.opt_eol_required",
    "ipv4.opt_duplicate", "ipv4.opt_unknown", "ipv4.wrong_ip_version", "ipv4.icmpv6", "ipv4.frag_pkt_too_large",
    "ipv4.frag_overlap", "ipv4.frag_ignored", "icmpv4.pkt_too_small", "icmpv4.unknown_type", "icmpv4.unknown_code",
    "icmpv4.ipv4_trunc_pkt", "icmpv4.ipv4_unknown_ver", "icmpv6.unknown_type", "icmpv6.unknown_code",
    "icmpv6.pkt_too_small", "icmpv6.ipv6_unknown_version", "icmpv6.ipv6_trunc_pkt",
    "icmpv6.mld_message_with_invalid_hl", "icmpv6.unassigned_type", "icmpv6.experimentation_type",
    "ipv6.pkt_too_small", "ipv6.trunc_pkt", "ipv6.trunc_exthdr", "ipv6.exthdr_dupl_fh", "ipv6.exthdr_useless_fh",
    "ipv6.exthdr_dupl_rh", "ipv6.exthdr_dupl_hh", "ipv6.exthdr_dupl_dh", "ipv6.exthdr_dupl_ah", "ipv6.exthdr_dupl_eh",
    "ipv6.exthdr_invalid_optlen", "ipv6.wrong_ip_version", "ipv6.exthdr_ah_res_not_null", "ipv6.hopopts_unknown_opt",
    "ipv6.hopopts_only_padding", "ipv6.dstopts_unknown_opt", "ipv6.dstopts_only_padding", "ipv6.rh_type_0",
    "ipv6.zero_len_padn", "ipv6.fh_non_zero_reserved_field", "ipv6.data_after_none_header",
    "ipv6.unknown_next_header", "ipv6.icmpv4", "ipv6.frag_pkt_too_large", "ipv6.frag_overlap",
    "ipv6.frag_invalid_length", "ipv6.frag_ignored", "ipv6.ipv4_in_ipv6_too_small", "ipv6.ipv4_in_ipv6_wrong_version",
    "ipv6.ipv6_in_ipv6_too_small", "ipv6.ipv6_in_ipv6_wrong_version", "tcp.pkt_too_small", "tcp.hlen_too_small",
    "tcp.invalid_optlen", "tcp.opt_invalid_len", "tcp.opt_duplicate", "udp.pkt_too_small", "udp.hlen_too_small",
    "udp.hlen_invalid", "udp.len_invalid", "sll.pkt_too_small", "sll2.pkt_too_small", "ethernet.pkt_too_small",
    "ethernet.unknown_ethertype", "ppp.pkt_too_small", "ppp.vju_pkt_too_small", "ppp.ip4_pkt_too_small",
    "ppp.ip6_pkt_too_small", "ppp.wrong_type", "ppp.unsup_proto", "pppoe.pkt_too_small", "pppoe.wrong_code",
    "pppoe.malformed_tags", "gre.pkt_too_small", "gre.wrong_version", "gre.version0_recur", "gre.version0_flags",
    "gre.version0_hdr_too_big", "gre.version0_malformed_sre_hdr", "gre.version1_chksum", "gre.version1_route",
    "gre.version1_ssr", "gre.version1_recur", "gre.version1_flags", "gre.version1_no_key",
    "gre.version1_wrong_protocol", "gre.version1_malformed_sre_hdr", "gre.version1_hdr_too_big",
    "vlan.header_too_small", "vlan.unknown_type", "vlan.too_many_layers", "ieee8021ah.header_too_small",
    "vntag.header_too_small", "vntag.unknown_type", "ipraw.invalid_ip_version", "ltnull.pkt_too_small",
    "ltnull.unsupported_type", "sctp.pkt_too_small", "esp.pkt_too_small", "mpls.header_too_small",
    "mpls.pkt_too_small", "mpls.bad_label_router_alert", "mpls.bad_label_implicit_null", "mpls.bad_label_reserved",
    "mpls.unknown_payload_type", "vxlan.unknown_payload_type", "geneve.unknown_payload_type",
    "erspan.header_too_small", "erspan.unsupported_version", "erspan.too_many_vlan_layers", "dce.pkt_too_small",
    "chdlc.pkt_too_small", "nsh.header_too_small", "nsh.unsupported_version", "nsh.bad_header_length",
    "nsh.reserved_type", "nsh.unsupported_type", "nsh.unknown_payload", "arp.pkt_too_small",
    "arp.unsupported_hardware", "arp.unsupported_protocol", "arp.unsupported_pkt", "arp.invalid_hardware_size",
    "arp.invalid_protocol_size", "arp.unsupported_opcode", "too_many_layers", "afpacket.trunc_pkt",
  ]
}

/// What was odd about a TCP segment, under the names that rules know (`stream-event:`; EVE's anomaly records).
package enum StreamEvent: UInt8, Sendable, CaseIterable {
  case handshakeAckInWrongDirection, handshakeAsyncWrongSequence, handshakeRightSequenceWrongAckEvasion
  case handshakeSynAckInWrongDirection, handshakeSynAckResendWithDifferentAck,
    handshakeSynAckResendWithDifferentSequence
  case handshakeSynAckToServerOnSynReceived, handshakeSynAckWithWrongAck, handshakeSynAckFlood
  case handshakeSynAckIgnoredFastOpenData, handshakeSynResendDifferentSequence, handshakeSynToClientOnSynReceived
  case handshakeWrongSequenceWrongAck, handshakeAckDataInjected
  case fourWaySynAckWithWrongAck, fourWaySynAckWithWrongSyn, fourWayWrongSequence, fourWayInvalidAck
  case closeWaitAckOutOfWindow, closeWaitFinOutOfWindow, closeWaitPacketBeforeLastAck, closeWaitInvalidAck
  case closingAckWrongSequence, closingInvalidAck
  case establishedPacketOutOfWindow, establishedPacketBeforeLastAck, establishedSynAckResend
  case establishedSynAckResendWithDifferentAck, establishedSynAckResendWithDifferentSequence
  case establishedSynAckToServer, establishedSynResend, establishedSynResendDifferentSequence
  case establishedSynToClient, establishedInvalidAck
  case finInvalidAck, fin1AckWrongSequence, fin1FinWrongSequence, fin1InvalidAck
  case fin2AckWrongSequence, fin2FinWrongSequence, fin2InvalidAck
  case finButNoSession, finOutOfWindow, finSyn
  case lastAckAckWrongSequence, lastAckInvalidAck
  case resetButNoSession, resetInvalidAck, suspectedResetInjection
  case timeWaitAckWrongSequence, timeWaitInvalidAck, shutdownSynResend
  case packetInvalidTimestamp, packetInvalidAck, packetBrokenAck, packetBadWindowUpdate
  case packetRetransmission, packetSpuriousRetransmission, wrongThread
  case reassemblySegmentBeforeBase, reassemblyNoSegment, reassemblySequenceGap, reassemblyOverlapDifferentData
  case reassemblyDepthReached, reassemblyInsertMemoryCap, reassemblyInsertLimit, reassemblyInsertInvalid

  /// As rules and EVE have it, with the leading `stream.`.
  package var name: String { "stream." + StreamEvent.keywords[Int(rawValue)] }

  /// From a rule's keyword, with or without `stream.`.
  package init?(name: some StringProtocol) {
    let keyword = name.hasPrefix("stream.") ? name.dropFirst(7) : name[...]
    guard let index = StreamEvent.keywords.firstIndex(where: { keyword == $0 }) else { return nil }
    self.init(rawValue: UInt8(index))
  }

  /// In the order of the cases.
  static let keywords = [
    "3whs_ack_in_wrong_dir", "3whs_async_wrong_seq", "3whs_right_seq_wrong_ack_evasion",
    "3whs_synack_in_wrong_direction", "3whs_synack_resend_with_different_ack", "3whs_synack_resend_with_diff_seq",
    "3whs_synack_toserver_on_syn_recv", "3whs_synack_with_wrong_ack", "3whs_synack_flood",
    "3whs_synack_tfo_data_ignored", "3whs_syn_resend_diff_seq_on_syn_recv", "3whs_syn_toclient_on_syn_recv",
    "3whs_wrong_seq_wrong_ack", "3whs_ack_data_inject",
    "4whs_synack_with_wrong_ack", "4whs_synack_with_wrong_syn", "4whs_wrong_seq", "4whs_invalid_ack",
    "closewait_ack_out_of_window", "closewait_fin_out_of_window", "closewait_pkt_before_last_ack",
    "closewait_invalid_ack", "closing_ack_wrong_seq", "closing_invalid_ack",
    "est_packet_out_of_window", "est_pkt_before_last_ack", "est_synack_resend",
    "est_synack_resend_with_different_ack", "est_synack_resend_with_diff_seq",
    "est_synack_toserver", "est_syn_resend", "est_syn_resend_diff_seq",
    "est_syn_toclient", "est_invalid_ack",
    "fin_invalid_ack", "fin1_ack_wrong_seq", "fin1_fin_wrong_seq", "fin1_invalid_ack",
    "fin2_ack_wrong_seq", "fin2_fin_wrong_seq", "fin2_invalid_ack",
    "fin_but_no_session", "fin_out_of_window", "fin_syn",
    "lastack_ack_wrong_seq", "lastack_invalid_ack",
    "rst_but_no_session", "rst_invalid_ack", "suspected_rst_inject",
    "timewait_ack_wrong_seq", "timewait_invalid_ack", "shutdown_syn_resend",
    "pkt_invalid_timestamp", "pkt_invalid_ack", "pkt_broken_ack", "pkt_bad_window_update",
    "pkt_retransmission", "pkt_spurious_retransmission", "wrong_thread",
    "reassembly_segment_before_base_seq", "reassembly_no_segment", "reassembly_seq_gap",
    "reassembly_overlap_different_data", "reassembly_depth_reached", "reassembly_insert_memcap",
    "reassembly_insert_limit", "reassembly_insert_invalid",
  ]
}

/// The events of one segment: a set of 128 bits.
package struct StreamEventSet: Sendable, Equatable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  package init() {}

  @inline(__always) package var isEmpty: Bool { low | high == 0 }

  package func contains(_ event: StreamEvent) -> Bool {
    let bit = UInt64(1) << UInt64(event.rawValue & 63)
    return (event.rawValue < 64 ? low : high) & bit != 0
  }
  package mutating func insert(_ event: StreamEvent) {
    let bit = UInt64(1) << UInt64(event.rawValue & 63)
    if event.rawValue < 64 { low |= bit } else { high |= bit }
  }
  /// In the order of the cases.
  package func forEach(_ body: (StreamEvent) -> Void) {
    guard !isEmpty else { return }
    for event in StreamEvent.allCases where contains(event) { body(event) }
  }
}

package import Wire

/// One DNS message. Queries and responses are transactions of their own, as in Suricata.
package final class DNSTransaction: Transaction {
  package let message: DNSMessage
  package var isResponse: Bool { message.header.isResponse }
  /// For the typed keywords `dns.opcode`, `dns.rcode` (extended by EDNS) and `dns.rrtype` (of the first question).
  package var opcode: UInt8 { message.header.opcode }
  package var rcode: UInt16 { message.extendedResponseCode }
  package var firstType: UInt16? { message.questions.first?.type.rawValue }

  var arena = ByteArena()
  var lent: [Int: Bytes] = [:]

  init(id: UInt64, message: DNSMessage, direction: Direction, at time: Timestamp) {
    self.message = message
    super.init(id: id, proto: .dns, at: time, onlyDirection: direction)
    advance(.toServer, to: AppProgress.complete)
    advance(.toClient, to: AppProgress.complete)
  }

  package override func bytes(_ buffer: AppBuffer, _ instance: Int, _ direction: Direction) -> UnsafeRawBufferPointer? {
    unsafe value(buffer, instance)?.raw
  }
}

internal import Glibc
internal import Records
package import Wire

/// Direct questions to one authoritative server: UDP, TCP where the answer was cut, each answer checked against its
/// question. Only where the policy lets us reach the address (decision 0021).
package struct NameServerClient {
  let context: ScanContext
  let endpoint: Endpoint
  static let patience = 2_500
  /// Foreign datagrams that are dropped while waiting for the right one.
  private static let strayLimit = 16
  /// Messages of a zone transfer that are read: enough to know that it is one.
  private static let transferLimit = 3

  static func refusal(of address: IPAddress, _ context: ScanContext) -> String? {
    context.settings.policy.refusal(of: address).map { "refused target: name server \(address) is \($0.rawValue)" }
  }

  /// A lost datagram is asked for once more.
  func ask(_ name: String, _ type: DNSType, recursion: Bool = false) throws(ConnectionFailure) -> DNSMessage {
    do throws(ConnectionFailure) {
      return try askOnce(name, type, recursion)
    } catch {
      guard error == .timedOut else { throw error }
      return try askOnce(name, type, recursion)
    }
  }

  private func askOnce(_ name: String, _ type: DNSType, _ recursion: Bool) throws(ConnectionFailure) -> DNSMessage {
    let query = try begin(name, type, recursion)
    let socket = try RegisteredSocket(.datagram, to: endpoint, context, patience: 0)
    if let failure = socket.connect() { throw failure }
    let limit = Deadline(milliseconds: NameServerClient.patience)
    try socket.send(query, until: limit)
    for _ in 0..<NameServerClient.strayLimit {
      let bytes = try socket.receive(until: limit)
      guard let message = NameServerClient.answer(bytes, to: query, name, type) else { continue }
      guard message.header.isTruncated else { return message }
      return try overTCP(name, type, atMost: 1).first ?? message
    }
    throw .timedOut
  }

  /// What the server hands out of its zone when asked for all of it: at most a few messages are read.
  func transfer(_ zone: String) throws(ConnectionFailure) -> [DNSMessage] {
    try overTCP(zone, .axfr, atMost: NameServerClient.transferLimit)
  }

  private func begin(_ name: String, _ type: DNSType, _ recursion: Bool) throws(ConnectionFailure) -> [UInt8] {
    if let refusal = NameServerClient.refusal(of: endpoint.address, context) { throw .refusedTarget(refusal) }
    guard context.awaitQuery(to: endpoint.address) else { throw context.isStopped ? .stopped : .deadline }
    let payload: UInt16? = type == .axfr ? nil : 1232
    guard
      let query = DNSQueryWriter.query(
        name: name, type: type, id: .random(in: 0...(.max)), recursionDesired: recursion, payloadSize: payload)
    else { throw .system(EINVAL) }
    return query
  }

  private func overTCP(_ name: String, _ type: DNSType, atMost: Int) throws(ConnectionFailure) -> [DNSMessage] {
    let query = try begin(name, type, false)
    let socket = try RegisteredSocket(.stream, to: endpoint, context, patience: context.deadline.remaining)
    if let failure = socket.connect() { throw failure }
    let limit = Deadline(milliseconds: NameServerClient.patience * 2)
    try socket.wait(POLLOUT, until: limit)
    if let failure = socket.connectError { throw failure }
    try socket.send([UInt8(query.count >> 8), UInt8(truncatingIfNeeded: query.count)] + query, until: limit)
    var buffer: [UInt8] = []
    var messages: [DNSMessage] = []
    while messages.count < atMost {
      if buffer.count >= 2 {
        let length = Int(buffer[0]) << 8 | Int(buffer[1])
        if buffer.count >= 2 + length {
          let bytes = Array(buffer[2..<2 + length])
          buffer.removeFirst(2 + length)
          // Later messages of a transfer may leave the question out (RFC 5936 section 2.2.1).
          guard let message = NameServerClient.answer(bytes, to: query, name, type, orNone: !messages.isEmpty) else {
            throw .closed
          }
          messages.append(message)
          let seen = messages.reduce(0) { $0 + $1.records(.answer).count }
          // A record beside the SOA shows a transfer: servers keep the connection, and the rest is not wanted.
          if message.header.responseCode != 0 || message.records(.answer).isEmpty || seen > 1 { break }
          continue
        }
      }
      let more = try NameServerClient.next(socket, until: limit, hasSome: !messages.isEmpty)
      if more.isEmpty {
        guard !messages.isEmpty else { throw .closed }
        break
      }
      buffer += more
    }
    return messages
  }

  /// Empty at the stream's end, and where one who has answered says no more.
  private static func next(
    _ socket: RegisteredSocket, until limit: Deadline, hasSome: Bool
  ) throws(ConnectionFailure) -> [UInt8] {
    do throws(ConnectionFailure) {
      return try socket.receive(until: limit)
    } catch {
      guard hasSome, error == .timedOut else { throw error }
      return []
    }
  }

  /// Nil for what does not answer the question: another id, another name, no response, a message that breaks.
  package static func answer(
    _ bytes: [UInt8], to query: [UInt8], _ name: String, _ type: DNSType, orNone: Bool = false
  ) -> DNSMessage? {
    guard bytes.count >= DNSHeader.length, query.count >= 2, bytes[0] == query[0], bytes[1] == query[1],
      let message = unsafe DNSMessage(bytes.span.bytes), message.header.isResponse, message.header.opcode == 0
    else { return nil }
    guard message.faults.isEmpty || message.header.isTruncated else { return nil }
    if orNone, message.questions.isEmpty { return message }
    guard let question = message.questions.first, message.questions.count == 1, question.type == type,
      question.dnsClass == 1, DomainName.text(message.name(question.name)) == DomainName.normal(name)
    else { return nil }
    return message
  }
}

internal import Wire

/// DNS over UDP (a datagram a message) and TCP (two bytes of length before each). Every message is a transaction.
final class DNSParser {
  private let isTCP: Bool
  private var pending: [GrowingBytes?] = [nil, nil]
  private var skip = [0, 0]
  private var isLost = [false, false]

  init(isTCP: Bool) { self.isTCP = isTCP }

  func receive(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp, session: AppSession) {
    guard isTCP else { return message(bytes, direction, at: time, session) }
    guard !isLost[direction.index] else { return }
    guard let buffer = pending[direction.index], buffer.count > 0 else {
      let left = messages(bytes, direction, at: time, session)
      if left < bytes.byteCount { keep(bytes.from(left), direction) }
      return
    }
    buffer.append(bytes)
    let held = unsafe Bytes(buffer.bytes)
    let left = held.withSpan { messages($0, direction, at: time, session) }
    buffer.removeFirst(left)
  }

  private func keep(_ rest: RawSpan, _ direction: Direction) {
    let buffer = pending[direction.index] ?? GrowingBytes()
    pending[direction.index] = buffer
    buffer.append(rest)
  }

  /// Every whole message; how many bytes that took.
  private func messages(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp, _ session: AppSession) -> Int {
    var at = 0
    while at + 2 <= bytes.byteCount {
      let length = Int(bytes.u16(at))
      guard at + 2 + length <= bytes.byteCount else { break }
      if length > 0 { message(bytes.clamped(at + 2, at + 2 + length), direction, at: time, session) }
      at += 2 + length
    }
    return at
  }

  /// After a gap nothing says where the next message begins.
  func gap(_ count: Int, _ direction: Direction, at time: Timestamp, session: AppSession) {
    isLost[direction.index] = isTCP
    pending[direction.index] = nil
  }
  func end(_ direction: Direction, at time: Timestamp, session: AppSession) { pending[direction.index] = nil }

  private func message(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp, _ session: AppSession) {
    guard let message = DNSMessage(bytes) else { return session.raise(.dnsMalformedData, nil, direction) }
    let header = message.header
    guard header.isResponse == (direction == .toClient) else {
      return session.raise(direction == .toServer ? .dnsNotRequest : .dnsNotResponse, nil, direction)
    }
    let hasNothing = message.questions.isEmpty && message.records.isEmpty
    if hasNothing, !message.faults.isEmpty, message.faults.isDisjoint(with: [.loop, .tooManyLabels, .nameTooLong]) {
      return session.raise(.dnsMalformedData, nil, direction)
    }
    makeRoom(session)
    let transaction = DNSTransaction(id: session.takeID(), message: message, direction: direction, at: time)
    session.adopt(transaction)
    report(message, transaction, direction, session)
  }

  private func report(
    _ message: DNSMessage, _ transaction: Transaction, _ direction: Direction, _ session: AppSession
  ) {
    if message.header.z { session.raise(.dnsZFlagSet, transaction, direction) }
    if message.header.opcode >= 7 { session.raise(.dnsInvalidOpcode, transaction, direction) }
    let faults = message.faults
    guard !faults.isEmpty else { return }
    if faults.contains(.nameTooLong) { session.raise(.dnsNameTooLong, transaction, direction) }
    if faults.contains(.loop) { session.raise(.dnsInfiniteLoop, transaction, direction) }
    if faults.contains(.tooManyLabels) { session.raise(.dnsTooManyLabels, transaction, direction) }
    if faults.contains(.badAdditionals) { session.raise(.dnsInvalidAdditionals, transaction, direction) }
    if faults.contains(.badAuthorities) { session.raise(.dnsInvalidAuthorities, transaction, direction) }
    if !faults.isDisjoint(with: [.truncated, .badLabel]) { session.raise(.dnsMalformedData, transaction, direction) }
  }

  /// The oldest goes when its owner never releases.
  private func makeRoom(_ session: AppSession) {
    if session.transactions.count >= session.configuration.settings.dns.transactionLimit {
      session.transactions.removeFirst()
    }
  }
}

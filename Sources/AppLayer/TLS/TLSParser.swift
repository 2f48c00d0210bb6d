internal import Wire

/// Follows the handshake of both sides; once both talk encrypted it reads no more.
///
/// Records are taken from the segment where they lie whole in it; a handshake message that spans records is collected.
final class TLSParser {
  struct Half {
    /// Bytes of a record not whole yet.
    var pending = GrowingBytes()
    /// A handshake message that spans records.
    var message = GrowingBytes()
    /// Bytes of a record that nobody needs, still to come.
    var skip = 0
    var hasChangedCipher = false
    var isLost = false
  }
  private var halves = [Half(), Half()]
  private(set) var isFinished = false
  let transaction: TLSTransaction
  let settings: AppLayerSettings.TLS

  init(session: AppSession, at time: Timestamp) {
    settings = session.configuration.settings.tls
    transaction = TLSTransaction(id: session.takeID(), at: time)
    session.adopt(transaction)
  }

  func receive(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp, session: AppSession) {
    if isFinished || halves[direction.index].isLost { return }
    transaction.updated = time
    var rest = bytes
    if halves[direction.index].skip > 0 {
      let skipped = min(halves[direction.index].skip, rest.byteCount)
      halves[direction.index].skip -= skipped
      rest = rest.from(skipped)
    }
    let pending = halves[direction.index].pending
    guard pending.count > 0 else {
      let used = records(rest, direction, session)
      if used < rest.byteCount { pending.append(rest.from(used)) }
      return
    }
    pending.append(rest)
    let held = unsafe Bytes(pending.bytes)
    let used = held.withSpan { records($0, direction, session) }
    pending.removeFirst(used)
  }

  /// Every whole record; the bytes it took. A record that nobody needs is skipped before it is whole.
  private func records(_ bytes: RawSpan, _ direction: Direction, _ session: AppSession) -> Int {
    var at = 0
    var count = 0
    while !isFinished, !halves[direction.index].isLost {
      let rest = bytes.from(at)
      if let length = sslv2(rest, direction, session) {
        at += length
        continue
      }
      guard let header = TLSRecordHeader(rest) else { break }
      guard isSound(header, direction, session) else {
        halves[direction.index].isLost = true
        return bytes.byteCount
      }
      count += 1
      // The limit that Suricata's event knows: a flood of tiny records.
      if count > 255 { session.raise(.tlsTooManyRecordsInPacket, transaction, direction) }
      let length = TLSRecordHeader.length + header.bodyLength
      if length <= rest.byteCount {
        record(header, rest.clamped(TLSRecordHeader.length, length), direction, session)
      } else if header.content == TLSNumber.Content.applicationData {
        record(header, rest.clamped(0, 0), direction, session)
        halves[direction.index].skip = length - rest.byteCount
        return bytes.byteCount
      } else {
        break
      }
      at += length
    }
    return isFinished ? bytes.byteCount : at
  }

  private func isSound(_ header: TLSRecordHeader, _ direction: Direction, _ session: AppSession) -> Bool {
    if !header.isContentKnown {
      session.raise(.tlsInvalidRecordType, transaction, direction)
      return false
    }
    if !header.isVersionKnown {
      session.raise(.tlsInvalidRecordVersion, transaction, direction)
      return false
    }
    if header.bodyLength > TLSRecordHeader.lengthLimit || header.bodyLength == 0 && header.content != 23 {
      session.raise(.tlsInvalidSslRecord, transaction, direction)
      return header.bodyLength == 0
    }
    return true
  }

  /// An SSL 2.0 client hello at the very start; the bytes it takes.
  private func sslv2(_ bytes: RawSpan, _ direction: Direction, _ session: AppSession) -> Int? {
    guard direction == .toServer, transaction.progressToServer == 0, let hello = SSLv2ClientHello(bytes) else {
      return nil
    }
    transaction.version = TLSVersion(rawValue: hello.version)
    transaction.client.helloVersion = TLSVersion(rawValue: hello.version)
    transaction.state.insert(.clientHello)
    transaction.advance(.toServer, to: AppProgress.hello)
    return min(hello.length, bytes.byteCount)
  }

  private func record(_ header: TLSRecordHeader, _ body: RawSpan, _ direction: Direction, _ session: AppSession) {
    switch header.content {
    case TLSNumber.Content.handshake where !halves[direction.index].hasChangedCipher:
      handshake(body, direction, session)
    case TLSNumber.Content.changeCipherSpec: changeCipher(direction)
    case TLSNumber.Content.alert where !halves[direction.index].hasChangedCipher: alert(body, direction, session)
    case TLSNumber.Content.heartbeat: session.raise(.tlsHeartbeatMessage, transaction, direction)
    case TLSNumber.Content.applicationData: encrypted(direction)
    default: break
    }
  }

  private func changeCipher(_ direction: Direction) {
    halves[direction.index].hasChangedCipher = true
    guard transaction.version != .tls13, transaction.version?.isDraft != true else { return }
    if direction == .toClient, transaction.server.certificates.isEmpty,
      transaction.progressToClient >= AppProgress.hello
    {
      transaction.isSessionResumed = true
    }
    transaction.advance(direction, to: AppProgress.handshake)
    if halves[0].hasChangedCipher, halves[1].hasChangedCipher { finish() }
  }
  private func encrypted(_ direction: Direction) {
    halves[direction.index].hasChangedCipher = true
    transaction.advance(direction, to: AppProgress.handshake)
    // Early data comes before the server has spoken.
    guard transaction.progressToClient >= AppProgress.hello || transaction.progressToServer == 0 else { return }
    if direction == .toServer || halves[0].hasChangedCipher { finish() }
  }
  private func finish() {
    isFinished = true
    transaction.isEncrypted = true
    transaction.advance(.toServer, to: AppProgress.complete)
    transaction.advance(.toClient, to: AppProgress.complete)
    for index in 0...1 {
      halves[index].pending.free()
      halves[index].message.free()
    }
  }

  private func alert(_ body: RawSpan, _ direction: Direction, _ session: AppSession) {
    guard let alert = TLSAlert(body) else { return session.raise(.tlsInvalidAlert, transaction, direction) }
    transaction.lastAlert = (alert.level, alert.description)
    if alert.level == 2 { session.raise(.tlsErrorMessageEncountered, transaction, direction) }
  }

  private func handshake(_ body: RawSpan, _ direction: Direction, _ session: AppSession) {
    let held = halves[direction.index].message
    guard held.count > 0 else {
      let used = messages(body, direction, session)
      if used < body.byteCount { held.append(body.from(used), limit: settings.handshakeLimit) }
      return
    }
    if held.count + body.byteCount > settings.handshakeLimit {
      session.raise(.tlsHandshakeInvalidLength, transaction, direction)
      halves[direction.index].isLost = true
      return held.free()
    }
    held.append(body)
    let all = unsafe Bytes(held.bytes)
    let used = all.withSpan { messages($0, direction, session) }
    held.removeFirst(used)
  }

  private func messages(_ bytes: RawSpan, _ direction: Direction, _ session: AppSession) -> Int {
    var at = 0
    while at + 4 <= bytes.byteCount {
      let length = Int(bytes.u24(at + 1))
      guard length <= settings.handshakeLimit else {
        session.raise(.tlsHandshakeInvalidLength, transaction, direction)
        halves[direction.index].isLost = true
        return bytes.byteCount
      }
      guard at + 4 + length <= bytes.byteCount else { break }
      message(bytes.byte(at), bytes.clamped(at + 4, at + 4 + length), direction, session)
      at += 4 + length
    }
    return at
  }

  func gap(_ count: Int, _ direction: Direction, at time: Timestamp, session: AppSession) {
    if isFinished { return }
    let skipped = min(count, halves[direction.index].skip)
    halves[direction.index].skip -= skipped
    if skipped < count { halves[direction.index].isLost = true }
  }
  /// A handshake that never ended is a transaction all the same.
  func end(_ direction: Direction, at time: Timestamp, session: AppSession) {
    transaction.advance(direction, to: AppProgress.complete)
  }
}

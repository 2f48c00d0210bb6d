internal import Wire

/// HTTP/1 and 0.9 on one connection: both directions as state machines, responses matched to requests in order.
///
/// A head is parsed in one go when it is whole (or cut, at a limit or the end); bodies are handed on as they come.
final class HTTPParser {
  let configuration: AppLayerConfiguration
  let settings: AppLayerSettings.HTTP
  let halves = HTTPHalves()
  /// Requests whose response has not ended, oldest first.
  var waiting: [HTTPTransaction] = []

  init(configuration: AppLayerConfiguration) {
    self.configuration = configuration
    settings = configuration.settings.http
  }

  func receive(_ bytes: RawSpan, _ direction: Direction, at time: Timestamp, session: AppSession) {
    let half = halves[direction.index]
    half.time = time
    if half.isOverLimit, skips(bytes.byteCount, half, direction) { return }
    let pending = half.pending
    if pending.count > 0 {
      pending.append(bytes)
      let held = unsafe Bytes(pending.bytes)
      let used = consume(held, direction, session)
      pending.removeFirst(used)
    } else {
      unsafe bytes.withUnsafeBytes { raw in
        let all = unsafe Bytes(raw)
        let used = consume(all, direction, session)
        if used < all.count { all.from(used).withSpan { pending.append($0) } }
      }
    }
  }

  /// The rest of a body of which nothing more is kept: counted, not looked at.
  private func skips(_ number: Int, _ half: HTTPHalf, _ direction: Direction) -> Bool {
    switch half.state {
    case .length(let left) where left > UInt64(number): half.state = .length(left - UInt64(number))
    case .chunk(let left) where left > UInt64(number): half.state = .chunk(left - UInt64(number))
    case .untilClose: break
    default: return false
    }
    count(number, direction)
    return true
  }

  /// Goes through the states until bytes run out or more are needed; how many were used.
  private func consume(_ bytes: Bytes, _ direction: Direction, _ session: AppSession) -> Int {
    var at = 0
    while at < bytes.count {
      let before = at
      let rest = bytes.from(at)
      switch halves[direction.index].state {
      case .head:
        guard let used = head(rest, direction, session) else { return at }
        at += used
      case .length(let left):
        let part = rest.prefix(Int(min(left, UInt64(Int32.max))))
        at += part.count
        halves[direction.index].state = .length(left - UInt64(part.count))
        body(part, direction, session)
        if left == UInt64(part.count) { finish(direction, session) }
      case .untilClose:
        body(rest, direction, session)
        at = bytes.count
      case .chunkSize:
        guard let used = chunkSize(rest, direction, session) else { return at }
        at += used
      case .chunk(let left):
        let part = rest.prefix(Int(min(left, UInt64(Int32.max))))
        at += part.count
        halves[direction.index].state = left == UInt64(part.count) ? .chunkEnd : .chunk(left - UInt64(part.count))
        body(part, direction, session)
      case .chunkEnd:
        guard let end = rest.firstIndex(of: 10) else {
          if rest.count < 64 { return at }
          halves[direction.index].state = .chunkSize
          continue
        }
        count(end + 1, direction)
        at += end + 1
        halves[direction.index].state = .chunkSize
      case .trailer:
        guard let used = trailer(rest, direction, session) else { return at }
        at += used
      case .lost:
        guard resynchronises(rest, direction) else { return bytes.count }
        halves[direction.index].state = .head
      case .tunnel:
        session.receiveTunnelled(rest, direction, at: halves[direction.index].time)
        return bytes.count
      case .ignored: return bytes.count
      }
      if at == before, case .head = halves[direction.index].state { continue }
    }
    return at
  }

  /// After a gap: a segment that begins as a message does.
  private func resynchronises(_ bytes: Bytes, _ direction: Direction) -> Bool {
    if direction == .toClient { return bytes.hasPrefix("http/1.") }
    return ProtocolProbe.methods.contains { method in
      let length = method.utf8CodeUnitCount
      guard bytes.count > length, bytes[length] == 32 else { return false }
      for index in 0..<length where unsafe bytes[index] != method.utf8Start[index] { return false }
      return true
    }
  }

  func count(_ number: Int, _ direction: Direction) {
    guard let transaction = halves[direction.index].transaction else { return }
    if direction == .toServer {
      transaction.requestLength += UInt64(number)
    } else {
      transaction.responseLength += UInt64(number)
    }
  }

  func gap(_ count: Int, _ direction: Direction, at time: Timestamp, session: AppSession) {
    halves[direction.index].time = time
    halves[direction.index].pending.removeAll()
    guard let transaction = halves[direction.index].transaction else {
      if case .ignored = halves[direction.index].state { return }
      halves[direction.index].state = .lost
      return
    }
    let missing = UInt64(count)
    fileGap(transaction, direction, count)
    switch halves[direction.index].state {
    case .length(let left) where missing < left:
      self.count(count, direction)
      halves[direction.index].state = .length(left - missing)
    case .length(let left) where missing == left:
      self.count(count, direction)
      finish(direction, session)
    case .chunk(let left) where missing < left:
      self.count(count, direction)
      halves[direction.index].state = .chunk(left - missing)
    case .untilClose: self.count(count, direction)
    default:
      transaction.isTruncated = true
      finish(direction, session)
      halves[direction.index].state = .lost
    }
  }

  private func fileGap(_ transaction: HTTPTransaction, _ direction: Direction, _ count: Int) {
    switch halves[direction.index].state {
    case .length, .chunk, .untilClose: break
    default: return
    }
    if direction == .toClient, transaction.responseFile == nil {
      transaction.responseFile = openFile(transaction, .toClient)
    }
    let file = direction == .toServer ? transaction.requestFile : transaction.responseFile
    file?.gap(count)
    // A coding cannot be followed across a gap.
    if let decoder = halves[direction.index].decoder { decoder.stop() }
    halves[direction.index].multipart?.cut()
  }

  func end(_ direction: Direction, at time: Timestamp, session: AppSession) {
    halves[direction.index].time = time
    let pending = halves[direction.index].pending
    if case .head = halves[direction.index].state, pending.count > 0 {
      let held = unsafe Bytes(pending.bytes)
      if held.trimmed.count > 0 { cutHead(held, direction, session) }
    }
    pending.removeAll()
    if case .untilClose = halves[direction.index].state {
      finish(direction, session)
    } else if let transaction = halves[direction.index].transaction {
      transaction.isTruncated = true
      finish(direction, session)
    }
    halves[direction.index].state = .ignored
    if direction == .toClient {
      // Nobody will answer these any more.
      for transaction in waiting { transaction.advance(.toClient, to: AppProgress.complete) }
      waiting.removeAll()
    } else if case .ignored = halves[Direction.toClient.index].state {
      for transaction in waiting { transaction.advance(.toClient, to: AppProgress.complete) }
      waiting.removeAll()
    }
  }
}

/// Both, by the direction's index.
struct HTTPHalves {
  private let client = HTTPHalf()
  private let server = HTTPHalf()
  @inline(__always) subscript(index: Int) -> HTTPHalf { index == 0 ? client : server }
}

/// One direction of a connection.
final class HTTPHalf {
  enum State {
    /// Before or within a start line and its fields.
    case head
    case length(UInt64)
    case untilClose
    case chunkSize
    case chunk(UInt64)
    case chunkEnd
    case trailer
    /// After a gap, until a message begins.
    case lost
    case tunnel
    case ignored
  }
  var state = State.head
  var pending = GrowingBytes()
  /// How far the pending head was searched for its end.
  var searched = 0
  /// The message being received.
  var transaction: HTTPTransaction?
  var decoder: BodyDecoder?
  var multipart: MultipartReader?
  var time = Timestamp(nanoseconds: 0)
  /// Decoded bytes kept and not kept.
  var decoded: UInt64 = 0
  /// Nothing more of this body is kept.
  var isOverLimit = false
}

internal import Wire

/// Takes multipart/form-data apart as it comes (RFC 7578): every part with a file name is a file.
final class MultipartReader {
  private enum State { case preamble, headers, data, over }
  private let delimiter: [UInt8]
  private var state = State.preamble
  private var held = GrowingBytes()
  private var file: TransactionFile?
  private static let headerLimit = 8192

  init(boundary: [UInt8]) { delimiter = Array("--".utf8) + boundary.prefix(255) }

  func receive(_ bytes: Bytes, _ transaction: HTTPTransaction, _ parser: HTTPParser, _ session: AppSession) {
    guard state != .over else { return }
    bytes.withSpan { held.append($0) }
    var used = 0
    let all = unsafe Bytes(held.bytes)
    while let step = step(all.from(used), transaction, parser, session), state != .over { used += step }
    held.removeFirst(used)
  }

  /// The bytes used; nil when more are needed.
  private func step(
    _ bytes: Bytes, _ transaction: HTTPTransaction, _ parser: HTTPParser, _ session: AppSession
  ) -> Int? {
    switch state {
    case .over: return nil
    case .preamble:
      guard let found = bytes.find(bytes: delimiter), let end = bytes.firstIndex(of: 10, from: found) else {
        return nil
      }
      state = .headers
      return end + 1
    case .headers:
      guard let end = headersEnd(bytes) else {
        if bytes.count > Self.headerLimit {
          session.raise(.httpMultipartInvalidHeader, transaction, .toServer)
          state = .over
        }
        return nil
      }
      open(bytes.prefix(end), transaction, parser, session)
      state = .data
      return end
    case .data: return data(bytes)
    }
  }

  private func headersEnd(_ bytes: Bytes) -> Int? {
    if bytes.count >= 2, bytes[0] == 13, bytes[1] == 10 { return 2 }
    if bytes.count >= 1, bytes[0] == 10 { return 1 }
    var at = 0
    while let end = bytes.firstIndex(of: 10, from: at) {
      if end + 1 < bytes.count, bytes[end + 1] == 10 { return end + 2 }
      if end + 2 < bytes.count, bytes[end + 1] == 13, bytes[end + 2] == 10 { return end + 3 }
      at = end + 1
    }
    return nil
  }

  private func open(_ head: Bytes, _ transaction: HTTPTransaction, _ parser: HTTPParser, _ session: AppSession) {
    file = nil
    guard head.find("content-disposition") != nil else {
      return session.raise(.httpMultipartInvalidHeader, transaction, .toServer)
    }
    guard let name = HTTPParameter.value(of: "filename", in: head), !name.isEmpty else { return }
    if name.count > 2048 { session.raise(.httpFileNameTooLong, transaction, .toServer) }
    let opened = parser.openFile(transaction, .toServer, name: name.prefix(2048).array)
    opened.content = GrowingBytes()
    file = opened
  }

  private func data(_ bytes: Bytes) -> Int? {
    guard let found = bytes.find(bytes: delimiter) else {
      let safe = bytes.count - delimiter.count - 2
      guard safe > 0 else { return nil }
      give(bytes.prefix(safe))
      return safe
    }
    let after = found + delimiter.count
    guard after + 2 <= bytes.count else { return nil }
    var end = found
    if end > 0, bytes[end - 1] == 10 { end -= 1 }
    if end > 0, end < found, bytes[end - 1] == 13 { end -= 1 }
    let isLast = bytes[after] == 45 && bytes[after + 1] == 45
    guard isLast || bytes.firstIndex(of: 10, from: after) != nil else { return nil }
    give(bytes.prefix(end))
    file?.close(.closed)
    file = nil
    state = isLast ? .over : .headers
    return isLast ? bytes.count : (bytes.firstIndex(of: 10, from: after) ?? after) + 1
  }
  private func give(_ bytes: Bytes) {
    guard let file else { return }
    file.receive(bytes)
    bytes.withSpan { file.content?.append($0) }
  }

  /// The body ended in order: what is held belongs to the open file.
  func end(_ transaction: HTTPTransaction, _ parser: HTTPParser, _ session: AppSession) {
    if state == .data { give(unsafe Bytes(held.bytes)) }
    if state == .preamble { session.raise(.httpMultipartNoFiledata, transaction, .toServer) }
    file?.close(state == .data ? .truncated : .closed)
    state = .over
  }
  func cut() {
    if state == .data { give(unsafe Bytes(held.bytes)) }
    file?.close(.truncated)
    state = .over
  }
}

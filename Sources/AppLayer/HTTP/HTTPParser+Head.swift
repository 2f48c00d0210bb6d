internal import Wire

extension HTTPParser {
  /// Parses one head when it is whole; the bytes used, nil for more.
  func head(_ bytes: Bytes, _ direction: Direction, _ session: AppSession) -> Int? {
    var start = 0
    // Lines of white space between messages mean nothing.
    var at = 0
    while at < bytes.count, isSpace(bytes[at]) {
      at += 1
      if bytes[at - 1] == 10 || bytes[at - 1] == 13 { start = at }
    }
    if at == bytes.count, start == 0, at < settings.headLimit { return nil }
    if start > 0 {
      halves[direction.index].searched = 0
      return start
    }
    if direction == .toClient, bytes.count >= 12 || bytes.contains(10), !bytes.withSpan({ HTTPStatusLine.begins($0) }) {
      return responseWithoutHead(session)
    }
    guard let end = headEnd(bytes, from: halves[direction.index].searched, direction) else {
      // A line end may lie across: search the last bytes again.
      halves[direction.index].searched = max(0, bytes.count - 4)
      guard bytes.count > settings.headLimit else { return nil }
      halves[direction.index].searched = 0
      let event = direction == .toServer ? AppEvent.httpRequestFieldTooLong : .httpResponseFieldTooLong
      cutHead(bytes, direction, session)
      session.raise(event, halves[direction.index].transaction, direction)
      halves[direction.index].state = .ignored
      return bytes.count
    }
    halves[direction.index].searched = 0
    message(bytes.prefix(end), direction, session)
    return end
  }

  /// Behind the empty line. A request line without a protocol is a whole head by itself.
  private func headEnd(_ bytes: Bytes, from searched: Int, _ direction: Direction) -> Int? {
    if direction == .toServer, searched == 0, let end = bytes.firstIndex(of: 10) {
      let line = bytes.prefix(end).withSpan { HTTPRequestLine($0) }
      if line.version.isEmpty, isHTTP09(bytes.prefix(end), line, bytes.from(end + 1)) { return end + 1 }
    }
    var at = searched
    while let end = bytes.firstIndex(of: 10, from: at) {
      var next = end + 1
      while next < bytes.count, bytes[next] == 13 { next += 1 }
      guard next < bytes.count else { return nil }
      if bytes[next] == 10 { return next + 1 }
      at = next
    }
    return nil
  }

  /// `GET /path` and then no header.
  private func isHTTP09(_ bytes: Bytes, _ line: HTTPRequestLine, _ rest: Bytes) -> Bool {
    guard bytes[line.method].equals("get"), !line.target.isEmpty else { return false }
    let next = rest.firstIndex(of: 10).map { rest.prefix($0) } ?? rest
    return !next.contains(58)
  }

  /// What there is of a head when no more will come.
  func cutHead(_ bytes: Bytes, _ direction: Direction, _ session: AppSession) {
    if direction == .toClient, !bytes.withSpan({ HTTPStatusLine.begins($0) }) { return }
    message(bytes, direction, session)
    halves[direction.index].transaction?.isTruncated = true
  }

  private func message(_ bytes: Bytes, _ direction: Direction, _ session: AppSession) {
    if direction == .toServer { request(bytes, session) } else { response(bytes, session) }
  }

  private func request(_ bytes: Bytes, _ session: AppSession) {
    if waiting.count >= settings.transactionLimit { waiting.removeFirst().advance(.toClient, to: AppProgress.complete) }
    let transaction = HTTPTransaction(id: session.takeID(), at: halves[0].time)
    transaction.hasRequest = true
    session.adopt(transaction)
    waiting.append(transaction)
    halves[0].transaction = transaction
    let stored = transaction.arena.copy(bytes, expected: bytes.count * 2 + 256)
    let lineEnd = stored.firstIndex(of: 10) ?? stored.count
    let raw = stored.prefix(lineEnd)
    let line = raw.withSpan { HTTPRequestLine($0) }
    transaction.request.line = withoutLineEnd(raw)
    transaction.request.method = raw[line.method]
    transaction.request.target = raw[line.target]
    transaction.request.version = raw[line.version]
    if line.hasLeadingSpace { session.raise(.httpRequestLineLeadingWhitespace, transaction, .toServer) }
    if line.hasOddDelimiter { session.raise(.httpMethodDelimNonCompliant, transaction, .toServer) }
    if line.target.isEmpty { session.raise(.httpRequestLineIncomplete, transaction, .toServer) }
    transaction.advance(.toServer, to: AppProgress.line)
    if line.version.isEmpty {
      session.raise(.httpRequestLineMissingProtocol, transaction, .toServer)
      transaction.isSimpleRequest = stored.from(lineEnd + 1).trimmed.isEmpty
    }
    fields(stored.from(lineEnd + 1), transaction, .toServer, session)
    transaction.advance(.toServer, to: AppProgress.headers)
    checkRequest(transaction, session)
    prepareRequestBody(transaction, session)
  }

  private func response(_ bytes: Bytes, _ session: AppSession) {
    let transaction = transactionForResponse(session)
    transaction.hasResponse = true
    let stored = transaction.arena.copy(bytes, expected: bytes.count * 2 + 256)
    let lineEnd = stored.firstIndex(of: 10) ?? stored.count
    let raw = stored.prefix(lineEnd)
    let line = raw.withSpan { HTTPStatusLine($0) }
    transaction.response.line = withoutLineEnd(raw)
    transaction.response.version = raw[line.version]
    transaction.response.status = raw[line.status]
    transaction.response.reason = raw[line.reason]
    transaction.response.statusNumber = line.number
    if line.number == nil { session.raise(.httpResponseInvalidStatus, transaction, .toClient) }
    if !transaction.response.version.hasPrefix("http/1.") && !transaction.response.version.equals("http/0.9") {
      session.raise(.httpResponseInvalidProtocol, transaction, .toClient)
    }
    transaction.advance(.toClient, to: AppProgress.line)
    fields(stored.from(lineEnd + 1), transaction, .toClient, session)
    if line.number == 100 {
      // The real response is still to come.
      if transaction.sawContinue { session.raise(.http100ContinueAlreadySeen, transaction, .toClient) }
      transaction.sawContinue = true
      transaction.response = HTTPHead()
      transaction.progressToClient = AppProgress.none
      halves[1].state = .head
      return
    }
    transaction.advance(.toClient, to: AppProgress.headers)
    prepareResponseBody(transaction, session)
  }

  /// The oldest request without an answer, or a transaction made for a response that none asked for.
  private func transactionForResponse(_ session: AppSession) -> HTTPTransaction {
    let time = halves[1].time
    if let transaction = halves[1].transaction ?? waiting.first {
      halves[1].transaction = transaction
      transaction.updated = time
      return transaction
    }
    let transaction = HTTPTransaction(id: session.takeID(), at: time)
    transaction.request.target = transaction.arena.copy(Array("/libhtp::request_uri_not_seen".utf8))
    transaction.advance(.toServer, to: AppProgress.complete)
    session.adopt(transaction)
    waiting.append(transaction)
    halves[1].transaction = transaction
    session.raise(.httpUnableToMatchResponseToRequest, transaction, .toClient)
    return transaction
  }

  /// Bytes that are no status line: a response of HTTP/0.9, all of it body.
  private func responseWithoutHead(_ session: AppSession) -> Int {
    let transaction = transactionForResponse(session)
    transaction.hasResponse = true
    transaction.advance(.toClient, to: AppProgress.body)
    halves[1].state = .untilClose
    return 0
  }

  /// Splits header lines, unfolds, keeps names and values; trailers are appended.
  func fields(_ block: Bytes, _ transaction: HTTPTransaction, _ direction: Direction, _ session: AppSession) {
    var head = transaction.head(direction)
    let isRequest = direction == .toServer
    if head.rawHeaders.isEmpty { head.rawHeaders = block }
    var list = head.fields
    if list.isEmpty { list.reserveCapacity(12) }
    var at = 0
    while at < block.count {
      let (line, next) = nextLine(block, at)
      at = next
      if line.isEmpty { continue }
      if line[0] == 32 || line[0] == 9, !list.isEmpty {
        session.raise(
          isRequest ? .httpInvalidRequestFieldFolding : .httpInvalidResponseFieldFolding, transaction, direction)
        let last = list.count - 1
        refold(&list[last], line.trimmed, transaction)
        continue
      }
      guard list.count < settings.headerCountLimit else {
        session.raise(isRequest ? .httpRequestTooManyHeaders : .httpResponseTooManyHeaders, transaction, direction)
        break
      }
      let parts = line.withSpan { HTTPFieldLine($0) }
      if !parts.hasColon {
        session.raise(
          isRequest ? .httpRequestFieldMissingColon : .httpResponseFieldMissingColon, transaction, direction)
      } else if parts.hasOddName {
        session.raise(isRequest ? .httpRequestHeaderInvalid : .httpResponseHeaderInvalid, transaction, direction)
      }
      list.append(HTTPField(name: line[parts.name], value: line[parts.value]))
    }
    head.fields = list
    if isRequest { transaction.request = head } else { transaction.response = head }
  }

  /// A continuation belongs to the value; to the whole line when that had no colon yet.
  private func refold(_ field: inout HTTPField, _ line: Bytes, _ transaction: HTTPTransaction) {
    if !field.name.isEmpty {
      field.value = field.value.isEmpty ? line : transaction.joined(field.value, " ", line)
      return
    }
    let whole = transaction.joined(field.value, " ", line)
    let parts = whole.withSpan { HTTPFieldLine($0) }
    field = HTTPField(name: whole[parts.name], value: whole[parts.value])
  }

  /// A line ends with LF, CRLF, or a CR that no LF follows.
  private func nextLine(_ block: Bytes, _ start: Int) -> (Bytes, Int) {
    let end = block.firstIndex(of: 10, from: start) ?? block.count
    var stop = end
    while stop > start, block[stop - 1] == 13 { stop -= 1 }
    if let carriage = block[start..<stop].firstIndex(of: 13), start + carriage + 1 < stop {
      return (block[start..<(start + carriage)], start + carriage + 1)
    }
    return (block[start..<stop], end + 1)
  }
  private func withoutLineEnd(_ line: Bytes) -> Bytes {
    var end = line.count
    while end > 0, line[end - 1] == 13 || line[end - 1] == 10 { end -= 1 }
    return line.prefix(end)
  }

  func trailer(_ bytes: Bytes, _ direction: Direction, _ session: AppSession) -> Int? {
    guard let transaction = halves[direction.index].transaction else { return bytes.count }
    if bytes[0] == 10 || bytes[0] == 13 && bytes.count > 1 && bytes[1] == 10 {
      finish(direction, session)
      return bytes[0] == 10 ? 1 : 2
    }
    guard bytes[0] != 13 || bytes.count > 1 else { return nil }
    guard let end = headEnd(bytes, from: 1, direction) else {
      guard bytes.count > settings.headLimit else { return nil }
      finish(direction, session)
      return bytes.count
    }
    let stored = transaction.arena.copy(bytes.prefix(end))
    fields(stored, transaction, direction, session)
    finish(direction, session)
    return end
  }
}

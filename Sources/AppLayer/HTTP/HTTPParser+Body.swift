internal import Wire

extension HTTPParser {
  func checkRequest(_ transaction: HTTPTransaction, _ session: AppSession) {
    let isModern = transaction.request.version.equals("http/1.1")
    let host = transaction.first("host", .toServer)
    if host == nil, isModern { session.raise(.httpMissingHostHeader, transaction, .toServer) }
    let parts = HTTPTarget(transaction.request.target, isConnect: transaction.request.method.equals("connect"))
    transaction.target = parts
    let named = HTTPHost(host ?? .empty)
    if let host, !host.isEmpty, !named.isValid { session.raise(.httpRequestHeaderHostInvalid, transaction, .toServer) }
    if !parts.host.isEmpty {
      let inTarget = HTTPHost(parts.host)
      if !inTarget.isValid { session.raise(.httpRequestHostInvalid, transaction, .toServer) }
      if host != nil, !inTarget.name.equalsIgnoringCase(named.name) {
        transaction.authority.isAmbiguous = true
        session.raise(.httpHostHeaderAmbiguous, transaction, .toServer)
      }
      transaction.authority.port = inTarget.port ?? named.port
    } else {
      transaction.authority.port = named.port
    }
    if let credentials = transaction.first("authorization", .toServer),
      !credentials.hasPrefix("basic"), !credentials.hasPrefix("digest"), !credentials.hasPrefix("bearer")
    {
      session.raise(.httpRequestAuthUnrecognized, transaction, .toServer)
    }
    if HTTPURINormaliser.isDoubleEncoded(parts.path) { session.raise(.httpDoubleEncodedUri, transaction, .toServer) }
  }

  func prepareRequestBody(_ transaction: HTTPTransaction, _ session: AppSession) {
    let framing = framing(transaction, .toServer, session)
    halves[0].decoder = BodyDecoder(
      transaction.joinedValue("content-encoding", .toServer), settings, transaction, .toServer, session)
    halves[0].decoded = 0
    halves[0].multipart = nil
    if transaction.request.method.equals("connect") {
      transaction.advance(.toServer, to: AppProgress.complete)
      halves[0].transaction = nil
      halves[0].state = .tunnel
      return
    }
    switch framing {
    case .none: return finish(.toServer, session)
    case .length(let length): halves[0].state = .length(length)
    case .chunked: halves[0].state = .chunkSize
    }
    transaction.advance(.toServer, to: AppProgress.body)
    let method = transaction.request.method
    guard method.equals("post") || method.equals("put") else {
      if method.equals("get") || method.equals("head") {
        session.raise(.httpRequestBodyUnexpected, transaction, .toServer)
      }
      return
    }
    if settings.isMultipartEnabled, let type = transaction.first("content-type", .toServer),
      type.hasPrefix("multipart/"), let boundary = HTTPParameter.value(of: "boundary", in: type)
    {
      halves[0].multipart = MultipartReader(boundary: boundary.array)
    } else {
      transaction.requestFile = openFile(transaction, .toServer)
    }
  }

  func prepareResponseBody(_ transaction: HTTPTransaction, _ session: AppSession) {
    let status = transaction.response.statusNumber ?? 0
    let method = transaction.request.method
    halves[1].decoded = 0
    if method.equals("connect"), (200...299).contains(status) {
      finish(.toClient, session)
      halves[1].state = .tunnel
      return session.restartProbing()
    }
    if method.equals("connect"), case .tunnel = halves[0].state { halves[0].state = .head }
    if status == 101 {
      finish(.toClient, session)
      halves[0].state = .ignored
      halves[1].state = .ignored
      return
    }
    let framing = framing(transaction, .toClient, session)
    let isBodiless = (100...199).contains(status) || status == 204 || status == 304
    if method.equals("head") { return finish(.toClient, session) }
    halves[1].decoder = BodyDecoder(
      transaction.joinedValue("content-encoding", .toClient), settings, transaction, .toClient, session)
    switch framing {
    case .length(0): return finish(.toClient, session)
    case .length(let length): halves[1].state = .length(length)
    case .chunked:
      halves[1].state = .chunkSize
      if !transaction.response.version.equals("http/1.1") {
        session.raise(.httpResponseChunkedOldProto, transaction, .toClient)
      }
    case .none:
      if isBodiless { return finish(.toClient, session) }
      halves[1].state = .untilClose
    }
    transaction.advance(.toClient, to: AppProgress.body)
  }

  enum Framing { case none, length(UInt64), chunked }

  private func framing(_ transaction: HTTPTransaction, _ direction: Direction, _ session: AppSession) -> Framing {
    let isRequest = direction == .toServer
    var lengths = 0
    var length: UInt64?
    var encoding: Bytes?
    for field in transaction.fields(direction) {
      if field.name.count == 14, field.name.equals("content-length") {
        lengths += 1
        if lengths == 1 {
          length = HTTPParameter.leadingNumber(field.value)
          if length == nil {
            session.raise(
              isRequest ? .httpInvalidContentLengthFieldInRequest : .httpInvalidContentLengthFieldInResponse,
              transaction, direction)
          }
        } else {
          session.raise(
            isRequest ? .httpDuplicateContentLengthFieldInRequest : .httpDuplicateContentLengthFieldInResponse,
            transaction, direction)
        }
      } else if field.name.count == 17, field.name.equals("transfer-encoding") {
        encoding = encoding ?? field.value
        if HTTPParameter.hasWord("chunked", in: field.value) { encoding = field.value }
      } else if !isRequest, field.name.count == 12, field.value.hasPrefix("multipart/byteranges"),
        field.name.equals("content-type")
      {
        session.raise(.httpResponseMultipartByteranges, transaction, direction)
      }
    }
    if let encoding {
      if HTTPParameter.hasWord("chunked", in: encoding) {
        if !encoding.equals("chunked") {
          session.raise(
            isRequest ? .httpInvalidTransferEncodingValueInRequest : .httpResponseAbnormalTransferEncoding, transaction,
            direction)
        }
        return .chunked
      }
      if isRequest {
        session.raise(.httpInvalidTransferEncodingValueInRequest, transaction, direction)
      } else {
        session.raise(.httpInvalidTransferEncodingValueInResponse, transaction, direction)
      }
    }
    return length.map { isRequest && $0 == 0 ? .none : .length($0) } ?? .none
  }

  /// The line with a chunk's size.
  func chunkSize(_ bytes: Bytes, _ direction: Direction, _ session: AppSession) -> Int? {
    guard let transaction = halves[direction.index].transaction else { return bytes.count }
    guard let end = bytes.firstIndex(of: 10) else {
      guard bytes.count > 1024 else { return nil }
      return invalidChunk(transaction, direction, session)
    }
    let line = bytes.prefix(end).trimmed
    if line.isEmpty {
      count(end + 1, direction)
      return end + 1
    }
    var size: UInt64 = 0
    var digits = 0
    while digits < line.count, let digit = hexValue(line[digits]), size < 1 << 40 {
      size = size << 4 | UInt64(digit)
      digits += 1
    }
    guard digits > 0, size < 1 << 31 else { return invalidChunk(transaction, direction, session) }
    if line.from(digits).trimmed.contains(59) {
      session.raise(
        direction == .toServer ? .httpRequestChunkExtension : .httpResponseChunkExtension, transaction, direction)
    }
    count(end + 1, direction)
    halves[direction.index].state = size == 0 ? .trailer : .chunk(size)
    return end + 1
  }
  /// What is no size is body, for a response; a request that breaks here is given up.
  private func invalidChunk(_ transaction: HTTPTransaction, _ direction: Direction, _ session: AppSession) -> Int {
    let isRequest = direction == .toServer
    session.raise(isRequest ? .httpInvalidRequestChunkLen : .httpInvalidResponseChunkLen, transaction, direction)
    if isRequest {
      transaction.isTruncated = true
      finish(direction, session)
      halves[0].state = .lost
      return 0
    }
    halves[1].state = .untilClose
    return 0
  }

  func body(_ bytes: Bytes, _ direction: Direction, _ session: AppSession) {
    guard let transaction = halves[direction.index].transaction else { return }
    transaction.updated = halves[direction.index].time
    count(bytes.count, direction)
    let limit = direction == .toServer ? settings.requestBodyLimit : settings.responseBodyLimit
    if limit > 0, halves[direction.index].decoded >= UInt64(limit) { return overLimit(direction, transaction) }
    guard let decoder = halves[direction.index].decoder else {
      return decoded(bytes, direction, transaction, session)
    }
    decoder.decode(bytes, isOver: { [self] in limit > 0 && halves[direction.index].decoded >= UInt64(limit) }) {
      [self] in
      decoded($0, direction, transaction, session)
    }
  }

  func decoded(_ bytes: Bytes, _ direction: Direction, _ transaction: HTTPTransaction, _ session: AppSession) {
    let isRequest = direction == .toServer
    let limit = isRequest ? settings.requestBodyLimit : settings.responseBodyLimit
    let so = halves[direction.index].decoded
    halves[direction.index].decoded += UInt64(bytes.count)
    if isRequest {
      transaction.requestDecodedLength = halves[direction.index].decoded
    } else {
      transaction.responseDecodedLength = halves[direction.index].decoded
    }
    let kept = limit > 0 ? bytes.prefix(max(0, limit - Int(min(so, UInt64(limit))))) : bytes
    guard !kept.isEmpty else { return overLimit(direction, transaction) }
    if isRequest {
      let store = transaction.requestBody ?? GrowingBytes()
      transaction.requestBody = store
      kept.withSpan { store.append($0) }
      halves[0].multipart?.receive(kept, transaction, self, session)
    } else {
      let store = transaction.responseBody ?? GrowingBytes()
      transaction.responseBody = store
      kept.withSpan { store.append($0) }
      if transaction.responseFile == nil { transaction.responseFile = openFile(transaction, .toClient) }
    }
    let file = isRequest ? transaction.requestFile : transaction.responseFile
    file?.receive(kept)
    if kept.count < bytes.count { overLimit(direction, transaction) }
  }

  private func overLimit(_ direction: Direction, _ transaction: HTTPTransaction) {
    halves[direction.index].isOverLimit = true
    let file = direction == .toServer ? transaction.requestFile : transaction.responseFile
    file?.close(.truncated)
    if direction == .toServer { halves[0].multipart?.cut() }
  }

  func openFile(_ transaction: HTTPTransaction, _ direction: Direction, name: [UInt8]? = nil) -> TransactionFile {
    let file = TransactionFile(direction: direction, name: name ?? transaction.fileName(direction))
    let settings = configuration.settings
    file.digests = FileDigests(md5: settings.computesMD5, sha1: settings.computesSHA1, sha256: settings.computesSHA256)
    if let range = transaction.first("content-range", direction) { file.range = HTTPParameter.contentRange(range) }
    transaction.files.append(file)
    return file
  }

  /// The message of this direction is over.
  func finish(_ direction: Direction, _ session: AppSession) {
    guard let transaction = halves[direction.index].transaction else { return }
    if let decoder = halves[direction.index].decoder {
      decoder.finish { [self] in decoded($0, direction, transaction, session) }
    }
    let file = direction == .toServer ? transaction.requestFile : transaction.responseFile
    file?.close(transaction.isTruncated || file?.hasGap == true ? .truncated : .closed)
    if direction == .toServer {
      if transaction.isTruncated {
        halves[0].multipart?.cut()
      } else {
        halves[0].multipart?.end(transaction, self, session)
      }
    }
    halves[direction.index].decoder = nil
    halves[direction.index].multipart = nil
    halves[direction.index].transaction = nil
    halves[direction.index].state = .head
    halves[direction.index].decoded = 0
    halves[direction.index].isOverLimit = false
    transaction.advance(direction, to: AppProgress.complete)
    if direction == .toClient {
      if let index = waiting.firstIndex(where: { $0 === transaction }) { waiting.remove(at: index) }
      // A server may answer before it has the whole request.
      if transaction.progressToServer == 0 { transaction.advance(.toServer, to: AppProgress.complete) }
    }
  }
}

internal import Wire

extension HTTPTransaction {
  func value(_ buffer: AppBuffer, _ instance: Int, _ direction: Direction) -> Bytes? {
    switch buffer {
    case .httpRequestHeader: return direction == .toServer ? headerLine(instance, .toServer) : nil
    case .httpResponseHeader: return direction == .toClient ? headerLine(instance, .toClient) : nil
    case .fileData: return fileBytes(instance, direction)
    case .fileName:
      guard let file = file(instance, direction) else { return nil }
      return arena.copy(file.name)
    default: break
    }
    guard instance == 0 else { return nil }
    return startLineValue(buffer, direction) ?? headerValue(buffer, direction)
  }

  private func startLineValue(_ buffer: AppBuffer, _ direction: Direction) -> Bytes? {
    let hasRequestLine = progressToServer >= AppProgress.line && !request.line.isEmpty
    let hasStatusLine = progressToClient >= AppProgress.line && !response.line.isEmpty
    switch buffer {
    case .httpURI: return hasRequest || !request.target.isEmpty ? uri : nil
    case .httpURIRaw: return hasRequestLine ? request.target : nil
    case .httpMethod: return hasRequestLine ? request.method : nil
    case .httpRequestLine: return hasRequestLine ? request.line : nil
    case .httpProtocol:
      if direction == .toServer { return hasRequestLine && !request.version.isEmpty ? request.version : nil }
      return hasStatusLine ? response.version : nil
    case .httpResponseLine: return hasStatusLine ? response.line : nil
    case .httpStatusCode: return hasStatusLine ? response.status : nil
    case .httpStatusMessage: return hasStatusLine ? response.reason : nil
    case .httpHost: return host
    case .httpHostRaw: return hostRaw
    case .httpRequestBody: return direction == .toServer ? requestBody.map { unsafe Bytes($0.bytes) } : nil
    case .httpResponseBody: return direction == .toClient ? responseBody.map { unsafe Bytes($0.bytes) } : nil
    default: return nil
    }
  }

  private func headerValue(_ buffer: AppBuffer, _ direction: Direction) -> Bytes? {
    guard progress(direction) >= AppProgress.headers else { return nil }
    let isRequest = direction == .toServer
    switch buffer {
    case .httpHeader: return composed(direction)
    case .httpHeaderRaw: return head(direction).rawHeaders.isEmpty ? nil : head(direction).rawHeaders
    case .httpHeaderNames: return names(direction)
    case .httpStart: return start(direction)
    case .httpCookie: return joinedValue(isRequest ? "cookie" : "set-cookie", direction)
    case .httpUserAgent: return isRequest ? joinedValue("user-agent", direction) : nil
    case .httpReferer: return isRequest ? joinedValue("referer", direction) : nil
    case .httpAccept: return isRequest ? joinedValue("accept", direction) : nil
    case .httpAcceptEncoding: return isRequest ? joinedValue("accept-encoding", direction) : nil
    case .httpAcceptLanguage: return isRequest ? joinedValue("accept-language", direction) : nil
    case .httpConnection: return joinedValue("connection", direction)
    case .httpContentType: return joinedValue("content-type", direction)
    case .httpContentLength: return first("content-length", direction)
    case .httpLocation: return isRequest ? nil : joinedValue("location", direction)
    case .httpServer: return isRequest ? nil : joinedValue("server", direction)
    default: return nil
    }
  }

  // MARK: fields

  func first(_ name: StaticString, _ direction: Direction) -> Bytes? {
    let length = name.utf8CodeUnitCount
    for field in fields(direction) where field.name.count == length && field.name.equals(name) {
      return field.value
    }
    return nil
  }
  func joinedValue(_ name: StaticString, _ direction: Direction) -> Bytes? {
    let length = name.utf8CodeUnitCount
    var value: Bytes?
    for field in fields(direction) where field.name.count == length && field.name.equals(name) {
      value = value.map { joined($0, ", ", field.value) } ?? field.value
    }
    return value
  }
  func joined(_ one: Bytes, _ separator: StaticString, _ two: Bytes) -> Bytes {
    let middle = separator.utf8CodeUnitCount
    guard let room = unsafe arena.take(one.count + middle + two.count) else { return .empty }
    var at = 0
    unsafe write(one, room, &at)
    for index in 0..<middle { unsafe (room + at + index).storeBytes(of: separator.utf8Start[index], as: UInt8.self) }
    at += middle
    unsafe write(two, room, &at)
    return unsafe Bytes(base: UnsafeRawPointer(room), count: at)
  }
  private func write(_ bytes: Bytes, _ room: UnsafeMutableRawPointer, _ at: inout Int) {
    if let base = unsafe bytes.base { unsafe (room + at).copyMemory(from: base, byteCount: bytes.count) }
    at += bytes.count
  }
  private func write(_ byte: UInt8, _ room: UnsafeMutableRawPointer, _ at: inout Int) {
    unsafe room.storeBytes(of: byte, toByteOffset: at, as: UInt8.self)
    at += 1
  }

  // MARK: made when first asked for

  /// `Name: value` and CRLF for each field, repetitions joined at the first; cookies have their own buffer.
  private func composed(_ direction: Direction) -> Bytes? {
    if let known = direction == .toServer ? derived.header.0 : derived.header.1 { return known }
    let all = fields(direction)
    let cookie: StaticString = direction == .toServer ? "cookie" : "set-cookie"
    let fields = all.filter { !$0.name.equals(cookie) }
    guard !fields.isEmpty else { return nil }
    let size = fields.reduce(0) { $0 + $1.name.count + $1.value.count + 4 }
    guard let room = unsafe arena.take(size) else { return nil }
    var at = 0
    for (index, field) in fields.enumerated() {
      if index < 64, isRepeated(fields, index) { continue }
      unsafe write(field.name, room, &at)
      unsafe write(58, room, &at)
      unsafe write(32, room, &at)
      unsafe write(field.value, room, &at)
      if index < 64 {
        for other in fields[(index + 1)...].prefix(64)
        where other.name.equalsIgnoringCase(field.name) && !other.name.isEmpty {
          unsafe write(44, room, &at)
          unsafe write(32, room, &at)
          unsafe write(other.value, room, &at)
        }
      }
      unsafe write(13, room, &at)
      unsafe write(10, room, &at)
    }
    let made = unsafe Bytes(base: UnsafeRawPointer(room), count: at)
    if direction == .toServer { derived.header.0 = made } else { derived.header.1 = made }
    return made
  }
  private func isRepeated(_ fields: [HTTPField], _ index: Int) -> Bool {
    let name = fields[index].name
    for other in fields[..<index] where other.name.count == name.count && !name.isEmpty {
      if other.name.equalsIgnoringCase(name) { return true }
    }
    return false
  }

  /// CRLF, each name and CRLF, CRLF.
  private func names(_ direction: Direction) -> Bytes? {
    if let known = direction == .toServer ? derived.names.0 : derived.names.1 { return known }
    let fields = fields(direction)
    guard !fields.isEmpty else { return nil }
    let size = fields.reduce(4) { $0 + $1.name.count + 2 }
    guard let room = unsafe arena.take(size) else { return nil }
    var at = 0
    func lineEnd() {
      unsafe write(13, room, &at)
      unsafe write(10, room, &at)
    }
    lineEnd()
    for (index, field) in fields.enumerated() where index >= 64 || !isRepeated(fields, index) {
      unsafe write(field.name, room, &at)
      lineEnd()
    }
    lineEnd()
    let made = unsafe Bytes(base: UnsafeRawPointer(room), count: at)
    if direction == .toServer { derived.names.0 = made } else { derived.names.1 = made }
    return made
  }

  /// The start line and the fields as sent.
  private func start(_ direction: Direction) -> Bytes? {
    if let known = direction == .toServer ? derived.start.0 : derived.start.1 { return known }
    let head = head(direction)
    guard !head.line.isEmpty else { return nil }
    let made = joined(head.line, "\r\n", head.rawHeaders)
    if direction == .toServer { derived.start.0 = made } else { derived.start.1 = made }
    return made
  }

  private func headerLine(_ instance: Int, _ direction: Direction) -> Bytes? {
    let fields = fields(direction)
    guard instance < fields.count, progress(direction) >= AppProgress.headers else { return nil }
    if (direction == .toServer ? derived.lines.0 : derived.lines.1) == nil {
      let made = fields.map { joined($0.name, ": ", $0.value) }
      if direction == .toServer { derived.lines.0 = made } else { derived.lines.1 = made }
    }
    let lines = direction == .toServer ? derived.lines.0 : derived.lines.1
    guard let lines, instance < lines.count else { return nil }
    return lines[instance]
  }

  private var uri: Bytes {
    if let known = derived.uri { return known }
    if !hasRequest { return request.target }
    var out: [UInt8] = []
    if request.method.equals("connect") {
      derived.uri = request.target
      return request.target
    }
    let isPlain = isAlreadyNormal(target.path) && !target.query.contains(37) && target.host.isEmpty
    if isPlain {
      derived.uri = request.target
      return request.target
    }
    HTTPURINormaliser.decode(target.path, isPath: true, decodesPlus: false, into: &out)
    HTTPURINormaliser.removeDotSegments(&out)
    HTTPURINormaliser.decode(target.query, isPath: false, decodesPlus: false, into: &out)
    HTTPURINormaliser.decode(target.fragment, isPath: false, decodesPlus: false, into: &out)
    let made = arena.copy(out)
    derived.uri = made
    return made
  }
  private func isAlreadyNormal(_ path: Bytes) -> Bool {
    if path.contains(37) || path.contains(92) { return false }
    for index in 0..<max(0, path.count - 1) where path[index] == 47 && (path[index + 1] == 47 || path[index + 1] == 46)
    {
      return false
    }
    return true
  }

  private var host: Bytes? {
    if let known = derived.host { return known }
    guard let raw = hostRaw else { return nil }
    let name = HTTPHost(raw).name
    guard !name.isEmpty else { return nil }
    let made = arena.copy(name.array.map { lowercased($0) })
    derived.host = made
    return made
  }
  private var hostRaw: Bytes? {
    if !target.host.isEmpty { return target.host }
    guard progressToServer >= AppProgress.headers else { return nil }
    return first("host", .toServer)
  }

  // MARK: files

  private func file(_ instance: Int, _ direction: Direction) -> TransactionFile? {
    var left = instance
    for file in files where file.direction == direction {
      if left == 0 { return file }
      left -= 1
    }
    return nil
  }
  /// A response's file is its decoded body; a request's are its parts, or the body of a POST or PUT.
  private func fileBytes(_ instance: Int, _ direction: Direction) -> Bytes? {
    guard let file = file(instance, direction) else { return nil }
    if let own = file.content { return unsafe Bytes(own.bytes) }
    return (direction == .toServer ? requestBody : responseBody).map { unsafe Bytes($0.bytes) }
  }
}

package import AppLayer
package import Flow
internal import Records
package import Wire

/// EVE's `http` record, and the object of that name that alerts and files carry.
extension EVEWriter {
  package mutating func http(
    _ transaction: HTTPTransaction, _ flow: borrowing FlowRecord, at time: Timestamp, number: UInt64
  ) {
    begin("http", at: time, flow: flow.id, number: number)
    ends(of: flow)
    community(flow)
    json.field("tx_id", transaction.eveID)
    httpObject(transaction)
    forwarded(transaction)
    end()
  }

  mutating func httpObject(_ transaction: HTTPTransaction) {
    json.beginObject("http")
    httpBasics(transaction)
    if settings.http.extended { httpExtended(transaction) }
    if !settings.http.custom.isEmpty { httpCustom(transaction) }
    if settings.http.dumpAllHeaders.request { headers("request_headers", transaction, .toServer) }
    if settings.http.dumpAllHeaders.response { headers("response_headers", transaction, .toClient) }
    json.endObject()
  }

  private mutating func httpBasics(_ transaction: HTTPTransaction) {
    if let host = unsafe transaction.hostname { unsafe json.field("hostname", host) }
    if let port = transaction.port { json.field("http_port", port) }
    if let url = unsafe transaction.url { unsafe json.field("url", url) }
    header("http_user_agent", "user-agent", transaction, .toServer)
    header("xff", "x-forwarded-for", transaction, .toServer)
    if let type = unsafe transaction.header("content-type", .toClient) {
      unsafe json.field("http_content_type", EVEWriter.upToSemicolon(type))
    }
    contentRange(transaction)
  }

  private mutating func contentRange(_ transaction: HTTPTransaction) {
    guard let raw = unsafe transaction.header("content-range", .toClient) else { return }
    json.beginObject("content_range")
    unsafe json.field("raw", raw)
    if let range = transaction.files.first(where: { $0.direction == .toClient })?.range {
      json.field("start", range.start)
      json.field("end", range.end)
      json.field("size", range.size)
    }
    json.endObject()
  }

  private mutating func httpExtended(_ transaction: HTTPTransaction) {
    header("http_refer", "referer", transaction, .toServer)
    if let method = unsafe transaction.method { unsafe json.field("http_method", method) }
    if let version = unsafe transaction.requestProtocol { unsafe json.field("protocol", version) }
    if let status = transaction.status {
      json.field("status", status)
      if (300..<400).contains(status) { header("redirect", "location", transaction, .toClient) }
    } else if transaction.hasResponse, let text = unsafe transaction.statusText {
      unsafe json.field("status_string", text)
    }
    json.field("length", transaction.responseLength)
  }

  private mutating func header(
    _ field: StaticString, _ name: StaticString, _ transaction: HTTPTransaction, _ direction: Direction
  ) {
    if let value = unsafe transaction.header(name, direction) { unsafe json.field(field, value) }
  }

  /// Headers that the configuration names beside the usual ones, under their names with `_` for `-`.
  private mutating func httpCustom(_ transaction: HTTPTransaction) {
    for direction in Direction.allCases {
      for index in 0..<transaction.headerCount(direction) {
        let (name, value) = unsafe transaction.header(at: index, direction)
        let lower = unsafe String(decoding: name, as: UTF8.self).lowercased()
        guard settings.http.custom.contains(lower) else { continue }
        let key = Array(lower.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 })
        json.field(named: unsafe key.span.bytes, unsafe value.bytes)
      }
    }
  }

  private mutating func headers(_ field: StaticString, _ transaction: HTTPTransaction, _ direction: Direction) {
    json.beginArray(field)
    for index in 0..<transaction.headerCount(direction) {
      let (name, value) = unsafe transaction.header(at: index, direction)
      json.beginObject()
      unsafe json.field("name", name)
      unsafe json.field("value", value)
      json.endObject()
    }
    json.endArray()
  }

  /// Bodies as the parser kept them, decoded.
  mutating func httpBodies(_ transaction: HTTPTransaction) {
    for direction in Direction.allCases {
      guard let body = unsafe transaction.body(direction), body.count > 0 else { continue }
      let isRequest = direction == .toServer
      if settings.alert.httpBody {
        json.field(isRequest ? "http_request_body" : "http_response_body", base64: unsafe body.bytes)
      }
      if settings.alert.httpBodyPrintable {
        json.field(
          isRequest ? "http_request_body_printable" : "http_response_body_printable",
          PrintableText.bytes(unsafe body.bytes))
      }
    }
  }

  /// The client behind a proxy, where the configuration asks for it as a field of its own.
  mutating func forwarded(_ transaction: HTTPTransaction) {
    guard settings.forwarded.enabled, settings.forwarded.mode == .extraData,
      let client = forwardedClient(transaction)
    else { return }
    json.field("xff", client.description)
  }

  /// The address that the configured header tells: the last one behind a reverse proxy, else the first.
  func forwardedClient(_ transaction: HTTPTransaction) -> IPAddress? {
    let wanted = settings.forwarded.header.lowercased()
    for index in 0..<transaction.headerCount(.toServer) {
      let (name, value) = unsafe transaction.header(at: index, .toServer)
      guard unsafe String(decoding: name, as: UTF8.self).lowercased() == wanted else { continue }
      let parts = unsafe String(decoding: value, as: UTF8.self).split(separator: ",").map { part in
        part.filter { $0 != " " && $0 != "\t" }
      }
      guard let chosen = settings.forwarded.reverse ? parts.last : parts.first else { return nil }
      return IPAddress(chosen) ?? IPAddress(chosen.split(separator: ":").first ?? "")
    }
    return nil
  }

  private static func upToSemicolon(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = 0
    while end < value.count, unsafe value[end] != UInt8(ascii: ";") { end += 1 }
    return unsafe UnsafeRawBufferPointer(rebasing: value[..<end])
  }
}

/// Bytes for people: what is not printable ASCII, a line end or a tab becomes a dot.
enum PrintableText {
  static func bytes(_ span: RawSpan) -> [UInt8] {
    (0..<span.byteCount).map { index in
      let byte = span.byte(index)
      return (0x20..<0x7f).contains(byte) || (9...10).contains(byte) || byte == 13 ? byte : UInt8(ascii: ".")
    }
  }
}

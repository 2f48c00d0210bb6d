package import Wire

/// A request and its response. Either may be missing: a response seen without its request, a request never answered.
package final class HTTPTransaction: Transaction {
  var arena = ByteArena()
  var request = HTTPHead()
  var response = HTTPHead()
  /// Decoded bodies, up to the limit.
  var requestBody: GrowingBytes?
  var responseBody: GrowingBytes?
  var requestFile: TransactionFile?
  var responseFile: TransactionFile?
  var derived = HTTPDerived()
  var target = HTTPTarget()
  var sawContinue = false

  /// Body bytes as seen over TCP (chunk framing included), and after decoding.
  package internal(set) var requestLength: UInt64 = 0
  package internal(set) var responseLength: UInt64 = 0
  package internal(set) var requestDecodedLength: UInt64 = 0
  package internal(set) var responseDecodedLength: UInt64 = 0
  /// A request line without a protocol (HTTP/0.9).
  package internal(set) var isSimpleRequest = false
  /// Cut by a gap or by the end of the stream.
  package internal(set) var isTruncated = false
  package internal(set) var hasRequest = false
  package internal(set) var hasResponse = false
  package internal(set) var authority = HTTPAuthority()

  init(id: UInt64, at time: Timestamp) { super.init(id: id, proto: .http, at: time) }

  // MARK: what EVE's `http` record is made of; all borrowed

  package var method: UnsafeRawBufferPointer? { request.line.isEmpty ? nil : unsafe request.method.raw }
  /// The request target as sent.
  package var url: UnsafeRawBufferPointer? { request.line.isEmpty ? nil : unsafe request.target.raw }
  package var requestProtocol: UnsafeRawBufferPointer? { request.version.isEmpty ? nil : unsafe request.version.raw }
  package var responseProtocol: UnsafeRawBufferPointer? {
    response.version.isEmpty ? nil : unsafe response.version.raw
  }
  /// The host asked for, lower-case, without port.
  package var hostname: UnsafeRawBufferPointer? { unsafe bytes(.httpHost, 0, .toServer) }
  /// From the target or the Host header.
  package var port: UInt16? { authority.port }
  package var status: UInt16? { response.statusNumber }
  package var statusText: UnsafeRawBufferPointer? { response.status.isEmpty ? nil : unsafe response.status.raw }
  /// Value of a header by its lower-case name, repetitions joined by ", ".
  package func header(_ name: StaticString, _ direction: Direction) -> UnsafeRawBufferPointer? {
    unsafe joinedValue(name, direction)?.raw
  }
  package func headerCount(_ direction: Direction) -> Int { fields(direction).count }
  package func header(at index: Int, _ direction: Direction) -> (
    name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
  ) {
    let field = fields(direction)[index]
    return unsafe (field.name.raw, field.value.raw)
  }
  /// Bytes kept of a body, decoded.
  package func body(_ direction: Direction) -> UnsafeRawBufferPointer? {
    unsafe (direction == .toServer ? requestBody : responseBody)?.bytes
  }
  /// Content of a file as far as it is kept.
  package func content(of file: TransactionFile) -> UnsafeRawBufferPointer? {
    unsafe file.content?.bytes ?? body(file.direction)
  }

  func head(_ direction: Direction) -> HTTPHead { direction == .toServer ? request : response }
  func fields(_ direction: Direction) -> [HTTPField] { direction == .toServer ? request.fields : response.fields }

  package override func bytes(_ buffer: AppBuffer, _ instance: Int, _ direction: Direction) -> UnsafeRawBufferPointer? {
    unsafe value(buffer, instance, direction)?.raw
  }
}

/// Where the request says it goes.
package struct HTTPAuthority: Sendable {
  package var port: UInt16?
  /// The target names a host that differs from the Host header's.
  package var isAmbiguous = false
}

/// The start line and the fields of one direction, as slices of the transaction's arena.
struct HTTPHead {
  var line = Bytes.empty
  var method = Bytes.empty
  var target = Bytes.empty
  var version = Bytes.empty
  var status = Bytes.empty
  var reason = Bytes.empty
  var statusNumber: UInt16?
  /// All header lines as sent, trailers after them.
  var rawHeaders = Bytes.empty
  var fields: [HTTPField] = []
}

struct HTTPField {
  var name: Bytes
  var value: Bytes
}

/// What is made from a head when a rule first asks for it.
struct HTTPDerived {
  var uri: Bytes?
  var host: Bytes?
  var header: (Bytes?, Bytes?)
  var names: (Bytes?, Bytes?)
  var start: (Bytes?, Bytes?)
  var lines: ([Bytes]?, [Bytes]?)
}

internal import Records

/// Frames: `length:u32 | type:u8 | body`, big-endian, length of what follows it. A frame over `limit` is refused
/// before a byte of it is kept.
package enum FrameCodec {
  /// A batch is cut by its sender at a megabyte; room for one record of the largest kind beside it.
  package static let limit = 4 * 1024 * 1024

  /// Appends one frame to `output`.
  package static func encode(_ message: SeamMessage, into output: inout [UInt8]) throws(SeamError) {
    let start = output.count
    output.append(contentsOf: [0, 0, 0, 0, tag(message).rawValue])
    do {
      try appendBody(message, into: &output)
    } catch {
      output.removeSubrange(start...)
      throw SeamError(.frame, "a message could not be written: \(error)")
    }
    let length = output.count - start - 4
    guard length <= limit else {
      output.removeSubrange(start...)
      throw SeamError(.frame, "a message of \(length) bytes is over the limit of \(limit)")
    }
    output.replaceSubrange(start..<start + 4, with: Bytes.big(UInt32(length)))
  }

  enum Tag: UInt8 {
    case hello = 1, welcome, refused, batch, stored, sensorStatus, scannerStatus
    case leaseRequest, leaseGrant, leaseRenew, leaseDone, leaseRevoked, command, reply
  }

  static func tag(_ message: SeamMessage) -> Tag {
    switch message {
    case .hello: .hello
    case .welcome: .welcome
    case .refused: .refused
    case .batch: .batch
    case .stored: .stored
    case .sensorStatus: .sensorStatus
    case .scannerStatus: .scannerStatus
    case .leaseRequest: .leaseRequest
    case .leaseGrant: .leaseGrant
    case .leaseRenew: .leaseRenew
    case .leaseDone: .leaseDone
    case .leaseRevoked: .leaseRevoked
    case .command: .command
    case .reply: .reply
    }
  }

  private static func appendBody(_ message: SeamMessage, into output: inout [UInt8]) throws {
    switch message {
    case .hello(let value): output += try RecordJSON.encode(value)
    case .welcome(let value): output += try RecordJSON.encode(value)
    case .refused(let value): output += Array(value.utf8)
    case .batch(let value): appendBatch(value, into: &output)
    case .stored(let value): output += try RecordJSON.encode(value)
    case .sensorStatus(let value): output += try RecordJSON.encode(value)
    case .scannerStatus(let value): output += try RecordJSON.encode(value)
    case .leaseRequest(let value): output += try RecordJSON.encode(value)
    case .leaseGrant(let value): output += try RecordJSON.encode(value)
    case .leaseRenew(let value): output += try RecordJSON.encode(value)
    case .leaseDone(let value): output += try RecordJSON.encode(value)
    case .leaseRevoked(let value): output += try RecordJSON.encode(value)
    case .command(let value): output += try RecordJSON.encode(value)
    case .reply(let value): output += try RecordJSON.encode(value)
    }
  }

  /// Nil for a type that is not known: it is skipped, so that a newer peer may say more.
  static func decode(tag: UInt8, body: [UInt8]) throws(SeamError) -> SeamMessage? {
    guard let tag = Tag(rawValue: tag) else { return nil }
    do {
      return try message(tag, body)
    } catch let error as SeamError {
      throw error
    } catch {
      throw SeamError(.frame, "a \(tag) message of \(body.count) bytes could not be read")
    }
  }

  private static func message(_ tag: Tag, _ body: [UInt8]) throws -> SeamMessage {
    func json<T: Decodable>(_ type: T.Type) throws -> T { try RecordJSON.decode(type, from: body) }
    switch tag {
    case .hello: return .hello(try json(SeamMessage.Hello.self))
    case .welcome: return .welcome(try json(SeamMessage.Welcome.self))
    case .refused: return .refused(String(decoding: body, as: UTF8.self))
    case .batch: return .batch(try batch(body))
    case .stored: return .stored(try json(SeamMessage.StoredMark.self))
    case .sensorStatus: return .sensorStatus(try json(SensorStatus.self))
    case .scannerStatus: return .scannerStatus(try json(ScannerStatus.self))
    case .leaseRequest: return .leaseRequest(try json(SeamMessage.LeaseRequest.self))
    case .leaseGrant: return .leaseGrant(try json([Lease].self))
    case .leaseRenew: return .leaseRenew(try json([Int64].self))
    case .leaseDone: return .leaseDone(try json(SeamMessage.LeaseDone.self))
    case .leaseRevoked: return .leaseRevoked(try json([Int64].self))
    case .command: return .command(try json(SeamMessage.Command.self))
    case .reply: return .reply(try json(SeamMessage.CommandReply.self))
    }
  }

  // MARK: batches: source length:u8, source, boot:u64, first:u64, count:u32, then kind:u8 length:u32 bytes each

  private static func appendBatch(_ batch: RecordBatch, into output: inout [UInt8]) {
    let source = Array(batch.source.utf8.prefix(255))
    output.append(UInt8(source.count))
    output += source
    output += Bytes.big(batch.boot) + Bytes.big(batch.first) + Bytes.big(UInt32(batch.records.count))
    for record in batch.records {
      output.append(record.kind.rawValue)
      output += Bytes.big(UInt32(record.bytes.count))
      output += record.bytes
    }
  }

  private static func batch(_ body: [UInt8]) throws(SeamError) -> RecordBatch {
    var reader = ByteReader(body)
    guard let length: UInt8 = reader.integer(), let source = reader.bytes(Int(length)),
      let boot: UInt64 = reader.integer(), let first: UInt64 = reader.integer(), let count: UInt32 = reader.integer(),
      Int(count) <= reader.left / 5
    else { throw SeamError(.frame, "a batch of \(body.count) bytes has no whole head") }
    var records: [BatchRecord] = []
    records.reserveCapacity(Int(count))
    for index in 0..<count {
      guard let kind: UInt8 = reader.integer(), let size: UInt32 = reader.integer(),
        let bytes = reader.bytes(Int(size))
      else { throw SeamError(.frame, "record \(index) of \(count) of a batch is cut off") }
      records.append(BatchRecord(kind: RecordKind(rawValue: kind), bytes: Array(bytes)))
    }
    guard reader.left == 0 else { throw SeamError(.frame, "\(reader.left) bytes are left behind a batch") }
    return RecordBatch(
      source: String(decoding: source, as: UTF8.self), boot: boot, first: first, records: records)
  }
}

/// Frames out of a stream of bytes, however they are cut.
package struct FrameDecoder: Sendable {
  private var buffer: [UInt8] = []
  private var start = 0

  package init() {}

  package mutating func receive(_ bytes: some Sequence<UInt8>) {
    if start > 0, start == buffer.count || start > 256 * 1024 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next whole message; nil until more bytes came. After an error the connection is of no more use.
  package mutating func next() throws(SeamError) -> SeamMessage? {
    while buffer.count - start >= 5 {
      var head = ByteReader(buffer, from: start)
      guard let length: UInt32 = head.integer(), let tag: UInt8 = head.integer() else { return nil }
      guard (1...UInt32(FrameCodec.limit)).contains(length) else {
        throw SeamError(.frame, "a frame of \(length) bytes is not between 1 and \(FrameCodec.limit)")
      }
      guard let body = head.bytes(Int(length) - 1) else { return nil }
      let message = try FrameCodec.decode(tag: tag, body: Array(body))
      start += 4 + Int(length)
      if let message { return message }
    }
    return nil
  }
}

/// Big-endian integers to bytes.
enum Bytes {
  static func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<MemoryLayout<T>.size).map { UInt8(truncatingIfNeeded: value >> T(8 * (MemoryLayout<T>.size - 1 - $0))) }
  }
}

/// Reads integers and runs of bytes until there are none; nil from then on.
struct ByteReader {
  private let source: [UInt8]
  private var place: Int

  init(_ source: [UInt8], from place: Int = 0) {
    self.source = source
    self.place = place
  }

  var left: Int { source.count - place }
  var offset: Int { place }

  mutating func integer<T: FixedWidthInteger & UnsignedInteger>() -> T? {
    guard let bytes = bytes(MemoryLayout<T>.size) else { return nil }
    return bytes.reduce(0) { (T.bitWidth > 8 ? $0 << 8 : 0) | T($1) }
  }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, left >= count else { return nil }
    defer { place += count }
    return source[place..<place + count]
  }
}

internal import Records

/// One segment of the spool: `VGLSPOL1 | boot:u64 | first:u64 | crc:u32`, then entries
/// `length:u32 | kind:u8 | crc:u32 | bytes`. The checksum of an entry covers its sequence, so that bytes of a file
/// used before are not taken for a record.
enum SpoolFormat {
  static let magic = Array("VGLSPOL1".utf8)
  static let headLength = 28
  static let entryHead = 9
  /// The largest record: an alert with its raw form and room to spare.
  static let recordLimit = 256 * 1024

  static func head(boot: UInt64, first: UInt64) -> [UInt8] {
    let body = magic + Bytes.big(boot) + Bytes.big(first)
    return body + Bytes.big(CRC32.of(body))
  }

  static func readHead(_ bytes: [UInt8]) -> (boot: UInt64, first: UInt64)? {
    var reader = ByteReader(bytes)
    guard let magic = reader.bytes(8), Array(magic) == SpoolFormat.magic, let boot: UInt64 = reader.integer(),
      let first: UInt64 = reader.integer(), let crc: UInt32 = reader.integer(),
      crc == CRC32.of(bytes[..<(headLength - 4)])
    else { return nil }
    return (boot, first)
  }

  static func checksum(_ sequence: UInt64, _ kind: UInt8, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var crc = CRC32()
    for byte in Bytes.big(sequence) { crc.add(byte) }
    crc.add(kind)
    unsafe crc.add(bytes)
    return crc.value
  }

  /// The entries from `place` on, as far as they are whole and true, within `byteLimit`; `end` is behind the last.
  static func entries(
    _ bytes: [UInt8], from place: Int, first: UInt64, byteLimit: Int = .max
  ) -> (records: [BatchRecord], end: Int) {
    var reader = ByteReader(bytes, from: place)
    var records: [BatchRecord] = []
    var end = place
    var sequence = first
    while end - place < byteLimit, let length: UInt32 = reader.integer(), let kind: UInt8 = reader.integer(),
      let crc: UInt32 = reader.integer(), length <= recordLimit, let body = reader.bytes(Int(length))
    {
      guard unsafe body.withUnsafeBytes({ unsafe checksum(sequence, kind, $0) }) == crc else { break }
      records.append(BatchRecord(kind: RecordKind(rawValue: kind), bytes: Array(body)))
      end = reader.offset
      sequence += 1
    }
    return (records, end)
  }
}

/// CRC-32 (IEEE 802.3), a byte at a time.
struct CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
  }
  private var state: UInt32 = 0xffff_ffff
  var value: UInt32 { ~state }

  mutating func add(_ byte: UInt8) { state = CRC32.table[Int((state ^ UInt32(byte)) & 255)] ^ state >> 8 }
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var value = state
    unsafe CRC32.table.withUnsafeBufferPointer { table in
      for index in 0..<bytes.count {
        value = unsafe table[Int((value ^ UInt32(bytes[index])) & 255)] ^ value >> 8
      }
    }
    state = value
  }
  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var crc = CRC32()
    for byte in bytes { crc.add(byte) }
    return crc.value
  }
}

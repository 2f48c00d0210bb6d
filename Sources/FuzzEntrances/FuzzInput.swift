internal import Wire

/// Cuts a fuzzer's bytes into numbers and pieces; past the end everything is zero or empty.
struct FuzzInput {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place >= bytes.count }

  mutating func byte() -> UInt8 {
    guard place < bytes.count else { return 0 }
    defer { place += 1 }
    return bytes[place]
  }

  mutating func word() -> UInt16 { UInt16(byte()) << 8 | UInt16(byte()) }

  mutating func take(_ count: Int) -> [UInt8] {
    let end = min(bytes.count, place + count)
    defer { place = end }
    return Array(bytes[place..<end])
  }

  mutating func rest() -> [UInt8] { take(bytes.count) }
}

extension [UInt8] {
  /// Lends the bytes as a span.
  func lend<R>(_ body: (RawSpan) throws -> R) rethrows -> R {
    try unsafe withUnsafeBytes { raw in try body(unsafe RawSpan(_unsafeBytes: raw)) }
  }
  var text: String { String(decoding: self, as: UTF8.self) }
}

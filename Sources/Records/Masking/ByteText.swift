/// A run of borrowed bytes whose reading is checked, so that the scans are safe code. It lives no longer than the
/// call that made it.
@safe struct ByteText {
  private let buffer: UnsafeRawBufferPointer

  init(_ buffer: UnsafeRawBufferPointer) { unsafe self.buffer = unsafe buffer }

  @inline(__always) var count: Int { unsafe buffer.count }
  @inline(__always) var isEmpty: Bool { count == 0 }

  @inline(__always) subscript(place: Int) -> UInt8 {
    precondition(place >= 0 && place < count, "a byte outside the text")
    return unsafe buffer[place]
  }
  subscript(range: Range<Int>) -> ByteText {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a range outside the text")
    return unsafe ByteText(UnsafeRawBufferPointer(rebasing: buffer[range]))
  }

  func contains(_ byte: UInt8) -> Bool { unsafe buffer.contains(byte) }
  func starts(with other: [UInt8]) -> Bool { unsafe buffer.starts(with: other) }
  func append(to output: inout [UInt8]) { unsafe output.append(contentsOf: buffer) }
  var text: String { unsafe String(decoding: buffer, as: UTF8.self) }
  func authenticated(key: [UInt8]) -> [UInt8] { unsafe SHA256.authenticate(buffer, key: key) }
}

extension [UInt8] {
  func withText<R>(_ body: (ByteText) -> R) -> R { unsafe withUnsafeBytes { unsafe body(ByteText($0)) } }
}

/// One header block of POSIX ustar (IEEE 1003.1, pax), in the one form that Vigil writes: a regular file, mode 0644, of
/// nobody, of no time. A reader that knows path and size knows every byte, so it compares instead of parsing: there is
/// no way to say *link*, *device*, *sparse* or *longer name* to it.
enum TarHeader {
  static let size = 512
  private static let nameField = 100
  private static let sizeField = 124..<136
  private static let sumField = 148..<156
  private static let typePlace = 156

  static func block(path: String, size count: Int) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: size)
    func put(_ text: String, at place: Int, room: Int) {
      for (index, byte) in text.utf8.prefix(room).enumerated() { block[place + index] = byte }
    }
    put(path, at: 0, room: nameField)
    put("0000644", at: 100, room: 7)
    put("0000000", at: 108, room: 7)
    put("0000000", at: 116, room: 7)
    put(octal(count, digits: 11), at: sizeField.lowerBound, room: 11)
    put("00000000000", at: 136, room: 11)
    put("        ", at: sumField.lowerBound, room: 8)
    put("0", at: typePlace, room: 1)
    put("ustar", at: 257, room: 5)
    put("00", at: 263, room: 2)
    let sum = block.reduce(0) { $0 + Int($1) }
    put(octal(sum, digits: 6) + "\u{0} ", at: sumField.lowerBound, room: 8)
    return block
  }

  private static func octal(_ value: Int, digits: Int) -> String {
    let text = String(max(value, 0), radix: 8)
    return String(repeating: "0", count: max(digits - text.count, 0)) + text
  }

  /// The size that a header claims, in eleven octal digits; nil in any other form (base 256 among them).
  static func claimedSize(_ block: [UInt8]) -> Int? {
    guard block.count == size, block[sizeField.upperBound - 1] == 0 else { return nil }
    var value = 0
    for byte in block[sizeField].dropLast() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else { return nil }
      value = value << 3 | Int(byte - UInt8(ascii: "0"))  // 33 bits at most.
    }
    return value
  }

  /// How many zero bytes follow `count` bytes of a file.
  static func padding(after count: Int) -> Int { (size - count % size) % size }

  /// Why a block is not the one that was to come, in words.
  static func difference(_ block: [UInt8], path: String) -> String {
    guard block.count == size else { return "the bundle ends in the header of \(BundlePath.shown(path))" }
    if block.allSatisfy({ $0 == 0 }) { return "the bundle has no \(BundlePath.shown(path))" }
    let name = BundlePath.shown(String(decoding: block[..<nameField].prefix { $0 != 0 }, as: UTF8.self))
    if block[257..<262].elementsEqual("ustar".utf8), let odd = kinds[block[typePlace]] {
      return "\(name) is \(odd), where the file \(BundlePath.shown(path)) was to come"
    }
    return name == BundlePath.shown(path)
      ? "the header of \(name) is not as the manifest has it"
      : "\(name) stands where \(BundlePath.shown(path)) was to come"
  }

  private static let kinds: [UInt8: String] = [
    UInt8(ascii: "1"): "a hard link", UInt8(ascii: "2"): "a symbolic link", UInt8(ascii: "3"): "a device",
    UInt8(ascii: "4"): "a device", UInt8(ascii: "5"): "a folder", UInt8(ascii: "6"): "a pipe",
    UInt8(ascii: "S"): "a sparse file", UInt8(ascii: "x"): "a header of further attributes",
    UInt8(ascii: "g"): "a header of further attributes", UInt8(ascii: "L"): "a long name",
    UInt8(ascii: "K"): "a long link",
  ]
}

internal import Glibc

/// A page's bytes as UTF-8, by what the answer's head or the page's own `meta` says of the charset.
enum PageText {
  /// A browser looks for `meta` in the first 1,024 bytes; pages with long comments in front need a little more.
  private static let metaLimit = 4096

  static func utf8(_ body: [UInt8], contentType: String?) -> [UInt8] {
    let told = contentType.flatMap { charset(in: Array($0.utf8)) } ?? charset(in: Array(body.prefix(metaLimit)))
    if body.starts(with: [0xef, 0xbb, 0xbf]) { return Array(body.dropFirst(3)) }
    guard let name = told.flatMap({ known[$0] }) else {
      // Nobody says: what is no UTF-8 is most likely the mainland's.
      return String(validating: body, as: UTF8.self) != nil || told != nil ? body : converted(body, from: "GB18030")
    }
    return converted(body, from: name)
  }

  /// Labels of the WHATWG encoding standard for what Chinese sites use; GB18030 contains GBK and GB2312.
  private static let known: [String: String] = [
    "gb2312": "GB18030", "gbk": "GB18030", "gb18030": "GB18030", "x-gbk": "GB18030", "gb_2312-80": "GB18030",
    "chinese": "GB18030", "big5": "BIG5-HKSCS", "big5-hkscs": "BIG5-HKSCS", "x-x-big5": "BIG5-HKSCS",
    "cn-big5": "BIG5-HKSCS", "utf-16": "UTF-16", "utf-16le": "UTF-16LE", "utf-16be": "UTF-16BE",
  ]

  /// What stands behind `charset=`, in lower case.
  static func charset(in text: [UInt8]) -> String? {
    let lower = text.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    let word = Array("charset".utf8)
    guard var place = lower.firstRange(of: word)?.upperBound else { return nil }
    func skip(_ bytes: Set<UInt8>) { while place < lower.count, bytes.contains(lower[place]) { place += 1 } }
    skip([0x20, 0x09])
    guard place < lower.count, lower[place] == UInt8(ascii: "=") else { return nil }
    place += 1
    skip([0x20, 0x09, UInt8(ascii: "\""), UInt8(ascii: "'")])
    let name = lower[place...].prefix(40).prefix { byte in
      (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x5f
    }
    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
  }

  /// Bytes that are no character become U+FFFD, as in a browser.
  static func converted(_ bytes: [UInt8], from name: String) -> [UInt8] {
    let failure = unsafe iconv_t(bitPattern: -1)
    let conversion = unsafe iconv_open("UTF-8", name)
    guard let conversion = unsafe conversion, unsafe conversion != failure else { return bytes }
    defer { unsafe iconv_close(conversion) }
    var input = bytes.map { CChar(bitPattern: $0) }
    var buffer = [CChar](repeating: 0, count: 64 << 10)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count * 3 / 2)
    unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        var from = input.baseAddress
        var left = input.count
        while left > 0 {
          var to = buffer.baseAddress
          var room = buffer.count
          let result = unsafe iconv(conversion, &from, &left, &to, &room)
          let code = errno
          unsafe output.append(contentsOf: buffer.prefix(buffer.count - room).lazy.map { UInt8(bitPattern: $0) })
          guard result == -1, code != E2BIG else { continue }
          output += [0xef, 0xbf, 0xbd]
          guard code == EILSEQ, left > 0 else { break }
          unsafe from = from.map { unsafe $0 + 1 }
          left -= 1
        }
      }
    }
    return output
  }
}

extension [UInt8] {
  /// The first place of `word`, which is short.
  func firstRange(of word: [UInt8], from start: Int = 0) -> Range<Int>? {
    guard let first = word.first, count >= word.count else { return nil }
    var place = Swift.max(start, 0)
    while place <= count - word.count {
      if self[place] == first, self[place..<place + word.count].elementsEqual(word) {
        return place..<place + word.count
      }
      place += 1
    }
    return nil
  }
}

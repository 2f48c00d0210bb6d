/// JSON (RFC 8259) with places; strict: no comments, no trailing commas, no duplicate keys.
package enum JSONDocument {
  package static func parse(
    _ text: String, file: String, limits: DocumentLimits = .init()
  ) throws(DocumentError) -> DocumentValue {
    var reader = Reader(bytes: Array(text.utf8), file: file, limits: limits)
    guard reader.bytes.count <= limits.bytes else {
      throw DocumentError(
        .tooLarge, SourcePosition(file: file), "the text has more than \(limits.bytes >> 20) MiB, the limit")
    }
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.peek == nil else { throw reader.syntax("text behind the end of the document") }
    return value
  }

  private struct Reader {
    let bytes: [UInt8]
    let file: String
    let limits: DocumentLimits
    var offset = 0
    var line = 1
    var column = 1
    var values = 0

    init(bytes: [UInt8], file: String, limits: DocumentLimits) {
      self.bytes = bytes
      self.file = file
      self.limits = limits
    }

    var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }
    var place: SourcePosition { SourcePosition(file: file, line: line, column: column) }

    func syntax(_ message: String, hint: String? = nil) -> DocumentError {
      DocumentError(.syntax, place, message, hint: hint)
    }

    mutating func advance() {
      guard offset < bytes.count else { return }
      if bytes[offset] == UInt8(ascii: "\n") {
        (line, column) = (line + 1, 1)
      } else if bytes[offset] & 0xc0 != 0x80 {
        column += 1
      }
      offset += 1
    }

    mutating func skipSpace() {
      while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { advance() }
    }

    mutating func expect(_ byte: UInt8, _ message: String, hint: String? = nil) throws(DocumentError) {
      skipSpace()
      guard peek == byte else { throw syntax(message, hint: hint) }
      advance()
    }

    mutating func value(depth: Int) throws(DocumentError) -> DocumentValue {
      skipSpace()
      let start = place
      values += 1
      guard depth < limits.depth else {
        throw DocumentError(.tooDeep, start, "nested deeper than \(limits.depth), the limit")
      }
      guard values <= limits.values else {
        throw DocumentError(.tooManyValues, start, "more than \(limits.values) values, the limit")
      }
      switch peek {
      case UInt8(ascii: "{"): return DocumentValue(.map(try object(depth)), at: start)
      case UInt8(ascii: "["): return DocumentValue(.list(try array(depth)), at: start)
      case UInt8(ascii: "\""): return DocumentValue(.scalar(try string(), plain: false), at: start)
      case nil: throw syntax("the document ends where a value is needed")
      default: return DocumentValue(try word(), at: start)
      }
    }

    private mutating func object(_ depth: Int) throws(DocumentError) -> [DocumentValue.Entry] {
      advance()
      var entries: [DocumentValue.Entry] = []
      var known: Set<String> = []
      skipSpace()
      if peek == UInt8(ascii: "}") {
        advance()
        return entries
      }
      while true {
        skipSpace()
        let at = place
        guard peek == UInt8(ascii: "\"") else {
          throw syntax("a key in double quotes is needed here", hint: "remove a comma before }")
        }
        let key = try string()
        guard known.insert(key).inserted else {
          throw DocumentError(
            .duplicateKey, at, "the key \"\(DocumentValue.shortened(key))\" is written twice in one map",
            hint: "remove one")
        }
        try expect(UInt8(ascii: ":"), "a : is needed behind the key")
        entries.append(.init(key: key, keyPosition: at, value: try value(depth: depth + 1)))
        skipSpace()
        if peek == UInt8(ascii: ",") {
          advance()
          continue
        }
        try expect(UInt8(ascii: "}"), "a , or } is needed here")
        return entries
      }
    }

    private mutating func array(_ depth: Int) throws(DocumentError) -> [DocumentValue] {
      advance()
      var list: [DocumentValue] = []
      skipSpace()
      if peek == UInt8(ascii: "]") {
        advance()
        return list
      }
      while true {
        list.append(try value(depth: depth + 1))
        skipSpace()
        if peek == UInt8(ascii: ",") {
          advance()
          continue
        }
        try expect(UInt8(ascii: "]"), "a , or ] is needed here")
        return list
      }
    }

    private mutating func word() throws(DocumentError) -> DocumentValue.Content {
      let start = place
      var word: [UInt8] = []
      while let byte = peek, byte > 0x20, !",]}:".utf8.contains(byte) {
        word.append(byte)
        advance()
      }
      let text = String(decoding: word, as: UTF8.self)
      switch text {
      case "null": return .null
      case "true", "false": return .scalar(text, plain: true)
      default:
        guard JSONDocument.isNumber(word) else {
          throw DocumentError(
            .syntax, start, "\"\(DocumentValue.shortened(text))\" is no JSON value",
            hint: "put a text in double quotes")
        }
        return .scalar(text, plain: true)
      }
    }

    private mutating func string() throws(DocumentError) -> String {
      let start = place
      advance()
      var result: [UInt8] = []
      while let byte = peek {
        switch byte {
        case UInt8(ascii: "\""):
          advance()
          return String(decoding: result, as: UTF8.self)
        case UInt8(ascii: "\\"):
          advance()
          try escape(&result)
        case 0..<0x20: throw syntax("a line break or control character inside a text", hint: "write it as \\n")
        default:
          result.append(byte)
          advance()
        }
      }
      throw DocumentError(.syntax, start, "the text that begins here has no end", hint: "add the closing \"")
    }

    private mutating func escape(_ result: inout [UInt8]) throws(DocumentError) {
      guard let byte = peek else { throw syntax("the document ends inside a text") }
      let plain: [UInt8: UInt8] = [
        0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9,
      ]
      if let value = plain[byte] {
        result.append(value)
        return advance()
      }
      guard byte == UInt8(ascii: "u") else { throw syntax("unknown escape in a text") }
      advance()
      var unit = try hex4()
      if unit & 0xfc00 == 0xd800 {
        guard peek == UInt8(ascii: "\\") else { throw syntax("half of a surrogate pair") }
        advance()
        guard peek == UInt8(ascii: "u") else { throw syntax("half of a surrogate pair") }
        advance()
        let low = try hex4()
        guard low & 0xfc00 == 0xdc00 else { throw syntax("half of a surrogate pair") }
        unit = 0x10000 + (unit & 0x3ff) << 10 + (low & 0x3ff)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw syntax("half of a surrogate pair") }
      result += Array(String(Character(scalar)).utf8)
    }

    private mutating func hex4() throws(DocumentError) -> UInt32 {
      var value: UInt32 = 0
      for _ in 0..<4 {
        guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
          throw syntax("four hexadecimal digits are needed behind \\u")
        }
        value = value << 4 | UInt32(digit)
        advance()
      }
      return value
    }
  }

  /// RFC 8259 section 6.
  private static func isNumber(_ word: [UInt8]) -> Bool {
    var rest = word[...]
    func digits(_ rest: inout ArraySlice<UInt8>) -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let leadingZero = rest.first == UInt8(ascii: "0")
    let whole = digits(&rest)
    guard whole > 0, !(leadingZero && whole > 1) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits(&rest) > 0 else { return false }
    }
    if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard digits(&rest) > 0 else { return false }
    }
    return rest.isEmpty
  }
}

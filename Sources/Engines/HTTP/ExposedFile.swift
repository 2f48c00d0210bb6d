internal import Records

/// A file that nobody meant to publish, told by what is in it.
struct ExposedFile: Sendable {
  /// Its question: several files may share one.
  var check: String
  var path: String
  /// In evidence: `a git repository's HEAD`.
  var kind: String
  var mark: Mark

  /// What its first bytes must show. Text marks are compared in lower case.
  indirect enum Mark: Sendable {
    /// The file begins so.
    case magic([UInt8])
    case magicAt(Int, [UInt8])
    case begins([String])
    /// All of them stand in it.
    case contains([String])
    case any([Mark])
    case all([Mark])
    /// No page of HTML, which would begin with a tag.
    case notMarkup
    /// So many lines of the form `NAME=value` and one of those names among them.
    case assignments(Int, [String])
    /// A line of user and hashed password, as Apache's htpasswd writes.
    case passwordHashes
    /// 40 hexadecimal digits and nothing more.
    case objectName
  }

  /// Bytes looked at: a quotation of an archive of gigabytes costs no more.
  static let window = 4096

  func matches(_ body: [UInt8]) -> Bool {
    let head = Array(body.prefix(ExposedFile.window))
    return mark.matches(head, String(decoding: head, as: UTF8.self).lowercased())
  }
}

extension ExposedFile.Mark {
  func matches(_ head: [UInt8], _ text: String) -> Bool {
    switch self {
    case .magic(let bytes): return head.starts(with: bytes)
    case .magicAt(let offset, let bytes): return head.dropFirst(offset).starts(with: bytes)
    case .begins(let words): return words.contains { text.hasPrefix($0) }
    case .contains(let words):
      let bytes = Array(text.utf8)
      return words.allSatisfy { bytes.contains(phrase: $0) }
    case .any(let marks): return marks.contains { $0.matches(head, text) }
    case .all(let marks): return marks.allSatisfy { $0.matches(head, text) }
    case .notMarkup: return text.unicodeScalars.first { !$0.properties.isWhitespace && $0 != "\u{feff}" } != "<"
    case .assignments(let count, let names): return assignments(text, count, names)
    case .passwordHashes:
      return text.split(whereSeparator: \.isNewline).contains { line in
        let halves = line.split(separator: ":", maxSplits: 1)
        guard halves.count == 2, !halves[0].isEmpty, !halves[0].contains(" "), halves[1].count >= 13 else {
          return false
        }
        return ["$apr1$", "$2y$", "$2a$", "$2b$", "{sha}", "$1$", "$5$", "$6$"].contains { halves[1].hasPrefix($0) }
      }
    case .objectName:
      let word = text.trimmingSpace
      return word.utf8.count == 40 && word.allSatisfy(\.isHexDigit)
    }
  }

  private func assignments(_ text: String, _ count: Int, _ names: [String]) -> Bool {
    let keys = text.split(whereSeparator: \.isNewline).compactMap { line -> Substring? in
      guard !line.hasPrefix("#"), let equal = line.firstIndex(of: "=") else { return nil }
      let key = line[..<equal]
      return !key.isEmpty && key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } ? key : nil
    }
    return keys.count >= count && keys.contains { key in names.contains { key.contains($0) } }
  }
}

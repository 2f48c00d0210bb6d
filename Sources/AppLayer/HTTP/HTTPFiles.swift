internal import Wire

extension TransactionFile {
  func receive(_ bytes: Bytes) {
    guard state == .open, !bytes.isEmpty else { return }
    size += UInt64(bytes.count)
    if let digests { bytes.withSpan { digests.update($0) } }
  }
  /// Bytes never seen count in the size, and in nothing else.
  func gap(_ count: Int) {
    guard state == .open else { return }
    hasGap = true
    size += UInt64(count)
  }
  func close(_ end: State) {
    guard state == .open else { return }
    state = end
    guard let digests else { return }
    (md5, sha1, sha256) = digests.finish()
    self.digests = nil
  }
}

extension HTTPTransaction {
  /// From Content-Disposition, else the path asked for.
  func fileName(_ direction: Direction) -> [UInt8] {
    if let disposition = first("content-disposition", direction),
      let name = HTTPParameter.value(of: "filename", in: disposition), !name.isEmpty
    {
      return name.array
    }
    let uri = value(.httpURI, 0, .toServer) ?? .empty
    return uri.prefix(uri.firstIndex(of: 63) ?? uri.count).array
  }
}

enum HTTPParameter {
  /// The value of `; name=value` or `; name="value"`; letters of either case are equal in the name.
  static func value(of name: StaticString, in text: Bytes) -> Bytes? {
    var at = 0
    while let found = text.find(name, from: at) {
      at = found + name.utf8CodeUnitCount
      if found > 0 {
        let before = text[found - 1]
        guard before == 59 || isSpace(before) || before == 44 || before == 34 else { continue }
      }
      var next = at
      while next < text.count, isSpace(text[next]) { next += 1 }
      guard next < text.count, text[next] == 61 else { continue }
      next += 1
      while next < text.count, isSpace(text[next]) { next += 1 }
      guard next < text.count else { return .empty }
      if text[next] == 34 || text[next] == 39 {
        let quote = text[next]
        let end = text.firstIndex(of: quote, from: next + 1) ?? text.count
        return text[(next + 1)..<end]
      }
      let end = text.firstIndex(of: 59, from: next) ?? text.count
      return text[next..<end].trimmed
    }
    return nil
  }

  /// Whether the value holds the word (lower-case), as lenient peers look for it: a second colon in front of it
  /// makes it another value for all of them.
  static func hasWord(_ word: StaticString, in text: Bytes) -> Bool {
    var at = 0
    while let found = text.find(word, from: at) {
      at = found + word.utf8CodeUnitCount
      if !text.prefix(found).contains(58) { return true }
    }
    return false
  }

  /// The digits at the front; nil without one or beyond 2^62.
  static func leadingNumber(_ text: Bytes) -> UInt64? {
    var value: UInt64 = 0
    var at = 0
    while at < text.count, isSpace(text[at]) || text[at] == 43 { at += 1 }
    guard at < text.count, isDigit(text[at]) else { return nil }
    while at < text.count, isDigit(text[at]) {
      guard value < 1 << 58 else { return nil }
      value = value * 10 + UInt64(text[at] - 48)
      at += 1
    }
    return value
  }

  /// `bytes 0-99/200`.
  static func contentRange(_ text: Bytes) -> (start: UInt64, end: UInt64, size: UInt64)? {
    guard text.hasPrefix("bytes"), let dash = text.firstIndex(of: 45), let slash = text.firstIndex(of: 47),
      dash < slash, let start = leadingNumber(text[5..<dash]), let end = leadingNumber(text[(dash + 1)..<slash])
    else { return nil }
    return (start, end, leadingNumber(text.from(slash + 1)) ?? 0)
  }
}

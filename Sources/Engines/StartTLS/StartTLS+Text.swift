/// SMTP (RFC 3207), FTP (RFC 4217), IMAP (RFC 9051 section 6.2.1), POP3 (RFC 2595 section 4).
extension StartTLSDialogue {
  /// Longer lines are no lines.
  private static let lineLimit = 2048

  /// A line without its end; nil while it is not whole.
  private mutating func line() -> [UInt8]? {
    guard let end = buffer.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    var line = Array(buffer[..<end])
    buffer.removeFirst(end + 1)
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return line
  }

  private var isTooLong: Bool { buffer.count > StartTLSDialogue.lineLimit && !buffer.contains(UInt8(ascii: "\n")) }

  /// Replies of three digits, of one line or many (RFC 5321 section 4.2.1, RFC 959 section 4.2).
  mutating func receiveReply() -> Action {
    while let line = line() {
      let digits = line.prefix(3)
      let isCoded = digits.count == 3 && digits.allSatisfy { (48...57).contains($0) }
      let isLast = isCoded && (line.count == 3 || line[3] == UInt8(ascii: " "))
      if isCoded, kind == .smtp, step == 1, upper(line.dropFirst(4)).hasPrefix("STARTTLS") { offers = true }
      // Inside a reply of many lines FTP allows any text; before one nothing but codes is expected.
      guard isCoded || isInside else { return .refused("the server says something that is no reply") }
      isInside = !isLast
      guard isLast else { continue }
      let code = String(decoding: digits, as: UTF8.self)
      return kind == .smtp ? takeSMTP(code) : takeFTP(code)
    }
    return isTooLong ? .refused("the server's line does not end") : .wait
  }

  private mutating func takeSMTP(_ code: String) -> Action {
    defer { step += 1 }
    switch (step, code) {
    case (0, "220"): return .send(Array("EHLO vigil.invalid\r\n".utf8))
    case (1, "250"): return offers ? .send(Array("STARTTLS\r\n".utf8)) : .refused("it is not offered")
    case (2, "220"): return .begin([])
    default: return .refused("the server answers \(code)")
    }
  }

  private mutating func takeFTP(_ code: String) -> Action {
    defer { step += 1 }
    switch (step, code) {
    case (0, "220"): return .send(Array("AUTH TLS\r\n".utf8))
    case (0, "120"):
      step -= 1
      return .wait
    case (1, "234"): return .begin([])
    default: return .refused("the server answers \(code)")
    }
  }

  /// Lines that begin with a word for good or bad.
  mutating func receiveLine() -> Action {
    while let line = line() {
      let text = upper(line)
      if kind == .pop3 {
        guard text.hasPrefix("+OK") else { return .refused("the server answers an error") }
        step += 1
        return step == 1 ? .send(Array("STLS\r\n".utf8)) : .begin([])
      }
      if step == 0 {
        guard text.hasPrefix("* OK") else { return .refused("the server does not greet") }
        step = 1
        return .send(Array("a1 STARTTLS\r\n".utf8))
      }
      // What the server says unasked comes between.
      if text.hasPrefix("* "), !text.hasPrefix("* BYE") { continue }
      return text.hasPrefix("A1 OK") ? .begin([]) : .refused("the server answers an error")
    }
    return isTooLong ? .refused("the server's line does not end") : .wait
  }

  private func upper(_ line: some Collection<UInt8>) -> String {
    String(decoding: line.prefix(64), as: UTF8.self).uppercased()
  }
}

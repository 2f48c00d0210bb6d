package import Records
package import Wire

/// Severities as tools write them.
package enum ToolSeverity {
  package static func read(_ text: String) -> Severity {
    switch text.lowercased() {
    case "critical": .critical
    case "high", "error": .high
    case "medium", "warning": .medium
    case "low", "note": .low
    default: .info
    }
  }
}

/// `2026-11-25T10:00:00.5+08:00` (RFC 3339).
package enum ToolTime {
  package static func read(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 40 else { return nil }
    func number(_ at: Int, _ count: Int) -> Int64? {
      let digits = bytes[at..<at + count]
      guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
      let minute = number(14, 2), let second = number(17, 2), (1...12).contains(month), (1...31).contains(day),
      hour < 24, minute < 60, second <= 60, bytes[4] == 0x2d, bytes[7] == 0x2d, bytes[13] == 0x3a, bytes[16] == 0x3a
    else { return nil }
    guard let offset = offset(bytes[19...].drop { $0 == 0x2e || (0x30...0x39).contains($0) }) else { return nil }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    return Timestamp(seconds: seconds)
  }

  /// `Z`, `+08:00`: seconds east of Greenwich.
  private static func offset(_ rest: ArraySlice<UInt8>) -> Int64? {
    let text = String(decoding: rest, as: UTF8.self)
    if text == "Z" || text == "z" { return 0 }
    guard rest.count == 6, text.hasPrefix("+") || text.hasPrefix("-"), let hours = Int64(text.dropFirst().prefix(2)),
      let minutes = Int64(text.suffix(2)), hours < 24, minutes < 60
    else { return nil }
    return (text.hasPrefix("-") ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  /// Days since 1970-01-01 of the civil calendar, counted from March so that a leap day ends its year.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month > 2 ? year : year - 1
    let era = shifted / 400
    let ofEra = shifted - era * 400
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }
}

/// URLs as tools write them, without their query: it may hold what somebody typed.
package enum ToolURL {
  /// Nil where it is no http or https URL.
  package static func place(_ text: String) -> ToolPlace? {
    guard text.utf8.count <= 8192, let mark = text.firstIndex(of: ":"), text[mark...].hasPrefix("://") else {
      return nil
    }
    let scheme = text[..<mark].lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    let rest = text[text.index(mark, offsetBy: 3)...]
    var authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let path = rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" }
    if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
    guard let (host, port) = endpoint(authority) else { return nil }
    return ToolPlace(
      scheme: scheme, host: host, port: port ?? (scheme == "https" ? 443 : 80), path: path.isEmpty ? "/" : String(path))
  }

  /// `name`, `name:443`, `[2001:db8::1]:443`; an address in brackets without them.
  package static func endpoint(_ authority: Substring) -> (String, UInt16?)? {
    var (host, digits): (Substring, Substring?) = (authority, nil)
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      host = authority[authority.index(after: authority.startIndex)..<end]
      let behind = authority[authority.index(after: end)...]
      guard behind.isEmpty || behind.hasPrefix(":") else { return nil }
      digits = behind.isEmpty ? nil : behind.dropFirst()
    } else if authority.count(where: { $0 == ":" }) == 1, let colon = authority.lastIndex(of: ":") {
      (host, digits) = (authority[..<colon], authority[authority.index(after: colon)...])
    }
    guard !host.isEmpty else { return nil }
    guard let digits, !digits.isEmpty else { return (String(host), nil) }
    guard let port = UInt16(digits), port > 0 else { return nil }
    return (String(host), port)
  }
}

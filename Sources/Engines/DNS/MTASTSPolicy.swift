/// The policy that a domain serves for those who send mail to it (RFC 8461 section 3.2).
package struct MTASTSPolicy: Hashable, Sendable {
  package enum Mode: String, Sendable { case enforce, testing, none }
  package var mode: Mode
  package var exchanges: [String] = []
  /// A year and a day (RFC 8461 section 3.2).
  private static let ageLimit = 31_557_600

  /// Nil for what is no policy: senders go on as if there were none.
  package init?(_ text: String) {
    var fields: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let name = String(line[..<colon]).trimmingSpace
      let value = String(line[line.index(after: colon)...]).trimmingSpace
      if name == "mx" { exchanges.append(value.lowercased()) } else if fields[name] == nil { fields[name] = value }
    }
    guard fields["version"] == "STSv1", let mode = fields["mode"].flatMap(Mode.init(rawValue:)),
      let age = fields["max_age"].flatMap({ Int($0) }), (0...MTASTSPolicy.ageLimit).contains(age),
      mode == .none || !exchanges.isEmpty
    else { return nil }
    self.mode = mode
  }

  /// `*.` stands for one label (RFC 8461 section 4.1).
  package func covers(_ exchange: String) -> Bool {
    let name = DomainName.normal(exchange)
    return exchanges.contains { pattern in
      pattern.hasPrefix("*.") ? DomainName.parent(name) == String(pattern.dropFirst(2)) : name == pattern
    }
  }
}

/// The record that says that there is a policy (RFC 8461 section 3.1).
package enum MTASTSRecord {
  /// Why senders take the texts for no record; nil where there is a sound one.
  package static func fault(in texts: [String]) -> String? {
    let records = texts.filter(isOne)
    guard records.count == 1 else { return "\(records.count) records" }
    let id = TagList(records[0]).tags["id"] ?? ""
    let isSound = (1...32).contains(id.utf8.count) && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    return isSound ? nil : "id is not 1 to 32 letters and digits"
  }

  package static func isOne(_ text: String) -> Bool {
    let first = String(text.prefix { $0 != ";" }).trimmingSpace
    return first == "v=STSv1"
  }
}

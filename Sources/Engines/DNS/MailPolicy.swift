/// SPF, DMARC and CAA as text: pure parsers, total on anything a zone may hold.

/// One SPF record (RFC 7208 section 12).
package struct SPFRecord: Hashable, Sendable {
  package struct Term: Hashable, Sendable {
    /// `+`, `-`, `~`, `?`; of modifiers `=`.
    package var qualifier: Character
    package var name: String
    package var value: String
    package var needsLookup: Bool { ["include", "a", "mx", "ptr", "exists", "redirect"].contains(name) }
    /// The domain that it names; nil where it means the record's own.
    package var domain: String? {
      let name = value.prefix { $0 != "/" }
      return name.isEmpty ? nil : String(name)
    }
    /// A prefix of no bits, of either family.
    package var coversEverything: Bool { value.split(separator: "/").dropFirst(domain == nil ? 0 : 1).contains("0") }
    package var namesEverybody: Bool { (name == "ip4" || name == "ip6") && coversEverything }
  }
  package var terms: [Term] = []
  /// The first term that is none.
  package var fault: String?

  package static func isOne(_ text: String) -> Bool {
    let lower = text.lowercased()
    return lower == "v=spf1" || lower.hasPrefix("v=spf1 ")
  }

  /// Nil for a text that is no SPF record.
  package init?(_ text: String) {
    guard SPFRecord.isOne(text) else { return nil }
    for word in text.split(separator: " ").dropFirst() {
      guard let term = SPFRecord.term(word) else {
        if fault == nil { fault = String(word.prefix(60)) }
        continue
      }
      terms.append(term)
    }
  }

  private static let mechanisms: Set<String> = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"]

  private static func term(_ word: Substring) -> Term? {
    let isQualified = word.first.map { "+-~?".contains($0) } ?? false
    let body = isQualified ? word.dropFirst() : word
    let name = body.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
    let rest = body.dropFirst(name.count)
    let lower = name.lowercased()
    if rest.first == "=" {
      guard !isQualified, name.first?.isLetter == true else { return nil }
      return Term(qualifier: "=", name: lower, value: String(rest.dropFirst()).lowercased())
    }
    guard mechanisms.contains(lower) else { return nil }
    let needsValue = ["include", "ip4", "ip6", "exists"].contains(lower)
    let value = rest.first == ":" ? rest.dropFirst() : rest
    guard rest.isEmpty || rest.first == ":" || (rest.first == "/" && !needsValue) else { return nil }
    guard !needsValue || !value.isEmpty, lower != "all" || rest.isEmpty else { return nil }
    return Term(qualifier: isQualified ? word.first ?? "+" : "+", name: lower, value: String(value).lowercased())
  }

  package var all: Term? { terms.first { $0.name == "all" } }
  package var redirect: String? {
    all == nil ? terms.first { $0.qualifier == "=" && $0.name == "redirect" }?.value : nil
  }
  /// The mechanisms that an evaluation may come to: none after `all` (RFC 7208 section 5.1).
  package var reached: [Term] {
    let mechanisms = terms.filter { $0.qualifier != "=" }
    return mechanisms.firstIndex { $0.name == "all" }.map { Array(mechanisms[...$0]) } ?? mechanisms
  }
}

/// `name=value; ...` of DMARC (RFC 7489 section 6.3) and MTA-STS (RFC 8461 section 3.1).
package struct TagList: Hashable, Sendable {
  package private(set) var tags: [String: String] = [:]
  package private(set) var hasFault = false

  package init(_ text: String) {
    for part in text.split(separator: ";") {
      let piece = String(part).trimmingSpace
      if piece.isEmpty { continue }
      let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2 else {
        hasFault = true
        continue
      }
      let name = String(halves[0]).trimmingSpace.lowercased()
      if tags[name] != nil { hasFault = true }
      tags[name] = String(halves[1]).trimmingSpace
    }
  }

  package static func isDMARC(_ text: String) -> Bool {
    let first = text.prefix { $0 != ";" }.filter { $0 != " " }
    return first == "v=DMARC1"
  }
}

/// One CAA property (RFC 8659 section 4).
package enum CAAProperty {
  /// Why it is malformed; nil where it is sound.
  package static func fault(tag: String, value: String) -> String? {
    guard !tag.isEmpty, tag.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
      return "a tag has odd bytes"
    }
    switch tag.lowercased() {
    case "issue", "issuewild":
      let issuer = String(value.prefix { $0 != ";" }).trimmingSpace
      let isName = issuer.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
      return isName ? nil : "the issuer of \(tag.lowercased()) is no domain name"
    case "iodef":
      let starts = ["mailto:", "http://", "https://"]
      return starts.contains { value.lowercased().hasPrefix($0) } ? nil : "iodef is no mailto, http or https URL"
    default: return nil
    }
  }
}

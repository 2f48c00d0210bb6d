internal import Wire

/// What a receiver finds who asks an SPF record about a stranger, an address that no mechanism names: what becomes of
/// the mail, and what finding out costs (RFC 7208 sections 4.6.4 and 5).
struct SPFWalk {
  let ask: (String, DNSType) -> DNSLook.Found
  /// Terms that ask, over all records that are reached (RFC 7208 section 4.6.4).
  static let limit = 10
  /// Terms that are answered by nothing (the same section).
  static let voidLimit = 2
  /// Names of mail servers for one `mx` (the same section).
  static let exchangeLimit = 10

  private(set) var lookups = 0
  private(set) var voids: [String] = []
  /// What makes a receiver give up (permerror): names without one sound record of their own.
  private(set) var broken: [String] = []
  /// Why some of it was not followed.
  private(set) var reason: String?

  /// The qualifier that a stranger gets; nil where a redirect was not followed to its end.
  mutating func follow(_ record: SPFRecord, _ domain: String) -> Character? {
    for term in record.reached {
      if term.name == "all" || term.namesEverybody { return term.qualifier }
      guard term.needsLookup else { continue }
      lookups += 1
      guard lookups <= SPFWalk.limit else { continue }
      if matches(term, domain) { return term.qualifier }
    }
    guard let redirect = record.redirect else { return "?" }
    lookups += 1
    guard lookups <= SPFWalk.limit, let next = fetch(redirect) else { return nil }
    return follow(next, redirect)
  }

  /// Whether the term matches a stranger.
  private mutating func matches(_ term: SPFRecord.Term, _ domain: String) -> Bool {
    let (name, isWhole) = (term.domain ?? domain, term.coversEverything)
    if term.name == "include" {
      guard let inner = fetch(name) else { return false }
      return follow(inner, name) == "+"
    }
    // A name made of the sender's address is nobody's for a stranger.
    guard term.name != "ptr", !name.contains("%") else { return false }
    switch term.name {
    case "mx": return exchanges(name) && isWhole
    case "exists": return hasAddress(name, [.a])
    default: return hasAddress(name, [.a, .aaaa]) && isWhole
    }
  }

  private mutating func hasAddress(_ name: String, _ types: [DNSType]) -> Bool {
    var isUnknown = false
    for type in types {
      let found = ask(name, type)
      guard let answer = found.value else {
        (reason, isUnknown) = (found.reason, true)
        continue
      }
      if !answer.addresses.isEmpty { return true }
    }
    if !isUnknown { voids.append(name) }
    return false
  }

  private mutating func exchanges(_ name: String) -> Bool {
    let found = ask(name, .mx)
    guard let answer = found.value else {
      reason = found.reason
      return false
    }
    let count = answer.contents(.mx).count
    if count == 0 { voids.append(name) }
    if count > SPFWalk.exchangeLimit { broken.append("\(name) has \(count) mail servers, more than 10") }
    return count > 0
  }

  private mutating func fetch(_ name: String) -> SPFRecord? {
    guard !name.contains("%") else {
      reason = "SPF names \(name.prefix(60)), which depends on the sender"
      return nil
    }
    let found = ask(name, .txt)
    guard let answer = found.value else {
      reason = found.reason
      return nil
    }
    if answer.texts.isEmpty { voids.append(name) }
    let records = answer.texts.filter(SPFRecord.isOne)
    guard records.count == 1, let record = SPFRecord(records[0]) else {
      broken.append("\(name) has \(records.isEmpty ? "no" : "more than one") SPF record")
      return nil
    }
    if let fault = record.fault { broken.append("the record of \(name) is malformed: \(fault)") }
    return record
  }
}

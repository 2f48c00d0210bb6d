/// A line of `threshold.config`. gid 0 and sid 0 mean every rule (of the gid).
package enum ThresholdEntry: Hashable, Sendable {
  /// No alert of the rule, for the tracked addresses or altogether.
  case suppress(gid: UInt32, sid: UInt32, track: SuppressionTrack?, addresses: AddressExpression?)
  case threshold(gid: UInt32, sid: UInt32, ThresholdOption)
  case rateFilter(gid: UInt32, sid: UInt32, RateFilter)

  package enum SuppressionTrack: String, Sendable {
    case source = "by_src"
    case destination = "by_dst"
    case either = "by_either"
  }
}

/// After `count` matches in `seconds`, the rule does `action` for `timeout` seconds.
package struct RateFilter: Hashable, Sendable {
  package var track: ThresholdTrack
  package var count: UInt32
  package var seconds: UInt32
  package var action: RuleAction
  package var timeout: UInt32
}

package struct ThresholdFile: Sendable {
  package private(set) var entries: [ThresholdEntry] = []

  package init() {}

  package mutating func read(_ file: [UInt8], name: String) -> [RuleDiagnostic] {
    var found: [RuleDiagnostic] = []
    LogicalLine.each(in: file) { line in
      let text = line.bytes[...].trimmed()
      guard let first = text.first, first != ASCII.hash else { return }
      do throws(RuleProblem) { entries.append(try ThresholdFile.entry(text)) } catch {
        found.append(RuleDiagnostic(error, line, file: name))
      }
    }
    return found
  }

  private static let names = ["suppress", "threshold", "event_filter", "rate_filter"]
  /// The line's word stands in messages where a rule's keyword would.
  private static let keywords: [String: Keyword] = Dictionary(
    uniqueKeysWithValues: names.map { ($0, Keyword($0, .rate, .needed, "", .generic)) })

  private static func entry(_ text: Text) throws(RuleProblem) -> ThresholdEntry {
    let (word, rest) = text.wordAndRest()
    guard let keyword = keywords[word.string] else {
      throw RuleProblem(
        .unknownKeyword, at: text.startIndex,
        "a line begins with suppress, threshold or rate_filter, not \(word.quoted)",
        hint: Spelling.nearest(to: word.prefix(40).string, in: names).map { "did you mean '\($0)'?" })
    }
    let a = Argument(keyword: keyword, place: text.startIndex, end: text.endIndex, value: rest)
    switch keyword.name {
    case "suppress": return try suppress(a)
    case "rate_filter": return try rateFilter(a)
    default:
      let (gid, sid) = try numbers(try ThresholdSyntax.fields(a, known: thresholdFields), a)
      return .threshold(gid: gid, sid: sid, try ThresholdSyntax.threshold(a, extra: ["gen_id", "sig_id"]))
    }
  }

  private static let thresholdFields = ["gen_id", "sig_id", "type", "track", "count", "seconds", "multiplier"]

  private static func numbers(_ fields: [String: Text], _ a: Argument) throws(RuleProblem) -> (UInt32, UInt32) {
    guard let gid = fields["gen_id"], let sid = fields["sig_id"] else {
      throw a.bad("needs gen_id and sig_id", at: a.value)
    }
    return (try a.number(gid), try a.number(sid))
  }

  private static func suppress(_ a: Argument) throws(RuleProblem) -> ThresholdEntry {
    var value = a.value
    var addresses: AddressExpression?
    if let ip = addressField(value) {
      addresses = try ExpressionParser.addresses(value[(ip + 3)...])
      value = value[..<ip].trimmed()
      if value.last == ASCII.comma { value = value.dropLast() }
    }
    let inner = Argument(keyword: a.keyword, place: a.place, end: a.end, value: value)
    let fields = try ThresholdSyntax.fields(inner, known: ["gen_id", "sig_id", "track"])
    let (gid, sid) = try numbers(fields, a)
    guard (fields["track"] == nil) == (addresses == nil) else {
      throw a.bad("needs track and ip together", at: a.value)
    }
    var track: ThresholdEntry.SuppressionTrack?
    if let text = fields["track"] {
      track = try a.raw(text, as: ThresholdEntry.SuppressionTrack.self, expected: "by_src, by_dst and by_either")
    }
    return .suppress(gid: gid, sid: sid, track: track, addresses: addresses)
  }

  /// Where `ip ` begins: it is the last field, its list may hold commas.
  private static func addressField(_ text: Text) -> Int? {
    var start = text.startIndex
    while start < text.endIndex {
      let field = text[start...]
      let bare = field.drop(while: ASCII.isSpace)
      if bare.hasPrefix("ip "), bare.count > 3 { return bare.startIndex }
      guard let comma = field.firstIndex(of: ASCII.comma) else { return nil }
      start = comma + 1
    }
    return nil
  }

  private static func rateFilter(_ a: Argument) throws(RuleProblem) -> ThresholdEntry {
    let known = ["gen_id", "sig_id", "track", "count", "seconds", "new_action", "timeout"]
    let fields = try ThresholdSyntax.fields(a, known: known)
    let (gid, sid) = try numbers(fields, a)
    guard let track = fields["track"], let count = fields["count"], let seconds = fields["seconds"],
      let action = fields["new_action"], let timeout = fields["timeout"]
    else { throw a.bad("needs track, count, seconds, new_action and timeout", at: a.value) }
    let filter = RateFilter(
      track: try ThresholdSyntax.track(track, a), count: try a.number(count),
      seconds: try ThresholdSyntax.seconds(seconds, a),
      action: try a.raw(action, expected: "alert, pass, drop and reject"),
      timeout: try ThresholdSyntax.seconds(timeout, a))
    return .rateFilter(gid: gid, sid: sid, filter)
  }
}

internal import Records
package import Wire

extension FilterSchema.Form {
  var isOrdered: Bool {
    switch self {
    case .ordered, .number, .time: true
    case .text, .choice, .flag: false
    }
  }

  var example: String {
    switch self {
    case .text: "tax*"
    case .choice(let names): names.first ?? ""
    case .ordered(let names): names.last ?? ""
    case .number: "10"
    case .flag: "true"
    case .time: "2h"
    }
  }

  func hint(near text: String) -> String {
    switch self {
    case .text: "any text"
    case .choice(let names), .ordered(let names):
      NearestWord.find(text.lowercased(), among: names).map { "did you mean \($0)?" }
        ?? "one of \(names.joined(separator: ", "))"
    case .number: "a number"
    case .flag: "true or false"
    case .time: "2h, 30m or 7d before now, or a moment such as 2026-11-22T03:04:05Z"
    }
  }

  /// Nil when the text has not the field's form.
  func value(_ text: String) -> Filter.Value? {
    let lower = Wildcard.folded(text)
    switch self {
    case .text: return .pattern(lower)
    case .choice(let names):
      if lower.contains("*") { return .pattern(lower) }
      return names.contains { $0.lowercased() == lower } ? .pattern(lower) : nil
    case .ordered(let names):
      if let place = names.firstIndex(where: { $0.lowercased() == lower }) { return .rank(place) }
      let initials = names.indices.filter { names[$0].lowercased().prefix(1) == lower }
      return initials.count == 1 ? .rank(initials[0]) : nil
    case .number: return Double(lower).flatMap { $0.isFinite ? .number($0) : nil }
    case .flag: return ["true": .flag(true), "yes": .flag(true), "false": .flag(false), "no": .flag(false)][lower]
    case .time:
      if let span = DurationText.nanoseconds(lower) { return .ago(span) }
      return TimeText.parse(text).map(Filter.Value.time)
    }
  }
}

/// `90s`, `10m`, `2h`, `7d`, `2w`, also summed (`1h30m`) and `500ms`.
package enum DurationText {
  package static func nanoseconds(_ text: some StringProtocol) -> Int64? {
    let units: [(String, Int64)] = [
      ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
      ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ]
    var rest = Substring(text)
    var total: Int64 = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let count = Int64(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { $0.isASCII && $0.isLetter }
      guard let unit = units.first(where: { $0.0 == letters })?.1 else { return nil }
      rest = rest.dropFirst(letters.count)
      let (product, over) = count.multipliedReportingOverflow(by: unit)
      let (sum, carry) = total.addingReportingOverflow(product)
      guard !over, !carry else { return nil }
      total = sum
    }
    return total
  }

  /// The shortest exact form: `36h`, `90s`, `1h30m` are written `1d12h`, `1m30s`, `1h30m`.
  package static func text(_ nanoseconds: Int64) -> String {
    var rest = max(nanoseconds, 0) / 1_000_000
    var result = ""
    for (unit, size) in [("d", Int64(86_400_000)), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
      guard rest >= size else { continue }
      result += "\(rest / size)\(unit)"
      rest %= size
    }
    return result.isEmpty ? "0s" : result
  }
}

/// RFC 3339 moments, and a bare day as its first second; without a zone they are UTC.
package enum TimeText {
  package static func parse(_ text: String) -> Timestamp? {
    let forms = [text, text + "Z", text + "T00:00:00Z", text + ":00Z"]
    return forms.lazy.compactMap { Timestamp(text: $0) }.first
  }
}

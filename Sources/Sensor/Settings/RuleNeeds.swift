package import RuleLanguage

/// What rules ask of the parsers beyond the usual: fingerprints and digests cost time, and are computed where one
/// rule at least looks at them.
package struct RuleNeeds: Sendable, Equatable {
  package var ja3 = false
  package var ja4 = false
  package var md5 = false
  package var sha1 = false
  package var sha256 = false

  package init() {}

  package init(_ rules: [Rule]) {
    for rule in rules {
      for option in rule.options { note(option) }
    }
  }

  private mutating func note(_ option: RuleOption) {
    switch option {
    case .buffer(let buffer):
      if buffer.name.hasPrefix("ja3") { ja3 = true }
      if buffer.name.hasPrefix("ja4") { ja4 = true }
    case .generic(let keyword, _):
      if keyword == "filemd5" { md5 = true }
      if keyword == "filesha1" { sha1 = true }
      if keyword == "filesha256" { sha256 = true }
    default: break
    }
  }
}

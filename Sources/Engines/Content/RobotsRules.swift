/// robots.txt (RFC 9309) as it speaks to us. Respected always: a browser that follows links by itself is a crawler.
package struct RobotsRules: Sendable {
  /// Section 2.5: at least 500 KiB are read.
  static let byteLimit = 512 << 10
  /// More rules, or longer ones, than any site means.
  private static let ruleLimit = 5000
  private static let patternLimit = 512

  private struct Rule {
    var allows: Bool
    var pattern: [UInt8]
  }
  private var rules: [Rule] = []
  /// Why everything is taken as forbidden; nil where the file decides.
  private(set) var refusal: String?
  /// The file went on behind what is read of it.
  private(set) var isCut = false

  /// Nothing is forbidden.
  init() {}
  /// Everything is (section 2.3.1.4: a server that cannot say so has not said yes).
  init(refusal: String) { self.refusal = refusal }

  package init(_ bytes: [UInt8], agent: String = "vigil") {
    isCut = bytes.count > RobotsRules.byteLimit
    var named: [Rule] = []
    var general: [Rule] = []
    var isNamed = false
    var hears: (named: Bool, general: Bool) = (false, false)
    var isInAgents = false
    let lines = bytes.prefix(RobotsRules.byteLimit).split { $0 == 0x0a || $0 == 0x0d }
    for line in lines {
      let text = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
      guard let colon = text.firstIndex(of: ":") else { continue }
      let key = String(text[..<colon]).trimmingSpace.lowercased()
      let value = String(text[text.index(after: colon)...]).trimmingSpace
      switch key {
      case "user-agent", "\u{feff}user-agent":
        if !isInAgents { hears = (false, false) }
        isInAgents = true
        if value == "*" { hears.general = true }
        let product = value.lowercased().prefix { $0.isLetter || $0 == "-" || $0 == "_" }
        if product == agent { (hears.named, isNamed) = (true, true) }
      case "allow", "disallow":
        isInAgents = false
        guard !value.isEmpty, named.count + general.count < RobotsRules.ruleLimit else { continue }
        guard value.utf8.count <= RobotsRules.patternLimit else { continue }
        let rule = Rule(allows: key == "allow", pattern: Array(value.utf8))
        if hears.named { named.append(rule) }
        if hears.general { general.append(rule) }
      default: continue
      }
    }
    rules = isNamed ? named : general
  }

  /// The longest pattern decides; of equal ones the one that allows (section 2.2.2).
  package func allows(_ path: String) -> Bool {
    guard refusal == nil else { return false }
    let bytes = Array(path.utf8)
    var best: (length: Int, allows: Bool) = (-1, true)
    for rule in rules where rule.pattern.count >= best.length && RobotsRules.matches(rule.pattern, bytes) {
      if rule.pattern.count > best.length || rule.allows { best = (rule.pattern.count, rule.allows) }
    }
    return best.allows
  }

  /// `*` is any run, a last `$` the end. Only the last star is ever tried again: time is the product of the lengths.
  private static func matches(_ pattern: [UInt8], _ path: [UInt8]) -> Bool {
    let isAnchored = pattern.last == UInt8(ascii: "$")
    let pattern = isAnchored ? Array(pattern.dropLast()) : pattern
    var (place, at) = (0, 0)
    var star: (pattern: Int, path: Int)?
    while true {
      if place == pattern.count {
        if !isAnchored || at == path.count { return true }
      } else if pattern[place] == UInt8(ascii: "*") {
        star = (place, at)
        place += 1
        continue
      } else if at < path.count, pattern[place] == path[at] {
        (place, at) = (place + 1, at + 1)
        continue
      }
      guard let last = star, last.path < path.count else { return false }
      star = (last.pattern, last.path + 1)
      (place, at) = (last.pattern + 1, last.path + 1)
    }
  }
}

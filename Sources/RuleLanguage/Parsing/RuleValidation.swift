/// What only the whole rule shows: missing numbers, modifiers that contradict each other.
enum RuleValidation {
  static func check(_ b: inout RuleBuilder, options: Text) throws(RuleProblem) {
    guard b.hasSID else {
      throw RuleProblem(.missingOption, at: options.startIndex, "the rule has no sid", hint: "add 'sid:NUMBER;'")
    }
    var fastPatterns = 0
    for item in b.items {
      guard case .content(let match) = item.option else { continue }
      let place = place(of: item, b.line)
      try content(match, place)
      if match.fastPattern != nil { fastPatterns += 1 }
      guard fastPatterns <= 1 else {
        throw RuleProblem(.repeatedOption, at: place, "a rule has one fast_pattern; this content is the second")
      }
    }
  }

  private static func place(of item: RuleBuilder.Item, _ line: LogicalLine) -> Int {
    let joint = line.joints.last { $0.line == Int(item.span.line) }?.index ?? 0
    return joint + Int(item.span.column) - 1
  }

  private static func content(_ match: ContentMatch, _ place: Int) throws(RuleProblem) {
    func contradiction(_ sentence: String) -> RuleProblem { RuleProblem(.contradiction, at: place, sentence) }
    let count = match.pattern.count
    let absolute = match.offset != nil || match.depth != nil
    guard !(absolute && match.isRelative) else {
      throw contradiction("the content has offset or depth together with distance or within")
    }
    guard !(match.flags.contains(.startsWith) && (absolute || match.isRelative)) else {
      throw contradiction("the content has startswith together with offset, depth, distance or within")
    }
    if case .literal(let depth) = match.depth, depth < count {
      throw contradiction("the depth \(depth) is smaller than the content of \(count) bytes: it can never match")
    }
    if case .literal(let within) = match.within, within < count {
      throw contradiction("within \(within) is smaller than the content of \(count) bytes: it can never match")
    }
    try fastPattern(match, contradiction)
  }

  private static func fastPattern(
    _ match: ContentMatch, _ contradiction: (String) -> RuleProblem
  ) throws(RuleProblem) {
    guard let fast = match.fastPattern else { return }
    let placed = match.offset != nil || match.depth != nil || match.isRelative
    switch fast {
    case .only:
      guard !placed, !match.isNegated else {
        throw contradiction("fast_pattern:only stands on a content that is negated or has a place")
      }
    case .chop(let offset, let length):
      guard length > 0, Int(offset) + Int(length) <= match.pattern.count else {
        throw contradiction(
          "fast_pattern:\(offset),\(length) reaches beyond the content of \(match.pattern.count) bytes")
      }
      fallthrough
    case .whole:
      guard !match.isNegated || !placed else {
        throw contradiction("fast_pattern stands on a negated content that has a place")
      }
    }
  }
}

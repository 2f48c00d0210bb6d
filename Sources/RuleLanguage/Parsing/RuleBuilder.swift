/// Collects the options of one rule and keeps track of which buffer each match looks into.
///
/// Sticky buffers hold until the next one; a legacy modifier moves one content. Both end as `.buffer` options: each
/// match remembers its selection, and `finish` writes a `.buffer` wherever the selection changes.
struct RuleBuilder {
  struct Item {
    var option: RuleOption
    var span: SourceSpan
    /// Index into `selections`; -1 for options that look into no buffer.
    var selection: Int
  }

  /// As in the standard: more would be a program and not a rule.
  static let maximumOptions = 1_000

  var rule: Rule
  let line: LogicalLine
  var items: [Item] = []
  var selections: [BufferSelection] = [BufferSelection(name: BufferSelection.payload)]
  private var selectionSpans: [SourceSpan] = [SourceSpan(line: 0, column: 0, length: 0)]
  private var used: [Bool] = [false]
  /// The sticky selection in force; nil before the first.
  private(set) var sticky: Int?
  private var lastMatch = 0
  private(set) var lastContent: Int?
  /// Names that `byte_extract` and `byte_math` have set so far.
  var variables: [String] = []
  /// Options that a rule may have once.
  private var seen: Set<String> = []
  /// Protocols that options of the rule need, with the place of the option.
  var needed: [(proto: String, keyword: String, place: Int)] = []
  var hasSID = false

  init(rule: Rule, line: LogicalLine) {
    self.rule = rule
    self.line = line
    items.reserveCapacity(12)
  }

  func span(_ a: Argument) -> SourceSpan {
    let place = line.position(a.place)
    return SourceSpan(
      line: Int32(clamping: place.line), column: Int32(clamping: place.column), length: Int32(clamping: a.end - a.place)
    )
  }

  mutating func once(_ a: Argument) throws(RuleProblem) {
    guard seen.insert(a.name).inserted else {
      throw RuleProblem(.repeatedOption, at: a.place, "'\(a.name)' stands twice in this rule")
    }
  }

  mutating func add(_ option: RuleOption, _ a: Argument) {
    items.append(Item(option: option, span: span(a), selection: -1))
  }

  /// A match in the sticky buffer; without one a relative match follows the match before it, others the payload.
  mutating func addMatch(_ option: RuleOption, relative: Bool = false, _ a: Argument) {
    addMatch(option, in: sticky ?? (relative ? lastMatch : 0), a)
  }

  mutating func addMatch(_ option: RuleOption, in selection: Int, _ a: Argument) {
    used[selection] = true
    lastMatch = selection
    items.append(Item(option: option, span: span(a), selection: selection))
  }

  mutating func addContent(_ match: ContentMatch, _ a: Argument) {
    addMatch(.content(match), a)
    lastContent = items.count - 1
  }

  mutating func select(_ name: String, _ a: Argument) throws(RuleProblem) {
    try requireUsedSticky()
    guard name != BufferSelection.payload else {
      sticky = 0
      used[0] = true
      return
    }
    selections.append(BufferSelection(name: name))
    selectionSpans.append(span(a))
    used.append(false)
    sticky = selections.count - 1
    stickyPlace = a.place
  }
  private var stickyPlace = 0

  private func requireUsedSticky() throws(RuleProblem) {
    guard let sticky, !used[sticky] else { return }
    throw RuleProblem(
      .missingOption, at: stickyPlace, "'\(selections[sticky].name)' selects a buffer that nothing behind it inspects")
  }

  mutating func transform(_ transform: BufferTransform, _ a: Argument) throws(RuleProblem) {
    guard let sticky, sticky > 0, !used[sticky] else {
      throw a.misplaced("must stand directly behind a sticky buffer or another transform")
    }
    selections[sticky].transforms.append(transform)
  }

  /// The selection that a legacy modifier or a pcre letter means.
  mutating func legacySelection(_ name: String, _ a: Argument) -> Int {
    if let index = selections.firstIndex(where: { $0.name == name && $0.transforms.isEmpty }) { return index }
    selections.append(BufferSelection(name: name))
    selectionSpans.append(span(a))
    used.append(true)
    return selections.count - 1
  }

  mutating func moveLastContent(to name: String, _ a: Argument) throws(RuleProblem) {
    guard let index = lastContent else { throw a.misplaced("needs a content before it") }
    let selection = legacySelection(name, a)
    items[index].selection = selection
    if index == items.count - 1 || lastMatch == 0 { lastMatch = selection }
  }

  mutating func modifyLastContent(
    _ a: Argument, _ change: (inout ContentMatch) throws(RuleProblem) -> Void
  ) throws(RuleProblem) {
    guard let index = lastContent, case .content(var match) = items[index].option else {
      throw a.misplaced("needs a content before it")
    }
    try change(&match)
    items[index].option = .content(match)
  }

  /// A literal, or a variable that is already set.
  func number(_ text: Text, _ a: Argument, in range: ClosedRange<Int64> = -65_535...65_535) throws(RuleProblem)
    -> RuleNumber
  {
    if let value = text.signedNumber {
      guard range.contains(value), let literal = Int32(exactly: value) else {
        throw a.bad("takes numbers from \(range.lowerBound) to \(range.upperBound), not \(text.quoted)", at: text)
      }
      return .literal(literal)
    }
    return .variable(try variable(text, a))
  }

  func variable(_ text: Text, _ a: Argument) throws(RuleProblem) -> String {
    let name = text.string
    guard text.isName, let first = text.first, !ASCII.isDigit(first), first != ASCII.dash else {
      throw a.bad("needs a number or the name of a variable, not \(text.quoted)", at: text)
    }
    guard variables.contains(name) else {
      throw a.bad(
        "uses \(text.quoted), which no byte_extract or byte_math before it sets", at: text,
        hint: Spelling.nearest(to: name, in: variables).map { "did you mean '\($0)'?" })
    }
    return name
  }

  /// Writes the options with their `.buffer`s into the rule.
  mutating func finish() throws(RuleProblem) -> Rule {
    try requireUsedSticky()
    rule.options.reserveCapacity(items.count + selections.count)
    rule.spans.reserveCapacity(items.count + selections.count)
    var current = 0
    for item in items {
      if item.selection >= 0, item.selection != current {
        rule.options.append(.buffer(selections[item.selection]))
        rule.spans.append(item.selection == 0 ? item.span : selectionSpans[item.selection])
        current = item.selection
      }
      rule.options.append(item.option)
      rule.spans.append(item.span)
    }
    return rule
  }
}

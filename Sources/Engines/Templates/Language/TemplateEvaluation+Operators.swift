internal import Wire

/// Kinds of values, and what operators make of them.
extension TemplateEvaluation {
  static func isTrue(_ value: TemplateValue) throws(EvaluationFailure) -> Bool {
    guard case .truth(let isTrue) = value else { throw EvaluationFailure("a condition is \(value.kind)") }
    return isTrue
  }

  /// Numbers are texts where a text is needed.
  static func text(_ value: TemplateValue) throws(EvaluationFailure) -> [UInt8] {
    switch value {
    case .text(let bytes): return bytes
    case .partial(_, let reason): throw EvaluationFailure(reason)
    case .number(let number): return Array(printed(number).utf8)
    case .truth(let isTrue): return Array((isTrue ? "true" : "false").utf8)
    case .list: throw EvaluationFailure("a list stands where a text is needed")
    }
  }

  static func number(_ value: TemplateValue) throws(EvaluationFailure) -> Double {
    switch value {
    case .number(let number): return number
    case .text(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      guard bytes.count <= 32, let number = Double(text), number.isFinite else {
        throw EvaluationFailure("a text stands where a number is needed")
      }
      return number
    case .partial(_, let reason): throw EvaluationFailure(reason)
    case .truth, .list: throw EvaluationFailure("\(value.kind) stands where a number is needed")
    }
  }

  static func whole(_ value: TemplateValue, in range: ClosedRange<Int>) throws(EvaluationFailure) -> Int {
    guard let whole = Int(exactly: try number(value)), range.contains(whole) else {
      throw EvaluationFailure("a number is not a whole one of \(range.lowerBound) to \(range.upperBound)")
    }
    return whole
  }

  /// As people write it: no fraction where there is none.
  static func printed(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  static func combined(
    _ sign: TemplateOperator, _ left: TemplateValue, _ right: TemplateValue, _ matching: TemplateMatching
  ) throws(EvaluationFailure) -> TemplateValue {
    switch sign {
    case .equal: return .truth(try isEqual(left, right))
    case .unequal: return .truth(!(try isEqual(left, right)))
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return .truth(try isOrdered(sign, left, right))
    case .matches: return .truth(try isFound(try matching.pattern(try text(right)), left, matching))
    case .matchesNot: return .truth(!(try isFound(try matching.pattern(try text(right)), left, matching)))
    case .plus: return try sum(left, right)
    case .minus: return try finite(try number(left) - (try number(right)))
    case .times: return try finite(try number(left) * (try number(right)))
    case .divided: return try finite(try number(left) / (try number(right)))
    case .remainder: return try finite((try number(left)).truncatingRemainder(dividingBy: try number(right)))
    case .and, .or: throw EvaluationFailure("conditions are joined before their sides are known")
    }
  }

  /// Found in what is there: yes. Not found in what was cut: not known.
  static func isFound(
    _ pattern: TemplatePattern, _ value: TemplateValue, _ matching: TemplateMatching
  ) throws(EvaluationFailure) -> Bool {
    guard case .partial(let bytes, let reason) = value else {
      return try matching.first(pattern, in: try text(value)) != nil
    }
    guard try matching.first(pattern, in: bytes) != nil else { throw EvaluationFailure(reason) }
    return true
  }

  private static func finite(_ number: Double) throws(EvaluationFailure) -> TemplateValue {
    guard number.isFinite else { throw EvaluationFailure("a number is divided by zero or grew without end") }
    return .number(number)
  }

  private static func sum(_ left: TemplateValue, _ right: TemplateValue) throws(EvaluationFailure) -> TemplateValue {
    if case .number(let first) = left, case .number(let second) = right { return try finite(first + second) }
    let bytes = try text(left) + (try text(right))
    try check(bytes.count)
    return .text(bytes)
  }

  private static func isEqual(_ left: TemplateValue, _ right: TemplateValue) throws(EvaluationFailure) -> Bool {
    switch (left, right) {
    case (.number(let first), .number(let second)): return first == second
    case (.truth(let first), .truth(let second)): return first == second
    case (.list(let first), .list(let second)): return first == second
    default: return try text(left) == (try text(right))
    }
  }

  /// By number where both are numbers or texts of numbers, else by bytes.
  private static func isOrdered(
    _ sign: TemplateOperator, _ left: TemplateValue, _ right: TemplateValue
  ) throws(EvaluationFailure) -> Bool {
    if let first = try? number(left), let second = try? number(right) { return isOrdered(sign, first, second) }
    guard case .text(let first) = left, case .text(let second) = right else {
      throw EvaluationFailure("\(left.kind) is compared with \(right.kind)")
    }
    let isLess = first.lexicographicallyPrecedes(second)
    return isOrdered(sign, first == second ? 0 : isLess ? -1 : 1, 0)
  }

  private static func isOrdered(_ sign: TemplateOperator, _ first: Double, _ second: Double) -> Bool {
    switch sign {
    case .less: first < second
    case .lessOrEqual: first <= second
    case .greater: first > second
    default: first >= second
    }
  }
}

extension TemplateValue {
  var kind: String {
    switch self {
    case .text: "a text"
    case .partial: "a text that was cut"
    case .number: "a number"
    case .truth: "a yes or no"
    case .list: "a list"
    }
  }
}

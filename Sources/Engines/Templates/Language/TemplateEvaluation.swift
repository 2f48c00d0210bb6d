internal import Wire

/// Works out expressions over a scope, within limits. Chance moves on with each draw; whoever evaluates keeps it.
struct TemplateEvaluation {
  /// Values and operators worked out for one run of `value` or `text`: the largest template needs hundreds.
  static let stepLimit = 20_000
  /// Bytes of arguments and results together: a page of 2 MiB, read by thirty functions.
  static let workLimit = 64 << 20
  /// One text: no page is larger (whoever asks bounds bodies).
  static let textLimit = 8 << 20

  var scope: TemplateScope
  let now: Timestamp
  var chance: TemplateChance
  let matching: TemplateMatching
  private var steps = 0
  private var work = 0

  init(scope: TemplateScope, now: Timestamp, chance: TemplateChance, matching: TemplateMatching) {
    self.scope = scope
    self.now = now
    self.chance = chance
    self.matching = matching
  }

  // MARK: - From outside

  mutating func result(_ expression: TemplateExpression) throws(EvaluationFailure) -> TemplateValue {
    (steps, work) = (0, 0)
    return try value(expression)
  }

  mutating func truth(_ expression: TemplateExpression) -> TemplateTruth {
    do throws(EvaluationFailure) {
      return TemplateTruth(try TemplateEvaluation.isTrue(try result(expression)))
    } catch {
      return .unknown(error.reason)
    }
  }

  mutating func bytes(_ text: TemplateText) throws(EvaluationFailure) -> [UInt8] {
    (steps, work) = (0, 0)
    var bytes: [UInt8] = []
    for piece in text.pieces {
      switch piece {
      case .text(let text): bytes += Array(text.utf8)
      case .expression(let expression, source: _): bytes += try TemplateEvaluation.text(try value(expression))
      }
      try TemplateEvaluation.check(bytes.count)
    }
    return bytes
  }

  // MARK: - Inside

  mutating func value(_ expression: TemplateExpression) throws(EvaluationFailure) -> TemplateValue {
    steps += 1
    guard steps <= TemplateEvaluation.stepLimit else {
      throw EvaluationFailure("an expression took more than \(TemplateEvaluation.stepLimit) steps, the limit")
    }
    switch expression {
    case .literal(let value): return value
    case .name(let name): return try scope.value(of: name)
    case .not(let inner): return .truth(!(try TemplateEvaluation.isTrue(try value(inner))))
    case .negated(let inner): return .number(-(try TemplateEvaluation.number(try value(inner))))
    case .binary(.and, _, _): return try joined(expression.chain(of: .and), needsAll: true)
    case .binary(.or, _, _): return try joined(expression.chain(of: .or), needsAll: false)
    case .binary(let sign, let left, let right):
      return try TemplateEvaluation.combined(sign, try value(left), try value(right), matching)
    case .call(let function, let arguments, let pattern):
      var values: [TemplateValue] = []
      for argument in arguments { values.append(try value(argument)) }
      try charge(values)
      let result = try call(function, values, pattern)
      try charge([result])
      return result
    }
  }

  /// What follows is also asked where a side has no value: it may decide alone.
  private mutating func joined(
    _ sides: [TemplateExpression], needsAll: Bool
  ) throws(EvaluationFailure) -> TemplateValue {
    var failure: EvaluationFailure?
    for side in sides {
      do throws(EvaluationFailure) {
        let isTrue = try TemplateEvaluation.isTrue(try value(side))
        if isTrue != needsAll { return .truth(isTrue) }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return .truth(needsAll)
  }

  private mutating func charge(_ values: [TemplateValue]) throws(EvaluationFailure) {
    for value in values {
      let size = value.size
      try TemplateEvaluation.check(size)
      work += size
    }
    guard work <= TemplateEvaluation.workLimit else {
      throw EvaluationFailure("an expression handled more than \(TemplateEvaluation.workLimit >> 20) MiB, the limit")
    }
  }

  static func check(_ count: Int) throws(EvaluationFailure) {
    guard count <= textLimit else {
      throw EvaluationFailure("a text grew to more than \(textLimit >> 20) MiB, the limit")
    }
  }
}

extension TemplateValue {
  /// Bytes that it holds.
  var size: Int {
    switch self {
    case .text(let bytes), .partial(let bytes, reason: _): bytes.count
    case .number, .truth: 8
    case .list(let values): values.reduce(8) { $0 + $1.size }
    }
  }
}

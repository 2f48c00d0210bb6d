extension TemplateExpression {
  /// Every name that it asks for.
  var names: Set<String> {
    switch self {
    case .literal: []
    case .name(let name): [name]
    case .not(let inner), .negated(let inner): inner.names
    case .binary(_, let left, let right): left.names.union(right.names)
    case .call(_, let arguments, pattern: _): arguments.reduce(into: []) { $0.formUnion($1.names) }
    }
  }

  /// Every text that is written out in it.
  var texts: [String] {
    switch self {
    case .literal(.text(let bytes)): [String(decoding: bytes, as: UTF8.self)]
    case .literal, .name: []
    case .not(let inner), .negated(let inner): inner.texts
    case .binary(_, let left, let right): left.texts + right.texts
    case .call(_, let arguments, pattern: _): arguments.flatMap(\.texts)
    }
  }

  /// The value where it asks for nothing: `'a'`, `('a')`.
  var literalText: String? {
    guard case .literal(.text(let bytes)) = self else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension TemplateExpression {
  /// `a && b && c` as its sides, in order.
  func chain(of sign: TemplateOperator) -> [TemplateExpression] {
    var sides: [TemplateExpression] = []
    var rest = self
    while case .binary(sign, let left, let right) = rest {
      sides.append(right)
      rest = left
    }
    return [rest] + sides.reversed()
  }
}

extension TemplateText {
  var names: Set<String> {
    pieces.reduce(into: []) { names, piece in
      if case .expression(let expression, source: _) = piece { names.formUnion(expression.names) }
    }
  }
}

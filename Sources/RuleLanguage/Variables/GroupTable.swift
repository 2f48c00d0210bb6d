internal import Wire

/// An expression over groups, as far as working it out is the same for addresses and ports.
protocol GroupExpression: Sendable {
  associatedtype Bound: Neighbouring & Sendable
  /// As an error names it: `address`, `port`.
  static var kind: String { get }
  /// As an operator writes it.
  var text: String { get }
  var shape: GroupShape<Self> { get }
}

indirect enum GroupShape<Expression: GroupExpression> {
  case ranges([ClosedRange<Expression.Bound>])
  case variable(String)
  case list([Expression])
  case not(Expression)
}

/// Groups of one kind by name, and what they come to.
struct GroupTable<Expression: GroupExpression>: Sendable {
  typealias Ranges = [ClosedRange<Expression.Bound>]

  private var groups: [String: Expression] = [:]
  private(set) var resolved: [String: Ranges] = [:]

  subscript(_ name: String) -> Expression? {
    get { groups[name] }
    set { groups[name] = newValue }
  }

  /// Works out every group anew.
  mutating func resolve() throws(RuleVariables.Problem) {
    resolved = [:]
    for name in groups.keys.sorted() { _ = try group(name, path: []) }
  }

  /// Ascending and disjoint. An expression that leaves nothing is an error: its rule could never match.
  mutating func ranges(of expression: Expression, path: [String] = []) throws(RuleVariables.Problem) -> Ranges {
    let ranges = IntervalSet.normalised(try intervals(expression, path))
    guard !ranges.isEmpty else { throw .init(sentence: "'\(expression.text)' leaves no \(Expression.kind)") }
    return ranges
  }

  private mutating func group(_ name: String, path: [String]) throws(RuleVariables.Problem) -> Ranges {
    if let known = resolved[name] { return known }
    guard let expression = groups[name] else { throw unknown(name) }
    guard !path.contains(name) else { throw cycle(path + [name]) }
    let ranges = try ranges(of: expression, path: path + [name])
    resolved[name] = ranges
    return ranges
  }

  private mutating func intervals(_ expression: Expression, _ path: [String]) throws(RuleVariables.Problem) -> Ranges {
    switch expression.shape {
    case .ranges(let ranges): return ranges
    case .variable(let name): return try group(name, path: path)
    case .not(let inner):
      return IntervalSet.subtract(try intervals(inner, path), from: IntervalSet<Expression.Bound>.everything)
    case .list(let items):
      var included: Ranges = []
      var excluded: Ranges = []
      var positives = false
      for item in items {
        if case .not(let inner) = item.shape {
          excluded += try intervals(inner, path)
        } else {
          included += try intervals(item, path)
          positives = true
        }
      }
      return IntervalSet.subtract(excluded, from: positives ? included : IntervalSet<Expression.Bound>.everything)
    }
  }

  private func unknown(_ name: String) -> RuleVariables.Problem {
    let hint = Spelling.nearest(to: name, in: groups.keys.sorted()).map { " (did you mean '$\($0)'?)" } ?? ""
    return .init(sentence: "the \(Expression.kind) group '$\(name)' is not defined\(hint)")
  }

  private func cycle(_ path: [String]) -> RuleVariables.Problem {
    .init(sentence: "the group '$\(path[0])' is defined by itself: \(path.joined(separator: " -> "))")
  }
}

extension AddressExpression: GroupExpression {
  typealias Bound = IPAddress
  static var kind: String { "address" }
  var shape: GroupShape<AddressExpression> {
    switch self {
    case .any: .ranges(IPAddress.everything)
    case .prefix(let prefix): .ranges([prefix.bounds])
    case .range(let range): .ranges([range])
    case .variable(let name): .variable(name)
    case .list(let items): .list(items)
    case .not(let inner): .not(inner)
    }
  }
}

extension PortExpression: GroupExpression {
  typealias Bound = UInt16
  static var kind: String { "port" }
  var shape: GroupShape<PortExpression> {
    switch self {
    case .any: .ranges(UInt16.everything)
    case .range(let range): .ranges([range])
    case .variable(let name): .variable(name)
    case .list(let items): .list(items)
    case .not(let inner): .not(inner)
    }
  }
}

internal import Wire

extension AddressExpression {
  /// As it is written in a rule's header.
  package var text: String {
    switch self {
    case .any: "any"
    case .prefix(let prefix): prefix.length == prefix.address.width ? "\(prefix.address)" : prefix.description
    case .range(let range): "\(range.lowerBound)-\(range.upperBound)"
    case .variable(let name): "$\(name)"
    case .list(let items): "[\(items.map(\.text).joined(separator: ","))]"
    case .not(let inner): "!\(inner.text)"
    }
  }
}

extension PortExpression {
  /// As it is written in a rule's header.
  package var text: String {
    switch self {
    case .any: "any"
    case .range(let range) where range.count == 1: "\(range.lowerBound)"
    case .range(let range): "\(range.lowerBound):\(range.upperBound)"
    case .variable(let name): "$\(name)"
    case .list(let items): "[\(items.map(\.text).joined(separator: ","))]"
    case .not(let inner): "!\(inner.text)"
    }
  }
}

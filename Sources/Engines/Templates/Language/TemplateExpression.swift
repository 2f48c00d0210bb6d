/// A parsed expression.
package indirect enum TemplateExpression: Sendable, Hashable {
  case literal(TemplateValue)
  case name(String)
  case not(TemplateExpression)
  case negated(TemplateExpression)
  case binary(TemplateOperator, TemplateExpression, TemplateExpression)
  /// `pattern`: compiled once where the regular expression is written out.
  case call(TemplateFunction, [TemplateExpression], pattern: TemplatePattern?)
}

package enum TemplateOperator: String, Sendable, Hashable {
  case or = "||"
  case and = "&&"
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case matches = "=~"
  case matchesNot = "!~"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divided = "/"
  case remainder = "%"

  /// The higher binds tighter.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual, .matches, .matchesNot: 3
    case .plus, .minus: 4
    case .times, .divided, .remainder: 5
    }
  }
}

/// Yes, no, or why neither. Joined as Kleene joins them: a *no* decides an *and*, a *yes* an *or*, whatever else is
/// not known.
enum TemplateTruth: Hashable {
  case yes, no
  /// A sentence, lower case.
  case unknown(String)

  init(_ isTrue: Bool) { self = isTrue ? .yes : .no }

  var negated: TemplateTruth {
    switch self {
    case .yes: .no
    case .no: .yes
    case .unknown: self
    }
  }

  /// All of `parts`, or any of them; the first reason stands for all. Parts are asked in order, and no further than
  /// is needed.
  static func joined<T>(_ parts: [T], needsAll: Bool, _ truth: (T) -> TemplateTruth) -> TemplateTruth {
    var open: TemplateTruth?
    for part in parts {
      switch truth(part) {
      case .yes: if !needsAll { return .yes }
      case .no: if needsAll { return .no }
      case .unknown(let reason): open = open ?? .unknown(reason)
      }
    }
    return open ?? TemplateTruth(needsAll)
  }
}

/// Why an expression has no value: what it is made of is missing, of the wrong kind or too large. Never a *no*.
struct EvaluationFailure: Error, Hashable {
  /// A sentence, lower case; holds nothing that a site sent.
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

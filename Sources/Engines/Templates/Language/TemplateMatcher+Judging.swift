extension TemplateMatcher {
  /// What it says of the scope's answer.
  func truth(_ evaluation: inout TemplateEvaluation) -> TemplateTruth {
    let truth = plainTruth(&evaluation)
    return isNegative ? truth.negated : truth
  }

  private func plainTruth(_ evaluation: inout TemplateEvaluation) -> TemplateTruth {
    do throws(EvaluationFailure) {
      switch test {
      case .status(let codes):
        let status = try evaluation.scope.response(part.number).status
        return TemplateTruth(codes.contains(status))
      case .expressions(let expressions):
        var copy = evaluation
        defer { evaluation = copy }
        return TemplateTruth.joined(expressions, needsAll: needsAll) { copy.truth($0) }
      default: return try truth(of: try evaluation.scope.value(of: part), &evaluation)
      }
    } catch {
      return .unknown(error.reason)
    }
  }

  private func truth(
    of value: TemplateValue, _ evaluation: inout TemplateEvaluation
  ) throws(EvaluationFailure) -> TemplateTruth {
    switch test {
    case .size(let sizes): return TemplateTruth(sizes.contains(try TemplateEvaluation.text(value).count))
    case .words(let words, let ignoresCase):
      var texts: [[UInt8]] = []
      for word in words { texts.append(try evaluation.bytes(word)) }
      guard ignoresCase else { return found(texts, in: try Looked(value)) }
      return found(texts.map(TemplateTexts.lower), in: try Looked(value, change: TemplateTexts.lower))
    case .bytes(let texts): return found(texts, in: try Looked(value))
    case .patterns(let patterns):
      let looked = try Looked(value)
      let matching = evaluation.matching
      return TemplateTruth.joined(patterns, needsAll: needsAll) { pattern in
        do throws(EvaluationFailure) {
          return try matching.first(pattern, in: looked.bytes) != nil ? .yes : looked.absent
        } catch {
          return .unknown(error.reason)
        }
      }
    case .status, .expressions: return .unknown("a matcher of another kind")
    }
  }

  private func found(_ texts: [[UInt8]], in looked: Looked) -> TemplateTruth {
    TemplateTruth.joined(texts, needsAll: needsAll) {
      TemplateMatching.place(of: $0, in: looked.bytes) != nil ? .yes : looked.absent
    }
  }
}

/// Bytes to look in, and what it means not to find something there.
struct Looked {
  let bytes: [UInt8]
  let absent: TemplateTruth

  init(_ value: TemplateValue, change: ([UInt8]) -> [UInt8] = { $0 }) throws(EvaluationFailure) {
    if case .partial(let bytes, let reason) = value {
      (self.bytes, absent) = (change(bytes), .unknown(reason))
    } else {
      (bytes, absent) = (change(try TemplateEvaluation.text(value)), .no)
    }
  }
}

extension TemplateRequest {
  /// What its matchers say together of the scope's answer, and the names of those that said yes. Without matchers an
  /// answer says nothing: `nil`.
  func judged(_ evaluation: inout TemplateEvaluation) -> (truth: TemplateTruth, names: [String])? {
    guard !matchers.isEmpty else { return nil }
    var truths: [TemplateTruth] = []
    for matcher in matchers { truths.append(matcher.truth(&evaluation)) }
    let truth = TemplateTruth.joined(truths, needsAll: needsAllMatchers) { $0 }
    let names = zip(matchers, truths).compactMap { $1 == .yes ? $0.name : nil }
    return (truth, truth == .yes ? names : [])
  }

  /// A block whose matchers are all internal is a condition of the blocks behind it, and no result.
  var isCondition: Bool { !matchers.isEmpty && matchers.allSatisfy(\.isInternal) }
}

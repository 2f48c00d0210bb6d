package import Wire

/// One expression over one answer, by itself: for those who write templates, and for fuzzing.
package struct ExpressionTrial {
  package var now: Timestamp
  package var random: UInt64
  package var values: [String: TemplateValue]
  package var answer: TemplateResponse?

  package init(
    now: Timestamp, random: UInt64, values: [String: TemplateValue] = [:], answer: TemplateResponse? = nil
  ) {
    (self.now, self.random, self.values, self.answer) = (now, random, values, answer)
  }

  package enum Outcome: Hashable, Sendable {
    case value(TemplateValue)
    /// A sentence, lower case.
    case notDetermined(String)
  }

  package func outcome(of text: String) throws(ExpressionError) -> Outcome {
    let expression = try ExpressionParser.parse(text)
    var scope = TemplateScope(seed: random)
    scope.values = values
    scope.current = answer.map { .response($0) }
    var evaluation = TemplateEvaluation(
      scope: scope, now: now, chance: TemplateChance(seed: random), matching: TemplateMatching())
    do throws(EvaluationFailure) {
      return .value(try evaluation.result(expression))
    } catch {
      return .notDetermined(error.reason)
    }
  }
}

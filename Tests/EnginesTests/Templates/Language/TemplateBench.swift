import Documents
import Wire

@testable import Engines

/// What the tests of the template language share.
enum TemplateBench {
  /// 2026-11-26 03:04:05 UTC.
  static let now = Timestamp(seconds: 1_795_662_245)
  static let target = TemplateTarget(scheme: "https", host: "city.example", port: 443)

  static func evaluation(
    _ values: [String: TemplateValue] = [:], answer: TemplateAnswer? = nil, seed: UInt64 = 1
  ) -> TemplateEvaluation {
    var scope = TemplateScope(seed: seed)
    scope.values = values
    scope.current = answer
    return TemplateEvaluation(
      scope: scope, now: now, chance: TemplateChance(seed: seed), matching: TemplateMatching())
  }

  /// The value as text, `yes`/`no` of conditions included, or `?` and the reason.
  static func value(
    _ text: String, _ values: [String: TemplateValue] = [:], answer: TemplateAnswer? = nil
  ) -> String {
    do throws(ExpressionError) {
      let expression = try ExpressionParser.parse(text)
      var evaluation = evaluation(values, answer: answer)
      do throws(EvaluationFailure) {
        return shown(try evaluation.result(expression))
      } catch {
        return "? " + error.reason
      }
    } catch {
      return "! " + error.description
    }
  }

  private static func shown(_ value: TemplateValue) -> String {
    switch value {
    case .text(let bytes): String(decoding: bytes, as: UTF8.self)
    case .partial(let bytes, reason: _): String(decoding: bytes, as: UTF8.self) + "..."
    case .number(let number): TemplateEvaluation.printed(number)
    case .truth(let isTrue): isTrue ? "yes" : "no"
    case .list(let values): "[" + values.map(shown).joined(separator: "|") + "]"
    }
  }

  /// A template of one block whose lines are `block`, indented as they stand.
  static func text(_ block: String, about: String = "", above: String = "") -> String {
    """
    id: a-check
    info:
      name: A check
      author: us
      severity: low
    \(about)\(above)http:
    \(block)
    """
  }

  static func read(_ block: String, about: String = "", above: String = "") throws -> WebTemplate {
    try TemplateReader.read(text(block, about: about, above: above), file: "a.yaml")
  }

  /// The reader's error, whole; empty where there is none.
  static func error(_ text: String) -> String {
    do throws(DocumentError) {
      _ = try TemplateReader.read(text, file: "a.yaml")
      return ""
    } catch {
      return error.description
    }
  }

  static func response(
    _ body: String, status: Int = 200, _ headers: [HeaderLine] = [], cut: String? = nil
  ) -> TemplateResponse {
    TemplateResponse(
      status: status, headers: headers, body: Array(body.utf8), milliseconds: 120, statusLine: "HTTP/1.1 \(status) X",
      cut: cut)
  }
}

internal import PatternMatching

/// A regular expression of a template: equal where its text is. nuclei's are RE2's over characters; ours are PCRE2's
/// over bytes, so what would mean something else is a problem and not a surprise.
package struct TemplatePattern: Sendable, Hashable {
  package let text: String
  let compiled: RegularExpression

  init(_ text: String) throws(PatternProblem) {
    guard text.utf8.count <= TemplatePattern.lengthLimit else {
      throw PatternProblem("the regular expression has more than \(TemplatePattern.lengthLimit) bytes, the limit")
    }
    if let problem = TemplatePattern.otherwiseMeant(text) { throw problem }
    do throws(PatternError) {
      compiled = try RegularExpression(text, .dollarEndOnly)
    } catch {
      throw PatternProblem("not a regular expression: \(error.message)")
    }
    guard compiled.captureCount < TemplatePattern.groupLimit else {
      throw PatternProblem("the regular expression has more than \(TemplatePattern.groupLimit - 1) groups, the limit")
    }
    self.text = text
  }

  /// The longest of the public collection has about three thousand.
  static let lengthLimit = 8192
  /// What the workspace keeps of a match.
  static let groupLimit = 64

  /// Classes match one byte: with a character of several bytes in them they would match its pieces.
  private static func otherwiseMeant(_ text: String) -> PatternProblem? {
    var isInClass = false
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        isEscaped = false
        if scalar == "p" || scalar == "P" {
          return PatternProblem(
            "\\\(scalar) names classes of Unicode, which are not read here", hint: "write the characters out")
        }
        continue
      }
      switch scalar {
      case "\\": isEscaped = true
      case "[": isInClass = true
      case "]": isInClass = false
      case _ where isInClass && !scalar.isASCII:
        return PatternProblem(
          "a class in brackets holds \"\(scalar)\", which is several bytes", hint: "write (?:a|b) instead of [ab]")
      default: break
      }
    }
    return nil
  }

  package static func == (a: TemplatePattern, b: TemplatePattern) -> Bool { a.text == b.text }
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

struct PatternProblem: Error, Hashable {
  var message: String
  var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

extension TemplatePattern {
  var groupCount: Int { compiled.captureCount }
}

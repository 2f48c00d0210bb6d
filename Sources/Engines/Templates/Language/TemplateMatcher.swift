package import Documents

/// One question about an answer.
package struct TemplateMatcher: Sendable, Hashable {
  package enum Test: Sendable, Hashable {
    case status([Int])
    case size([Int])
    case words([TemplateText], ignoresCase: Bool)
    case patterns([TemplatePattern])
    case bytes([[UInt8]])
    case expressions([TemplateExpression])
  }

  package var test: Test
  package var name: String?
  package var part: TemplatePart
  /// All of its values must match; else any.
  package var needsAll: Bool
  package var isNegative: Bool
  /// A condition of what follows, and no result.
  package var isInternal: Bool
  package var position: SourcePosition
}

/// What is taken out of an answer.
package struct TemplateExtractor: Sendable, Hashable {
  package enum Method: Sendable, Hashable {
    case patterns([TemplatePattern], group: Int)
    /// Names of fields or cookies.
    case fields([String])
    case json([JSONPath])
    case expressions([TemplateExpression])
  }
  package var method: Method
  package var name: String?
  package var part: TemplatePart
  /// For later requests, and no result.
  package var isInternal: Bool
  package var position: SourcePosition
}

/// `.a.b[0].c`: the part of jq that only walks.
package struct JSONPath: Sendable, Hashable {
  package enum Step: Sendable, Hashable {
    case key(String)
    case index(Int)
    case every
  }
  package var steps: [Step]
}

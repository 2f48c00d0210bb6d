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

/// Which part of an answer, and of which one.
package struct TemplatePart: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case body, head, all, statusLine
    /// One field, lower case.
    case field(String)
    /// A value that was extracted or given.
    case variable(String)
  }
  package var kind: Kind
  /// `body_2`: 2. Nil: the answer at hand.
  package var number: Int?

  package init(_ kind: Kind, number: Int? = nil) {
    self.kind = kind
    self.number = number
  }
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

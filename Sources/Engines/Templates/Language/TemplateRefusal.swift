package import Documents

/// Why a template is not run: what it would do besides reading.
package struct TemplateRefusal: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, CaseIterable {
    /// PUT, DELETE, PATCH, MKCOL, MOVE, COPY and their like.
    case writes
    /// POST: most forms change something.
    case posts
    /// Methods that neither read pages nor are known to write: TRACE, PROPFIND, DEBUG.
    case unusualMethod
    /// Shell, SQL or script words that change what they touch.
    case harmfulWords
    /// Lists of names and passwords, or a product of payloads that is no longer a look.
    case bruteForce
    /// More requests than a look needs, or a template that says itself that it overloads.
    case floods
    /// The site, or we, would call a host that is not the target.
    case callsOutside
    /// A file in a form.
    case uploads
    /// A payload that makes the server wait or count.
    case stalls

    /// Whether the operator lifts it by allowing the template by its id. What writes by its very method, and what
    /// reaches hosts that nobody authorised, stays refused.
    package var canBeAllowed: Bool { self != .writes && self != .callsOutside }
  }

  package var kind: Kind
  package var position: SourcePosition
  /// A sentence, lower case: what it would do.
  package var reason: String

  package init(_ kind: Kind, _ position: SourcePosition, _ reason: String) {
    self.kind = kind
    self.position = position
    self.reason = reason
  }

  package var description: String {
    "\(position): refused: \(reason)" + (kind.canBeAllowed ? " (may be allowed by the template's id)" : "")
  }
}

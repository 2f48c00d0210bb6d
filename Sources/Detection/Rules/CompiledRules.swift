package import RuleLanguage

/// A rule set ready to run: immutable, shared by all workers. Made by `RuleCompiler`.
package final class CompiledRules: @unchecked Sendable {
  /// What the writer of an alert copies, by `AlertHit.rule`. In the order of evaluation.
  package let facts: [RuleFacts]

  init(facts: [RuleFacts]) { self.facts = facts }
}

/// What an alert tells of its rule.
package struct RuleFacts: Sendable {
  package var sid: UInt32
  package var gid: UInt32
  package var rev: UInt32
  package var message: String
  /// The class's description; empty where the rule has no class.
  package var category: String
  package var severity: UInt8
  package var action: RuleAction
  package var target: RuleTarget?
  /// `"gid":1,"signature_id":...,"rev":...,"signature":...,"category":...,"severity":...` and, when there is,
  /// `,"metadata":{...}`: members of EVE's `alert` object, without braces, ready to copy.
  package var members: [UInt8]
  /// `,"references":["url,..."]`, for writers that want them; empty when there are none.
  package var references: [UInt8]
}

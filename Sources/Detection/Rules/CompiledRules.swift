internal import PatternMatching

/// A rule set ready to run: immutable, shared by all workers. Made by `RuleCompiler`.
package final class CompiledRules: @unchecked Sendable {
  /// What the writer of an alert copies, by `AlertHit.rule`. In the order of evaluation.
  package let facts: [RuleFacts]
  let tables: RuleTables
  let groups: GroupTables

  init(facts: [RuleFacts], tables: RuleTables, groups: GroupTables) {
    self.facts = facts
    self.tables = tables
    self.groups = groups
  }

  deinit {
    tables.free()
    groups.free()
  }

  package var count: Int { facts.count }
  /// Memory of the Hyperscan databases.
  package var literalBytes: Int { groups.sets.reduce(0) { $0 + $1.byteCount } }
  package var literalSetCount: Int { groups.sets.count }
}

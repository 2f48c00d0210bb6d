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

  /// One line a group, largest first, for those who tune: literals, always-checked rules, bytes of its database.
  package var groupSummary: String {
    let lines = (0..<groups.groups.count).map { index -> (Int, String) in
      let group = groups.groups[index]
      let bytes = group.set < 0 ? 0 : groups.sets[Int(group.set)].byteCount
      return (bytes, "group \(index): \(group.literals.count) literals, \(group.always.count) always, \(bytes) bytes")
    }
    return lines.sorted { $0.0 > $1.0 }.map(\.1).joined(separator: "\n")
  }
}

internal import Records

/// What an import would change, by id, for the dry run and for the audit.
package struct InventoryDifference: Sendable, Hashable {
  package enum Change: String, Sendable { case added, removed, changed }
  package struct Line: Sendable, Hashable, CustomStringConvertible {
    package var change: Change
    /// `site`, `organisation`, `platform`, `authorisation`.
    package var noun: String
    package var id: String
    package var description: String { "\(change.rawValue) \(noun) \(id)" }
  }
  package var lines: [Line] = []
  package var isEmpty: Bool { lines.isEmpty }

  package init(from old: Inventory, to new: Inventory) {
    compare("organisation", old.organisations, new.organisations)
    compare("platform", old.platforms, new.platforms)
    compare("authorisation", old.authorisations, new.authorisations)
    compare("site", old.sites, new.sites)
  }

  private mutating func compare<T: Identifiable & Equatable>(_ noun: String, _ old: [T], _ new: [T])
  where T.ID == String {
    let before = Dictionary(old.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(new.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for id in Set(before.keys).union(after.keys).sorted() {
      switch (before[id], after[id]) {
      case (nil, _): lines.append(Line(change: .added, noun: noun, id: id))
      case (_, nil): lines.append(Line(change: .removed, noun: noun, id: id))
      case (let a?, let b?) where a != b: lines.append(Line(change: .changed, noun: noun, id: id))
      default: break
      }
    }
  }
}

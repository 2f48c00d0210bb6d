package import Records

/// What an import would change: by id, field by field, for the dry run and for the audit.
package struct InventoryDifference: Sendable, Hashable {
  package var lines: [InventoryChange] = []
  package var isEmpty: Bool { lines.isEmpty }

  package init(from old: Inventory, to new: Inventory) {
    compare("organisation", old.organisations, new.organisations, InventoryFields.fields)
    compare("platform", old.platforms, new.platforms, InventoryFields.fields)
    compare("authorisation", old.authorisations, new.authorisations, InventoryFields.fields)
    compare("site", old.sites, new.sites, InventoryFields.fields)
  }

  private mutating func compare<T: Identifiable & Equatable>(
    _ noun: String, _ old: [T], _ new: [T], _ fields: (T) -> [InventoryFields.Field]
  ) where T.ID == String {
    let before = Dictionary(old.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(new.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for id in Set(before.keys).union(after.keys).sorted() {
      switch (before[id], after[id]) {
      case (nil, _): lines.append(InventoryChange(.added, noun: noun, id: id))
      case (_, nil): lines.append(InventoryChange(.removed, noun: noun, id: id))
      case (let a?, let b?) where a != b:
        lines.append(
          InventoryChange(
            .changed, noun: noun, id: id,
            fields: InventoryDifference.differing(fields(a), fields(b))))
      default: break
      }
    }
  }

  private static func differing(_ a: [InventoryFields.Field], _ b: [InventoryFields.Field]) -> [InventoryChange.Field] {
    let text: ([InventoryFields.Field]) -> [String: String] = { fields in
      Dictionary(
        fields.map { ($0.key, InventoryFields.cell($0.value, separator: "; ")) }, uniquingKeysWith: { a, _ in a })
    }
    let (old, new) = (text(a), text(b))
    var names = a.map(\.key)
    for name in b.map(\.key) where !names.contains(name) { names.append(name) }
    return names.filter { old[$0] != new[$0] }.map { .init(name: $0, old: old[$0], new: new[$0]) }
  }
}

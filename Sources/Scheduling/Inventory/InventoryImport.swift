package import Documents
package import Records
internal import Wire

/// An inventory read from an operator's file, with everything that is wrong in it. Nothing is applied here: a dry
/// run is this and `InventoryDifference`.
package struct InventoryImport: Sendable {
  package var inventory = Inventory()
  /// Rows and entries that were left out, each with its place; at most `InventoryLimits.problems` and one that counts
  /// the rest.
  package var errors: [DocumentError] = []
  /// Read all the same, but worth a look; bounded alike.
  package var warnings: [DocumentError] = []

  /// Where each entry stands, by noun and id.
  var places: [Place: SourcePosition] = [:]
  /// Of authorisations that rows make in common: where each is in the list, and the hosts that it has.
  var shared: [String: (index: Int, hosts: Set<String>)] = [:]

  enum Noun: String { case organisation, platform, authorisation, site }
  struct Place: Hashable {
    var noun: Noun
    var id: String
  }

  /// By the name's ending: `.csv` (and `.tsv`) is a table, `.json` JSON, anything else YAML. Throws only where the
  /// file as a whole cannot be read. `existing` is what the new one is laid over: its organisations may be named.
  package static func read(
    path: String, addresses: AddressPolicy = .init(), over existing: Inventory = Inventory()
  ) throws(DocumentError) -> InventoryImport {
    let lower = path.lowercased()
    if lower.hasSuffix(".csv") || lower.hasSuffix(".tsv") {
      return try csv(try DocumentFile.text(path: path), file: path, addresses: addresses, over: existing)
    }
    return document(try DocumentFile.value(path: path), addresses: addresses, over: existing)
  }

  /// Notes the entry's place; says where its id is taken already, or where there are too many.
  mutating func place(_ noun: Noun, _ id: String, at position: SourcePosition, count: Int, limit: Int, hint: String?)
    throws(DocumentError)
  {
    guard count < limit else {
      throw DocumentError(.tooManyValues, position, "more than \(limit) \(noun.rawValue)s, the limit")
    }
    guard places.updateValue(position, forKey: Place(noun: noun, id: id)) == nil else {
      throw DocumentError(
        .duplicateKey, position, "the \(noun.rawValue) \"\(id.prefix(80))\" is already there", hint: hint)
    }
  }

  func position(_ noun: Noun, _ id: String) -> SourcePosition {
    places[Place(noun: noun, id: id)] ?? SourcePosition(file: "")
  }

  /// Tries each value; what is wrong with one is gathered, and the next is read.
  mutating func each(
    _ values: [DocumentValue], _ read: (inout InventoryImport, DocumentValue) throws(DocumentError) -> Void
  ) {
    for value in values {
      do throws(DocumentError) { try read(&self, value) } catch { errors.append(error) }
    }
  }

  mutating func warnUnknown(_ value: DocumentValue, _ known: [String]) {
    warnings += value.unknownKeys(besides: known)
  }

  mutating func finish(_ addresses: AddressPolicy, over existing: Inventory) {
    check(addresses: addresses, over: existing)
    errors = InventoryImport.bounded(errors)
    warnings = InventoryImport.bounded(warnings)
    places = [:]
    shared = [:]
  }

  private static func bounded(_ problems: [DocumentError]) -> [DocumentError] {
    let sorted = problems.sorted { $0.position < $1.position }
    let limit = InventoryLimits.problems
    guard sorted.count > limit else { return sorted }
    let rest = sorted[limit]
    return sorted[..<limit] + [
      DocumentError(rest.code, rest.position, "from here on \(sorted.count - limit) more of the kind")
    ]
  }
}

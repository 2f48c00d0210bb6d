package import Documents
package import Records
internal import Wire

extension InventoryImport {
  /// A table of sites, a row each; or, where it has a column `noun`, of everything: rows of `site`, `organisation`,
  /// `contact` (of the organisation that its id names, above it), `platform`, `authorisation`, `hosts` (more of the
  /// authorisation that its id names, above it).
  ///
  /// In a row of a site the columns `authorised_by`, `document`, ... make an authorisation: rows that agree in all of
  /// them share one.
  package static func csv(
    _ text: String, file: String, addresses: AddressPolicy = .init(), over existing: Inventory = Inventory()
  ) throws(DocumentError) -> InventoryImport {
    let table = try CSVTable.parse(text, file: file)
    let isMixed = table.columns.contains { $0.text == "noun" }
    if !isMixed { try table.required(["url"]) }
    var result = InventoryImport()
    result.errors = table.errors
    for column in table.columns where !InventoryTable.columns.contains(column.text) && !column.text.isEmpty {
      let hint = DocumentError.suggestion(for: column.text, among: InventoryTable.columns)
      result.warnings.append(
        DocumentError(
          .unknownKey, column.position, "unknown column \"\(String(column.text.prefix(60)))\"", hint: hint))
    }
    let known = Set(existing.organisations.map(\.id))
    for row in table.rows {
      let row = InventoryTable.Row(row, table.columns)
      do throws(DocumentError) { try result.add(row, isMixed: isMixed, known) } catch { result.errors.append(error) }
    }
    result.finish(addresses, over: existing)
    return result
  }

  private mutating func add(
    _ row: InventoryTable.Row, isMixed: Bool, _ known: Set<String>
  ) throws(DocumentError) {
    guard isMixed, let noun = row["noun"] else { return try addSite(row, known) }
    switch noun.text.lowercased() {
    case "site": try addSite(row, known)
    case "organisation": try organisation(try InventoryImport.organisation(row))
    case "contact": try addContact(row)
    case "platform": try platform(try row.value(InventoryTable.platform))
    case "hosts": try addHosts(row)
    case "authorisation": try authorisation(try row.value(InventoryTable.authorisation))
    default:
      throw DocumentError(
        .badValue, noun.position, "\"\(noun.text.prefix(40))\" is no noun of an inventory",
        hint: "site, organisation, contact, platform, authorisation or hosts")
    }
  }

  private mutating func addSite(_ row: InventoryTable.Row, _ known: Set<String>) throws(DocumentError) {
    guard let url = row["url"] else { throw DocumentError(.missingKey, row.position, "the row has no url") }
    let site = try InventoryImport.site(reading: try row.value(InventoryTable.site))
    let permission = try row.value(InventoryTable.authorisation, without: ["id", "hosts"])
    let authorisation = try InventoryImport.authorisation(ofRow: permission, host: site.host)
    try add(site, at: url.position)
    if let authorisation { try share(authorisation, host: site.host, at: url.position) }
    try addNamedOrganisation(row, known)
  }

  /// A row's organisation that is described nowhere is known by its name from now on.
  private mutating func addNamedOrganisation(_ row: InventoryTable.Row, _ known: Set<String>) throws(DocumentError) {
    guard let id = row["organisation"], !known.contains(id.text),
      places[Place(noun: .organisation, id: id.text)] == nil
    else { return }
    let name = row["organisation_name"] ?? id
    try organisation(
      DocumentValue(
        .map(
          [("id", id), ("name", name)].map { key, cell in
            .init(
              key: key, keyPosition: cell.position,
              value: DocumentValue(.scalar(cell.text, plain: true), at: cell.position))
          }), at: id.position))
  }

  private static func organisation(_ row: InventoryTable.Row) throws(DocumentError) -> DocumentValue {
    var value = try row.value(InventoryTable.organisation, without: ["name", "name_zh"])
    var names: [DocumentValue.Entry] = []
    for (column, key) in [("name", "en"), ("name_zh", "zh")] {
      guard let cell = row[column] else { continue }
      names.append(
        .init(
          key: key, keyPosition: cell.position,
          value: DocumentValue(.scalar(cell.text, plain: true), at: cell.position)))
    }
    if let first = names.first {
      value.content = .map(
        value.entries + [
          .init(
            key: "name", keyPosition: first.keyPosition, value: DocumentValue(.map(names), at: first.keyPosition))
        ])
    }
    return value
  }

  private mutating func addHosts(_ row: InventoryTable.Row) throws(DocumentError) {
    guard let id = row["id"], let index = inventory.authorisations.lastIndex(where: { $0.id == id.text }) else {
      throw DocumentError(
        .missingKey, row.position, "the hosts' id names no authorisation above it",
        hint: "put their authorisation's id in the column id")
    }
    let value = try row.value(InventoryTable.authorisation)
    let hosts = try InventoryField.list(value["hosts"], limit: InventoryLimits.hosts, InventoryField.pattern)
    guard inventory.authorisations[index].hosts.count + hosts.count <= InventoryLimits.hosts else {
      throw DocumentError(
        .tooManyValues, row.position, "an authorisation names at most \(InventoryLimits.hosts) hosts")
    }
    inventory.authorisations[index].hosts += hosts
  }

  private mutating func addContact(_ row: InventoryTable.Row) throws(DocumentError) {
    guard let id = row["id"], let index = inventory.organisations.lastIndex(where: { $0.id == id.text }) else {
      throw DocumentError(
        .missingKey, row.position, "the contact's id names no organisation above it",
        hint: "put its organisation's id in the column id")
    }
    guard inventory.organisations[index].contacts.count < InventoryLimits.contacts else {
      throw DocumentError(
        .tooManyValues, row.position, "an organisation has at most \(InventoryLimits.contacts) contacts")
    }
    inventory.organisations[index].contacts.append(try contact(try row.value(InventoryTable.contact)))
  }
}

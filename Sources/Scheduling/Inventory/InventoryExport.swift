internal import Records

/// An inventory as a file that `InventoryImport` reads to the same inventory.
package enum InventoryExport {
  package enum Form: String, Sendable, CaseIterable { case csv, yaml, json }

  package static func text(_ inventory: Inventory, as form: Form) -> String {
    switch form {
    case .csv: table(inventory)
    case .json: tree(inventory).json() + "\n"
    case .yaml: "# An inventory of Vigil: vigil sites import" + tree(inventory).yaml() + "\n"
    }
  }

  private static func tree(_ inventory: Inventory) -> ExportTree {
    .map([
      ("organisations", .list(inventory.organisations.map { .map(InventoryFields.fields($0)) })),
      ("platforms", .list(inventory.platforms.map { .map(InventoryFields.fields($0)) })),
      ("authorisations", .list(inventory.authorisations.map { .map(InventoryFields.fields($0)) })),
      ("sites", .list(inventory.sites.map { .map(InventoryFields.fields($0)) })),
    ])
  }

  // MARK: the table

  /// RFC 4180, a column `noun` first. A cell that a spreadsheet would run as a formula begins with `'`.
  private static func table(_ inventory: Inventory) -> String {
    let columns = InventoryTable.columns.filter { $0 != "organisation_name" }
    var lines = [columns.joined(separator: ",")]
    func add(_ noun: String, _ cells: [String: String]) {
      var cells = cells
      cells["noun"] = noun
      lines.append(columns.map { cells[$0].map(quoted) ?? "" }.joined(separator: ","))
    }
    for organisation in inventory.organisations {
      add("organisation", cells(organisation))
      for contact in organisation.contacts {
        var cells = cells(InventoryFields.fields(contact))
        cells["id"] = organisation.id
        add("contact", cells)
      }
    }
    for platform in inventory.platforms { add("platform", cells(InventoryFields.fields(platform))) }
    for authorisation in inventory.authorisations {
      var (first, rest) = (authorisation, authorisation.hosts.dropFirst(hostsInRow))
      first.hosts = Array(first.hosts.prefix(hostsInRow))
      var cells = cells(InventoryFields.fields(first))
      cells["authorised_by"] = cells.removeValue(forKey: "granted_by")
      add("authorisation", cells)
      while !rest.isEmpty {
        add("hosts", ["id": authorisation.id, "hosts": rest.prefix(hostsInRow).joined(separator: " ")])
        rest = rest.dropFirst(hostsInRow)
      }
    }
    for site in inventory.sites { add("site", cells(InventoryFields.fields(site))) }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  /// A name has at most 253 characters: so many stay within what one field of a table may have.
  private static let hostsInRow = 200

  private static func cells(_ organisation: Organisation) -> [String: String] {
    var named = organisation
    named.contacts = []
    var cells = cells(InventoryFields.fields(named))
    cells["name"] = organisation.name.en
    if organisation.name.en != organisation.name.zh { cells["name_zh"] = organisation.name.zh }
    return cells
  }

  private static func cells(_ fields: [InventoryFields.Field]) -> [String: String] {
    var cells: [String: String] = [:]
    for (key, value) in fields {
      cells[key] = InventoryFields.cell(value, separator: key == "maintenance" ? "; " : " ")
    }
    return cells
  }

  private static func quoted(_ text: String) -> String {
    let cell = InventoryTable.neutral(text)
    guard cell.unicodeScalars.contains(where: { ",;\"\r\n\t #".unicodeScalars.contains($0) }) else { return cell }
    return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

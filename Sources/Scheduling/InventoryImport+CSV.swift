package import Documents
package import Records
internal import Wire

extension InventoryImport {
  static let columns = [
    "url", "id", "organisation", "organisation_name", "platform", "criticality", "tags", "engines", "cadence",
    "addresses",
    "authorised_by", "document", "from", "until", "up_to", "networks",
  ]

  /// A table of sites. The columns `authorised_by`, `document`, `from`, `until`, `up_to`, `networks` make, row by row,
  /// the authorisations: rows that agree in all of them share one.
  package static func csv(
    _ text: String, file: String, addresses: AddressPolicy = .init()
  ) throws(DocumentError) -> InventoryImport {
    let table = try CSVTable.parse(text, file: file)
    try table.required(["url"])
    var result = InventoryImport()
    result.errors = table.errors
    for column in table.columns where !columns.contains(column.text) && !column.text.isEmpty {
      let hint = DocumentError.suggestion(for: column.text, among: columns)
      result.warnings.append(
        DocumentError(.unknownKey, column.position, "unknown column \"\(column.text)\"", hint: hint))
    }
    var places: [String: SourcePosition] = [:]
    for row in table.rows {
      do throws(DocumentError) { try result.add(row, &places) } catch { result.errors.append(error) }
    }
    result.check(places, addresses: addresses)
    result.errors.sort { $0.position < $1.position }
    return result
  }

  private mutating func add(_ row: CSVRow, _ places: inout [String: SourcePosition]) throws(DocumentError) {
    guard let url = row["url"] else { throw DocumentError(.missingKey, row.position, "the row has no url") }
    let address = try InventoryField.address(url.text, at: url.position)
    var site = Site(address, id: row["id"]?.text)
    site.organisation = row["organisation"]?.text
    site.platform = row["platform"]?.text
    if let field = row["criticality"] {
      guard let value = Criticality(rawValue: field.text.lowercased()) else {
        throw DocumentError(
          .badValue, field.position, "\"\(field.text.prefix(40))\" is no criticality",
          hint: "ordinary, important or critical")
      }
      site.criticality = value
    }
    site.tags = InventoryImport.list(row["tags"])
    site.engines = InventoryImport.list(row["engines"])
    if let field = row["cadence"] {
      guard let seconds = Quantity.seconds(field.text), seconds >= 60, seconds < 1e9 else {
        throw DocumentError(.badValue, field.position, "\"\(field.text.prefix(40))\" is no cadence", hint: "12h or 7d")
      }
      site.cadence = Int(seconds)
    }
    for text in InventoryImport.list(row["addresses"]) {
      let place = row["addresses"]?.position ?? row.position
      guard let address = IPAddress(text) else {
        throw DocumentError(.badValue, place, "\"\(text.prefix(60))\" is no address")
      }
      site.addresses.append(address)
    }
    let authorisation = try authorisation(row, site.host)
    guard places.updateValue(url.position, forKey: site.id) == nil else {
      throw DocumentError(
        .duplicateKey, url.position, "the site \"\(site.id)\" is already there", hint: "give it an id")
    }
    inventory.sites.append(site)
    if let name = row["organisation_name"]?.text ?? site.organisation, let id = site.organisation,
      !inventory.organisations.contains(where: { $0.id == id })
    {
      inventory.organisations.append(Organisation(id: id, name: BilingualText(name)))
    }
    if let authorisation { merge(authorisation) }
  }

  private mutating func authorisation(_ row: CSVRow, _ host: String) throws(DocumentError) -> Authorisation? {
    guard let by = row["authorised_by"] else {
      guard let orphan = row["document"] ?? row["from"] ?? row["until"] else { return nil }
      throw DocumentError(.missingKey, orphan.position, "the row has an authorisation without authorised_by")
    }
    guard let until = row["until"] else {
      throw DocumentError(.missingKey, by.position, "the authorisation of \(host) has no end", hint: "fill in until")
    }
    guard let from = row["from"] else {
      throw DocumentError(
        .missingKey, by.position, "the authorisation of \(host) has no beginning", hint: "fill in from")
    }
    var networks: [IPPrefix] = []
    for text in InventoryImport.list(row["networks"]) {
      networks.append(try InventoryField.network(text, at: row["networks"]?.position ?? row.position))
    }
    let upTo = row["up_to"]
    let document = row["document"]?.text ?? ""
    return try InventoryField.checked(
      Authorisation(
        id: ([by.text, document, from.text, until.text, upTo?.text ?? "observe"] + networks.map(\.description)).filter {
          !$0.isEmpty
        }
        .joined(separator: " "),
        grantedBy: by.text, document: document, hosts: [host], networks: networks,
        from: try InventoryField.time(from.text, at: from.position, isEnd: false),
        until: try InventoryField.time(until.text, at: until.position, isEnd: true),
        upTo: try upTo.map { field throws(DocumentError) in
          try InventoryField.probeClass(field.text, at: field.position)
        } ?? .observe), at: by.position)
  }

  private mutating func merge(_ new: Authorisation) {
    guard let index = inventory.authorisations.firstIndex(where: { $0.id == new.id }) else {
      inventory.authorisations.append(new)
      return
    }
    for host in new.hosts where !inventory.authorisations[index].hosts.contains(host) {
      inventory.authorisations[index].hosts.append(host)
    }
  }

  /// Items of one field: separated by `;`, `|` or spaces.
  private static func list(_ field: CSVField?) -> [String] {
    (field?.text ?? "").split { $0 == ";" || $0 == "|" || $0 == " " || $0 == "," }.map(String.init)
  }
}

internal import Records
internal import Wire

/// Each entry as its fields, in the order of an export: what files say, and what a difference compares.
enum InventoryFields {
  typealias Field = (key: String, value: ExportTree)

  static func fields(_ site: Site) -> [Field] {
    var fields: [Field] = [("id", .text(site.id)), ("url", .text(site.url))]
    add("organisation", site.organisation, &fields)
    add("platform", site.platform, &fields)
    if site.criticality != .ordinary { add("criticality", site.criticality.rawValue, &fields) }
    add("tags", site.tags, &fields)
    add("engines", site.engines, &fields)
    add("cadence", site.cadence.map { "\($0)s" }, &fields)
    if !site.engineCadence.isEmpty {
      let pairs = site.engineCadence.sorted { $0.key < $1.key }
      fields.append(("engine_cadence", .map(pairs.map { ($0.key, .text("\($0.value)s")) })))
    }
    add("maintenance", site.maintenance.map(\.description), &fields)
    add("addresses", site.addresses.map(\.description), &fields)
    add("proxies", site.proxies.map(\.description), &fields)
    return fields
  }

  static func fields(_ organisation: Organisation) -> [Field] {
    var fields: [Field] = [("id", .text(organisation.id))]
    let name = organisation.name
    fields.append(
      ("name", name.en == name.zh ? .text(name.en) : .map([("en", .text(name.en)), ("zh", .text(name.zh))])))
    add("parent", organisation.parent, &fields)
    if organisation.kind != .other { add("kind", organisation.kind.rawValue, &fields) }
    add("level", organisation.level?.rawValue, &fields)
    add("region", organisation.region, &fields)
    if !organisation.contacts.isEmpty {
      fields.append(("contacts", .list(organisation.contacts.map { .map(InventoryFields.fields($0)) })))
    }
    return fields
  }

  static func fields(_ contact: Contact) -> [Field] {
    var fields: [Field] = [("name", .text(contact.name))]
    add("role", contact.role, &fields)
    add("email", contact.email, &fields)
    add("phone", contact.phone, &fields)
    add("chat", contact.chat, &fields)
    if contact.rank != .further { add("rank", contact.rank.rawValue, &fields) }
    return fields
  }

  static func fields(_ platform: Platform) -> [Field] {
    var fields: [Field] = [("id", .text(platform.id)), ("name", .text(platform.name))]
    add("owner", platform.owner, &fields)
    add("networks", platform.networks.map(\.description), &fields)
    if let rate = platform.connectsPerSecond { fields.append(("connects_per_second", .number("\(rate)"))) }
    if let rate = platform.requestsPerSecond { fields.append(("requests_per_second", .number("\(rate)"))) }
    add("proxies", platform.proxies.map(\.description), &fields)
    return fields
  }

  static func fields(_ authorisation: Authorisation) -> [Field] {
    var fields: [Field] = [("id", .text(authorisation.id)), ("granted_by", .text(authorisation.grantedBy))]
    if !authorisation.document.isEmpty { add("document", authorisation.document, &fields) }
    add("document_number", authorisation.documentNumber, &fields)
    add("document_date", authorisation.documentDate?.text, &fields)
    add("document_hash", authorisation.documentHash, &fields)
    add("hosts", authorisation.hosts, &fields)
    add("networks", authorisation.networks.map(\.description), &fields)
    fields.append(("from", .text(authorisation.from.text)))
    fields.append(("until", .text(authorisation.until.text)))
    add("up_to", authorisation.upTo.rawValue, &fields)
    return fields
  }

  private static func add(_ key: String, _ value: String?, _ fields: inout [Field]) {
    if let value { fields.append((key, .text(value))) }
  }

  private static func add(_ key: String, _ values: [String], _ fields: inout [Field]) {
    if !values.isEmpty { fields.append((key, .list(values.map { .text($0) }))) }
  }

  /// A field in a cell: lists by spaces or, where items may have spaces, by `;`.
  static func cell(_ value: ExportTree, separator: String) -> String {
    switch value {
    case .text(let text), .number(let text): text
    case .list(let items): items.map { cell($0, separator: " ") }.joined(separator: separator)
    case .map(let entries):
      entries.map { "\($0.key)=\(cell($0.value, separator: " "))" }.joined(separator: separator)
    }
  }
}

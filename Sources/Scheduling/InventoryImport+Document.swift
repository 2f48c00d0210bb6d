package import Documents
package import Records
internal import Wire

extension InventoryImport {
  /// A YAML or JSON map of `organisations`, `platforms`, `authorisations`, `sites`; a configuration's `sites:` part has
  /// the same form.
  package static func document(_ root: DocumentValue, addresses: AddressPolicy = .init()) -> InventoryImport {
    var result = InventoryImport()
    result.warnings += root.unknownKeys(besides: ["organisations", "platforms", "authorisations", "sites"])
    for value in result.items(root, "organisations") {
      do throws(DocumentError) { try result.organisation(value) } catch { result.errors.append(error) }
    }
    for value in result.items(root, "platforms") {
      do throws(DocumentError) { try result.platform(value) } catch { result.errors.append(error) }
    }
    for value in result.items(root, "authorisations") {
      do throws(DocumentError) { try result.authorisation(value) } catch { result.errors.append(error) }
    }
    var places: [String: SourcePosition] = [:]
    for value in result.items(root, "sites") {
      do throws(DocumentError) { try result.site(value, &places) } catch { result.errors.append(error) }
    }
    result.check(places, addresses: addresses)
    result.errors.sort { $0.position < $1.position }
    return result
  }

  /// The items of a list; what is wrong with one is gathered, and the next is read.
  private mutating func items(_ root: DocumentValue, _ key: String) -> [DocumentValue] {
    guard let value = root[key] else { return [] }
    do throws(DocumentError) { return try value.list() } catch {
      errors.append(error)
      return []
    }
  }

  private mutating func warnUnknown(_ value: DocumentValue, _ known: [String]) {
    warnings += value.unknownKeys(besides: known)
  }

  private static func text(_ value: DocumentValue) throws(DocumentError) -> BilingualText {
    guard case .map = value.content else { return BilingualText(try value.string()) }
    let en = try value.required("en").string()
    return BilingualText(en: en, zh: try value["zh"]?.string() ?? en)
  }

  private mutating func organisation(_ value: DocumentValue) throws(DocumentError) {
    warnUnknown(value, ["id", "name", "parent", "contact", "backup_contact"])
    let id = try value.required("id").string()
    guard !inventory.organisations.contains(where: { $0.id == id }) else {
      throw DocumentError(.duplicateKey, value.position, "the organisation \"\(id)\" is already there")
    }
    inventory.organisations.append(
      Organisation(
        id: id,
        name: try value["name"].map { v throws(DocumentError) in try InventoryImport.text(v) } ?? BilingualText(id),
        parent: try value["parent"]?.string(), contact: try value["contact"]?.string(),
        backupContact: try value["backup_contact"]?.string()))
  }

  private mutating func platform(_ value: DocumentValue) throws(DocumentError) {
    warnUnknown(value, ["id", "name", "networks"])
    let id = try value.required("id").string()
    var networks: [IPPrefix] = []
    for item in try value["networks"]?.list() ?? [] {
      networks.append(try InventoryField.network(try item.string(), at: item.position))
    }
    inventory.platforms.append(Platform(id: id, name: try value["name"]?.string() ?? id, networks: networks))
  }

  private mutating func authorisation(_ value: DocumentValue) throws(DocumentError) {
    warnUnknown(value, ["id", "granted_by", "document", "hosts", "networks", "from", "until", "up_to"])
    let id = try value.required("id").string()
    guard !inventory.authorisations.contains(where: { $0.id == id }) else {
      throw DocumentError(.duplicateKey, value.position, "the authorisation \"\(id)\" is already there")
    }
    var hosts: [String] = []
    for item in try value["hosts"]?.list() ?? [] {
      hosts.append(try InventoryField.pattern(try item.string(), at: item.position))
    }
    var networks: [IPPrefix] = []
    for item in try value["networks"]?.list() ?? [] {
      networks.append(try InventoryField.network(try item.string(), at: item.position))
    }
    let (from, until) = (try value.required("from"), try value.required("until"))
    let upTo = try value["up_to"].map { v throws(DocumentError) in
      try InventoryField.probeClass(try v.string(), at: v.position)
    }
    inventory.authorisations.append(
      try InventoryField.checked(
        Authorisation(
          id: id, grantedBy: try value.required("granted_by").string(), document: try value["document"]?.string() ?? "",
          hosts: hosts, networks: networks,
          from: try InventoryField.time(try from.string(), at: from.position, isEnd: false),
          until: try InventoryField.time(try until.string(), at: until.position, isEnd: true), upTo: upTo ?? .observe),
        at: value.position))
  }

  private mutating func site(_ value: DocumentValue, _ places: inout [String: SourcePosition]) throws(DocumentError) {
    var value = value
    if case .scalar = value.content {
      value = DocumentValue(
        .map([.init(key: "url", keyPosition: value.position, value: value)]), at: value.position)
    }
    warnUnknown(
      value, ["url", "id", "organisation", "platform", "criticality", "tags", "engines", "cadence", "addresses"])
    let url = try value.required("url")
    var site = Site(try InventoryField.address(try url.string(), at: url.position), id: try value["id"]?.string())
    site.organisation = try value["organisation"]?.string()
    site.platform = try value["platform"]?.string()
    site.criticality =
      try value["criticality"].map { v throws(DocumentError) in try v.choice(Criticality.self) } ?? .ordinary
    site.tags = try value["tags"]?.strings() ?? []
    site.engines = try value["engines"]?.strings() ?? []
    if let cadence = value["cadence"] {
      let seconds = try cadence.seconds()
      guard seconds >= 60, seconds < 1e9 else {
        throw DocumentError(.badValue, cadence.position, "a cadence is at least 60s", hint: "12h or 7d")
      }
      site.cadence = Int(seconds)
    }
    for item in try value["addresses"]?.list() ?? [] {
      guard let address = IPAddress(try item.string()) else {
        throw DocumentError(.badValue, item.position, "\(item.kind) is no address")
      }
      site.addresses.append(address)
    }
    guard places.updateValue(url.position, forKey: site.id) == nil else {
      throw DocumentError(
        .duplicateKey, url.position, "the site \"\(site.id)\" is already there", hint: "give it an id")
    }
    inventory.sites.append(site)
  }
}

internal import Documents
internal import Records
internal import Wire

extension InventoryImport {
  static let siteKeys = [
    "url", "id", "organisation", "platform", "criticality", "tags", "engines", "cadence", "engine_cadence",
    "maintenance", "addresses", "proxies",
  ]

  /// A map, or the address alone.
  mutating func site(_ value: DocumentValue) throws(DocumentError) {
    var value = value
    if case .scalar = value.content {
      value = DocumentValue(
        .map([.init(key: "url", keyPosition: value.position, value: value)]), at: value.position)
    }
    warnUnknown(value, InventoryImport.siteKeys)
    try add(try InventoryImport.site(reading: value), at: value["url"]?.position ?? value.position)
  }

  mutating func add(_ site: Site, at position: SourcePosition) throws(DocumentError) {
    try place(
      .site, site.id, at: position, count: inventory.sites.count, limit: InventoryLimits.sites, hint: "give it an id")
    inventory.sites.append(site)
  }

  static func site(reading value: DocumentValue) throws(DocumentError) -> Site {
    let url = try value.required("url")
    var site = Site(try InventoryField.address(url), id: try value["id"].map(InventoryText.id))
    guard site.id.unicodeScalars.count <= InventoryLimits.id else {
      throw DocumentError(
        .tooLarge, url.position, "the address is too long to be the site's id", hint: "give it an id")
    }
    site.organisation = try value["organisation"].map(InventoryText.id)
    site.platform = try value["platform"].map(InventoryText.id)
    if let criticality = value["criticality"] {
      site.criticality = try InventoryField.choice(criticality, Criticality.self, "criticality")
    }
    site.tags = try InventoryField.list(value["tags"], InventoryText.word)
    site.engines = try InventoryField.list(value["engines"], InventoryText.word)
    site.cadence = try value["cadence"].map(InventoryField.seconds)
    site.engineCadence = try engineCadence(value["engine_cadence"])
    site.maintenance = try InventoryField.list(
      value["maintenance"], limit: InventoryLimits.windows, InventoryField.window)
    site.addresses = try InventoryField.list(value["addresses"], InventoryField.ipAddress)
    site.proxies = try InventoryField.list(value["proxies"], InventoryField.proxy)
    return site
  }

  private static func engineCadence(_ value: DocumentValue?) throws(DocumentError) -> [String: Int] {
    guard let value else { return [:] }
    let entries = try value.map()
    guard entries.count <= InventoryLimits.listItems else {
      throw DocumentError(.tooManyValues, value.position, "more than \(InventoryLimits.listItems) cadences")
    }
    var result: [String: Int] = [:]
    for entry in entries {
      let name = try InventoryText.word(DocumentValue(.scalar(entry.key, plain: true), at: entry.keyPosition))
      guard !name.contains("=") else {
        throw DocumentError(.badValue, entry.keyPosition, "an engine's name has no =")
      }
      result[name] = try InventoryField.seconds(cadence: entry.value)
    }
    return result
  }
}

package import Documents
package import Records
internal import Wire

extension InventoryImport {
  static let nouns = ["organisations", "platforms", "authorisations", "sites"]

  /// A YAML or JSON map of `organisations`, `platforms`, `authorisations`, `sites`; a configuration's `sites:` part has
  /// the same form.
  package static func document(
    _ root: DocumentValue, addresses: AddressPolicy = .init(), over existing: Inventory = Inventory()
  ) -> InventoryImport {
    var result = InventoryImport()
    result.warnUnknown(root, nouns)
    result.each(result.items(root, "organisations")) { me, value throws(DocumentError) in
      try me.organisation(value)
    }
    result.each(result.items(root, "platforms")) { me, value throws(DocumentError) in try me.platform(value) }
    result.each(result.items(root, "authorisations")) { me, value throws(DocumentError) in
      try me.authorisation(value)
    }
    result.each(result.items(root, "sites")) { me, value throws(DocumentError) in try me.site(value) }
    result.finish(addresses, over: existing)
    return result
  }

  private mutating func items(_ root: DocumentValue, _ key: String) -> [DocumentValue] {
    guard let value = root[key] else { return [] }
    do throws(DocumentError) { return try value.list() } catch {
      errors.append(error)
      return []
    }
  }

  mutating func organisation(_ value: DocumentValue) throws(DocumentError) {
    warnUnknown(
      value,
      ["id", "name", "parent", "kind", "level", "region", "contacts", "contact", "backup_contact"])
    let id = try InventoryText.id(try value.required("id"))
    var organisation = Organisation(id: id, name: BilingualText(id))
    if let name = value["name"] { organisation.name = try InventoryImport.bilingual(name) }
    organisation.parent = try value["parent"].map(InventoryText.id)
    if let kind = value["kind"] {
      organisation.kind = try InventoryField.choice(kind, OrganisationKind.self, "kind of organisation")
    }
    organisation.level = try value["level"].map { level throws(DocumentError) in
      try InventoryField.choice(level, AdministrativeLevel.self, "level")
    }
    organisation.region = try value["region"].map { region throws(DocumentError) in
      try InventoryText.checked(region)
    }
    organisation.contacts = try contacts(value)
    try place(
      .organisation, id, at: value.position, count: inventory.organisations.count,
      limit: InventoryLimits.organisations, hint: nil)
    inventory.organisations.append(organisation)
  }

  private static func bilingual(_ value: DocumentValue) throws(DocumentError) -> BilingualText {
    guard case .map = value.content else { return BilingualText(try InventoryText.checked(value)) }
    let en = try InventoryText.checked(try value.required("en"))
    return BilingualText(
      en: en, zh: try value["zh"].map { zh throws(DocumentError) in try InventoryText.checked(zh) } ?? en)
  }

  private mutating func contacts(_ value: DocumentValue) throws(DocumentError) -> [Contact] {
    var result: [Contact] = []
    if let text = value["contact"] { result.append(Contact(try InventoryText.checked(text), rank: .primary)) }
    if let text = value["backup_contact"] { result.append(Contact(try InventoryText.checked(text), rank: .backup)) }
    for item in try value["contacts"]?.list() ?? [] { result.append(try contact(item)) }
    guard result.count <= InventoryLimits.contacts else {
      throw DocumentError(
        .tooManyValues, value.position, "an organisation has at most \(InventoryLimits.contacts) contacts")
    }
    return result
  }

  mutating func contact(_ value: DocumentValue) throws(DocumentError) -> Contact {
    warnUnknown(value, ["name", "role", "email", "phone", "chat", "rank"])
    func text(_ key: String) throws(DocumentError) -> String? {
      try value[key].map { text throws(DocumentError) in try InventoryText.checked(text) }
    }
    if let email = value["email"], try !email.string().contains("@") {
      throw DocumentError(.badValue, email.position, "\(email.kind) is no e-mail address")
    }
    return Contact(
      name: try InventoryText.checked(try value.required("name")), role: try text("role"), email: try text("email"),
      phone: try text("phone"), chat: try text("chat"),
      rank: try value["rank"].map { rank throws(DocumentError) in
        try InventoryField.choice(rank, Contact.Rank.self, "rank of a contact")
      } ?? .further)
  }

  mutating func platform(_ value: DocumentValue) throws(DocumentError) {
    warnUnknown(value, ["id", "name", "owner", "networks", "connects_per_second", "requests_per_second", "proxies"])
    let id = try InventoryText.id(try value.required("id"))
    let platform = Platform(
      id: id, name: try value["name"].map { name throws(DocumentError) in try InventoryText.checked(name) } ?? id,
      networks: try InventoryField.list(value["networks"], InventoryField.network),
      owner: try value["owner"].map(InventoryText.id),
      connectsPerSecond: try value["connects_per_second"].map(InventoryField.rate),
      requestsPerSecond: try value["requests_per_second"].map(InventoryField.rate),
      proxies: try InventoryField.list(value["proxies"], InventoryField.proxy))
    try place(
      .platform, id, at: value.position, count: inventory.platforms.count, limit: InventoryLimits.platforms, hint: nil)
    inventory.platforms.append(platform)
  }
}

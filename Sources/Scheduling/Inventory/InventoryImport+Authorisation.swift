internal import Documents
internal import Records
internal import Wire

extension InventoryImport {
  static let authorisationKeys = [
    "id", "granted_by", "document", "document_number", "document_date", "document_hash", "hosts", "networks", "from",
    "until", "up_to",
  ]

  mutating func authorisation(_ value: DocumentValue) throws(DocumentError) {
    warnUnknown(value, InventoryImport.authorisationKeys)
    let id = try InventoryText.id(try value.required("id"))
    let read = try InventoryImport.authorisation(value, id: id)
    try place(
      .authorisation, id, at: value.position, count: inventory.authorisations.count,
      limit: InventoryLimits.authorisations, hint: nil)
    inventory.authorisations.append(read)
  }

  /// Rows that agree in all but the host share one authorisation, whose id is made of what they agree in. Nil where
  /// the row speaks of none.
  static func authorisation(ofRow value: DocumentValue, host: String) throws(DocumentError) -> Authorisation? {
    guard let by = value["granted_by"] else {
      guard let orphan = value["document"] ?? value["from"] ?? value["until"] else { return nil }
      throw DocumentError(.missingKey, orphan.position, "the row has an authorisation without authorised_by")
    }
    guard value["until"] != nil else {
      throw DocumentError(.missingKey, by.position, "the authorisation of \(host) has no end", hint: "fill in until")
    }
    guard value["from"] != nil else {
      throw DocumentError(
        .missingKey, by.position, "the authorisation of \(host) has no beginning", hint: "fill in from")
    }
    var parts: [String] = []
    for key in ["granted_by", "document", "from", "until"] { parts.append(try value[key]?.string() ?? "") }
    parts.append(try value["up_to"]?.string().lowercased() ?? ProbeClass.observe.rawValue)
    for key in ["document_number", "document_date", "document_hash"] { parts.append(try value[key]?.string() ?? "") }
    parts += try value["networks"]?.strings() ?? []
    return try authorisation(value, id: short(parts.filter { !$0.isEmpty }.joined(separator: " ")), host: host)
  }

  /// Adds the host to the one that has the id from rows above, or the whole.
  mutating func share(_ new: Authorisation, host: String, at position: SourcePosition) throws(DocumentError) {
    if let known = shared[new.id] {
      guard shared[new.id]?.hosts.insert(host).inserted == true else { return }
      return inventory.authorisations[known.index].hosts.append(host)
    }
    try place(
      .authorisation, new.id, at: position, count: inventory.authorisations.count,
      limit: InventoryLimits.authorisations, hint: nil)
    shared[new.id] = (inventory.authorisations.count, [host])
    inventory.authorisations.append(new)
  }

  /// An id that is too long for one ends in its hash.
  private static func short(_ id: String) -> String {
    guard id.unicodeScalars.count > InventoryLimits.id else { return id }
    return String(id.prefix(InventoryLimits.id / 2)) + " " + SHA256.hex(SHA256.digest(Array(id.utf8)).prefix(16))
  }

  private static func authorisation(
    _ value: DocumentValue, id: String, host: String? = nil
  ) throws(DocumentError) -> Authorisation {
    var read = Authorisation(
      id: id, grantedBy: try InventoryText.checked(try value.required("granted_by")),
      document: try value["document"].map { text throws(DocumentError) in
        try InventoryText.checked(text, limit: InventoryLimits.document)
      } ?? "",
      hosts: host == nil
        ? try InventoryField.list(value["hosts"], limit: InventoryLimits.hosts, InventoryField.pattern) : [],
      networks: try InventoryField.list(value["networks"], InventoryField.network),
      from: try InventoryField.time(try value.required("from")),
      until: try InventoryField.time(try value.required("until"), isEnd: true),
      upTo: try value["up_to"].map { text throws(DocumentError) in
        try InventoryField.choice(text, ProbeClass.self, "class of probing")
      } ?? .observe,
      documentNumber: try value["document_number"].map { text throws(DocumentError) in
        try InventoryText.checked(text)
      },
      documentDate: try value["document_date"].map { date throws(DocumentError) in try InventoryField.time(date) },
      documentHash: try value["document_hash"].map(hash))
    if let host { read.hosts = [host] }
    return try checked(read, at: (host == nil ? nil : value["granted_by"]?.position) ?? value.position)
  }

  private static func hash(_ value: DocumentValue) throws(DocumentError) -> String {
    let text = try value.string().lowercased()
    guard text.utf8.count == 64, text.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
      throw DocumentError(
        .badValue, value.position, "a document's hash is SHA-256, 64 hexadecimal digits", hint: "sha256sum FILE")
    }
    return text
  }

  /// It begins before it ends and names something.
  private static func checked(_ read: Authorisation, at place: SourcePosition) throws(DocumentError) -> Authorisation {
    guard read.from < read.until else {
      throw DocumentError(.badValue, place, "the authorisation \"\(read.id)\" ends before it begins")
    }
    guard !read.hosts.isEmpty || !read.networks.isEmpty else {
      throw DocumentError(.missingKey, place, "the authorisation \"\(read.id)\" names no hosts and no networks")
    }
    return read
  }
}

package import Documents
package import Records
internal import Wire

/// An inventory read from an operator's file, with everything that is wrong in it. Nothing is applied here: a dry
/// run is this and `InventoryDifference`.
package struct InventoryImport: Sendable {
  package var inventory: Inventory
  /// Rows and entries that were left out, each with its place.
  package var errors: [DocumentError]
  /// Read all the same, but worth a look.
  package var warnings: [DocumentError]

  init() {
    inventory = Inventory()
    errors = []
    warnings = []
  }

  /// By the name's ending: `.csv` (and `.tsv`) is a table of sites, `.json` JSON, anything else YAML. Throws only
  /// where the file as a whole cannot be read.
  package static func read(path: String, addresses: AddressPolicy = .init()) throws(DocumentError) -> InventoryImport {
    let lower = path.lowercased()
    if lower.hasSuffix(".csv") || lower.hasSuffix(".tsv") {
      return try csv(try DocumentFile.text(path: path), file: path, addresses: addresses)
    }
    return document(try DocumentFile.value(path: path), addresses: addresses)
  }

  /// Sites that share an id, or a URL, are told; the first one stays. Organisations and authorisations that nobody
  /// names are fine; a site without any authorisation is a warning, since no packet will go there.
  mutating func check(_ places: [String: SourcePosition], addresses: AddressPolicy) {
    let known = Set(inventory.organisations.map(\.id))
    var seen: [String: String] = [:]
    var kept: [Site] = []
    for site in inventory.sites {
      let place = places[site.id] ?? SourcePosition(file: "")
      if let organisation = site.organisation, !known.contains(organisation) {
        warnings.append(
          DocumentError(
            .badValue, place, "the organisation \"\(organisation)\" of \(site.id) is not described",
            hint: DocumentError.suggestion(for: organisation, among: Array(known))))
      }
      if let other = seen.updateValue(site.id, forKey: site.url) {
        errors.append(DocumentError(.duplicateKey, place, "\(site.url) is already the site \"\(other)\""))
        continue
      }
      for address in site.addresses + [IPAddress(site.host)].compactMap(\.self) {
        guard let refusal = addresses.refusal(of: address) else { continue }
        warnings.append(
          DocumentError(
            .badValue, place, "\(address) is \(refusal.rawValue) and will not be scanned",
            hint: "name its network in scan.allow to permit it"))
      }
      if !inventory.authorisations.contains(where: { $0.covers(host: site.host, address: site.target.address) }) {
        warnings.append(
          DocumentError(
            .missingKey, place, "no authorisation names \(site.host): it will not be scanned",
            hint: "add one with its document and dates"))
      }
      kept.append(site)
    }
    inventory.sites = kept
  }
}

/// Fields that CSV and YAML share.
enum InventoryField {
  /// A day means its first moment (UTC), or for an end its last.
  static func time(_ text: String, at place: SourcePosition, isEnd: Bool) throws(DocumentError) -> Timestamp {
    if let time = Timestamp(text: text) { return time }
    if let day = Timestamp(text: text + "T00:00:00Z") { return isEnd ? day.advanced(seconds: 86_400) : day }
    throw DocumentError(
      .badValue, place, "\"\(text.prefix(40))\" is no date", hint: "write 2026-12-31 or 2026-12-31T16:00:00+08:00")
  }

  static func address(_ text: String, at place: SourcePosition) throws(DocumentError) -> SiteAddress {
    do { return try SiteAddress(parsing: text) } catch { throw DocumentError(.badValue, place, error.description) }
  }

  static func network(_ text: String, at place: SourcePosition) throws(DocumentError) -> IPPrefix {
    if let network = IPPrefix(text) { return network }
    throw DocumentError(.badValue, place, "\"\(text.prefix(60))\" is no network", hint: "write 192.0.2.0/24")
  }

  /// A host name, or `*.` and one.
  static func pattern(_ text: String, at place: SourcePosition) throws(DocumentError) -> String {
    let star = text.hasPrefix("*.")
    do {
      let name = try HostName.normal(star ? text.dropFirst(2) : text[...])
      guard !star || name.contains(".") else {
        throw DocumentError(.badValue, place, "\"\(text)\" would permit a whole top-level domain")
      }
      return (star ? "*." : "") + name
    } catch let error as SiteAddress.Malformed {
      throw DocumentError(.badValue, place, error.description)
    } catch let error as DocumentError { throw error } catch {
      throw DocumentError(.badValue, place, "\(error)")
    }
  }

  static func probeClass(_ text: String, at place: SourcePosition) throws(DocumentError) -> ProbeClass {
    if let value = ProbeClass(rawValue: text.lowercased()) { return value }
    throw DocumentError(
      .badValue, place, "\"\(text.prefix(40))\" is no class of probing", hint: "observe, probe or intrusive")
  }

  /// Also checks that the authorisation begins before it ends and names something.
  static func checked(_ authorisation: Authorisation, at place: SourcePosition) throws(DocumentError) -> Authorisation {
    guard authorisation.from < authorisation.until else {
      throw DocumentError(.badValue, place, "the authorisation \"\(authorisation.id)\" ends before it begins")
    }
    guard !authorisation.hosts.isEmpty || !authorisation.networks.isEmpty else {
      throw DocumentError(
        .missingKey, place, "the authorisation \"\(authorisation.id)\" names no hosts and no networks")
    }
    return authorisation
  }
}

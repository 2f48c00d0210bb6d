internal import Documents
internal import Records
internal import Wire

/// What only shows when all entries are read: the tree, doubles, and what will not be scanned.
extension InventoryImport {
  mutating func check(addresses: AddressPolicy, over existing: Inventory) {
    checkTree(over: existing)
    let merged = existing.overlaid(by: inventory)
    dropDoubles(over: existing)
    warnOfReferences(merged)
    let hosts = AuthorisedHosts(merged.authorisations)
    for site in inventory.sites {
      let place = position(.site, site.id)
      warnOfAddresses(site, addresses, place)
      if !hosts.covers(host: site.host, address: site.target.address) {
        warnings.append(
          DocumentError(
            .missingKey, place, "no authorisation names \(site.host): it will not be scanned",
            hint: "add one with its document and dates"))
      }
    }
    warnOfLookalikes(among: merged.sites)
  }

  // MARK: the tree

  /// An organisation whose way up does not end at a root is left out.
  private mutating func checkTree(over existing: Inventory) {
    let all = existing.overlaid(by: inventory).organisations
    let parents = Dictionary(all.map { ($0.id, $0.parent) }, uniquingKeysWith: { first, _ in first })
    var kept = inventory.organisations
    kept.removeAll { organisation in
      guard let problem = InventoryImport.problem(above: organisation, parents) else { return false }
      errors.append(
        DocumentError(.badValue, position(.organisation, organisation.id), problem, hint: "name its parent anew"))
      return true
    }
    inventory.organisations = kept
  }

  private static func problem(above organisation: Organisation, _ parents: [String: String?]) -> String? {
    var way = [organisation.id]
    while let last = way.last, let entry = parents[last], let parent = entry {
      guard parents[parent] != nil else {
        return "the parent \"\(parent)\" of the organisation \"\(last)\" is not described"
      }
      if way.contains(parent) {
        return "the parents of \"\(organisation.id)\" go in a circle: \((way + [parent]).joined(separator: " > "))"
      }
      way.append(parent)
      if way.count > InventoryLimits.depth + 1 {
        return "more than \(InventoryLimits.depth) organisations stand above \"\(organisation.id)\", the limit"
      }
    }
    return nil
  }

  // MARK: doubles

  /// The first of an address stays. One that the inventory has under another id is told alike.
  private mutating func dropDoubles(over existing: Inventory) {
    let replaced = Set(inventory.sites.map(\.id))
    var seen: [String: String] = [:]
    for site in existing.sites where !replaced.contains(site.id) { seen[site.url] = site.id }
    var kept = inventory.sites
    kept.removeAll { site in
      guard let other = seen.updateValue(site.id, forKey: site.url) else { return false }
      errors.append(
        DocumentError(
          .duplicateKey, position(.site, site.id), "\(site.url) is already the site \"\(other)\""))
      return true
    }
    inventory.sites = kept
  }

  // MARK: warnings

  private mutating func warnOfReferences(_ merged: Inventory) {
    let organisations = Set(merged.organisations.map(\.id))
    let platforms = Set(merged.platforms.map(\.id))
    var hints = NearNames(organisations)
    for platform in inventory.platforms {
      guard let owner = platform.owner, !organisations.contains(owner) else { continue }
      warnings.append(
        DocumentError(
          .badValue, position(.platform, platform.id),
          "the owner \"\(owner)\" of the platform \(platform.id) is not described", hint: hints.near(owner)))
    }
    for site in inventory.sites {
      if let organisation = site.organisation, !organisations.contains(organisation) {
        warnings.append(
          DocumentError(
            .badValue, position(.site, site.id), "the organisation \"\(organisation)\" of \(site.id) is not described",
            hint: hints.near(organisation)))
      }
      if let platform = site.platform, !platforms.contains(platform) {
        warnings.append(
          DocumentError(
            .badValue, position(.site, site.id), "the platform \"\(platform)\" of \(site.id) is not described"))
      }
    }
  }

  private mutating func warnOfAddresses(_ site: Site, _ policy: AddressPolicy, _ place: SourcePosition) {
    for address in site.addresses + [IPAddress(site.host)].compactMap(\.self) {
      guard let refusal = policy.refusal(of: address) else { continue }
      warnings.append(
        DocumentError(
          .badValue, place, "\(address) is \(refusal.rawValue) and will not be scanned",
          hint: "name its network in scan.allow to permit it"))
    }
  }

  /// Names that are not what they look like: of mixed scripts, or like a name of another site.
  private mutating func warnOfLookalikes(among sites: [Site]) {
    let plain = Set(sites.lazy.map(\.host).filter { !HostName.isInternational($0) })
    for site in inventory.sites where HostName.isInternational(site.host) {
      guard let reason = Lookalike.reason(site.host, among: plain) else { continue }
      warnings.append(
        DocumentError(
          .badValue, position(.site, site.id), "\(HostName.bothForms(site.host)) \(reason)",
          hint: "compare it with the owner's letter, character by character"))
    }
  }
}

/// "Did you mean" costs a look at every name: given for the first few words that are not known, then no more.
private struct NearNames {
  private let names: [String]
  private var told: [String: String?] = [:]
  private static let limit = 20

  init(_ names: Set<String>) { self.names = names.sorted() }

  mutating func near(_ word: String) -> String? {
    if let known = told[word] { return known }
    guard told.count < NearNames.limit else { return nil }
    let hint = DocumentError.suggestion(for: word, among: names)
    told[word] = hint
    return hint
  }
}

extension Inventory {
  /// The new over the old, by id; the order of the old, then what is new.
  package func overlaid(by new: Inventory) -> Inventory {
    func over<T: Identifiable>(_ a: [T], _ b: [T]) -> [T] where T.ID == String {
      let fresh = Set(b.map(\.id))
      return a.filter { !fresh.contains($0.id) } + b
    }
    return Inventory(
      organisations: over(organisations, new.organisations), platforms: over(platforms, new.platforms),
      sites: over(sites, new.sites), authorisations: over(authorisations, new.authorisations))
  }

  /// SHA-256 over all entries in the order of their ids: equal inventories have equal ones, however they were read.
  package var snapshot: String {
    var sorted = self
    sorted.organisations.sort { $0.id < $1.id }
    sorted.platforms.sort { $0.id < $1.id }
    sorted.sites.sort { $0.id < $1.id }
    sorted.authorisations.sort { $0.id < $1.id }
    // Encoding these plain values cannot fail; an empty text would only refuse the next import, never let one pass.
    return SHA256.hex(SHA256.digest((try? RecordJSON.encode(sorted)) ?? []))
  }
}

package import Records
internal import Wire

extension Inventory {
  /// `names` are, by site, those of its certificate; `addresses` those that its name was seen to lead to.
  package func duplicates(
    names: [String: [String]] = [:], addresses: [String: [String]] = [:]
  ) -> [InventoryDuplicate] {
    var found: [InventoryDuplicate] = []
    func group(_ reason: InventoryDuplicate.Reason, differing: (Site) -> String, by key: (Site) -> String?) {
      let groups = Dictionary(grouping: sites.compactMap { site in key(site).map { ($0, site) } }, by: \.0)
      for sites in groups.values.map({ $0.map(\.1) }) where Set(sites.map(differing)).count > 1 {
        found.append(InventoryDuplicate(reason: reason, sites: sites.map(\.id).sorted()))
      }
    }
    func bare(_ host: String) -> String { host.hasPrefix("www.") ? String(host.dropFirst(4)) : host }
    group(.sameAddress, differing: \.id) { $0.url }
    group(.withAndWithoutWWW, differing: \.host) { "\($0.scheme) \(bare($0.host)) \($0.port) \($0.path)" }
    group(.plainAndSecure, differing: \.scheme) { site in
      site.port == 80 || site.port == 443 ? "\(site.host) \(site.path)" : nil
    }
    group(.sameServer, differing: \.host) { site in
      guard let names = names[site.id], !names.isEmpty else { return nil }
      let places = site.addresses.map(\.description) + (addresses[site.id] ?? [])
      guard let first = places.min() else { return nil }
      return "\(first) \(site.port) \(site.path) \(names.sorted().joined(separator: " "))"
    }
    return found.sorted { ($0.reason.rawValue, $0.sites.first ?? "") < ($1.reason.rawValue, $1.sites.first ?? "") }
  }
}

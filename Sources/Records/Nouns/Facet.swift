/// Which values came how often, in bounded room: the Space-Saving sketch (Metwally et al. 2005). Counts are
/// exact until more than `capacity` values were seen; from then on a new value takes the place and the count of
/// the rarest, so that a frequent one is never missed. Shown: the top 20.
package struct Facet: Codable, Sendable, Hashable {
  package struct Entry: Codable, Sendable, Hashable {
    package var value: String
    package var count: Int64
    package init(value: String, count: Int64) {
      self.value = value
      self.count = count
    }
  }
  /// Room for the 20 that are shown and as many candidates again, twice.
  package static let capacity = 60
  package static let shown = 20
  /// A value that is longer is cut: URLs are chosen by the attacker.
  package static let valueLimit = 256

  package private(set) var entries: [Entry] = []
  /// All hits, also of values that lost their place.
  package private(set) var total: Int64 = 0

  package init(entries: [Entry] = [], total: Int64 = 0) {
    self.entries = Array(entries.prefix(Facet.capacity))
    self.total = total
  }

  package mutating func add(_ value: String, count: Int64 = 1) {
    total += count
    let value = value.utf8.count <= Facet.valueLimit ? value : String(value.prefix(Facet.valueLimit / 4)) + "…"
    if let place = entries.firstIndex(where: { $0.value == value }) {
      entries[place].count += count
    } else if entries.count < Facet.capacity {
      entries.append(Entry(value: value, count: count))
    } else if let rarest = entries.indices.min(by: { entries[$0].count < entries[$1].count }) {
      entries[rarest] = Entry(value: value, count: entries[rarest].count + count)
    }
  }

  /// The most frequent first; equal counts by value, so that the order is the same everywhere.
  package var top: [Entry] {
    Array(entries.sorted { $0.count == $1.count ? $0.value < $1.value : $0.count > $1.count }.prefix(Facet.shown))
  }
}

package struct AlertFacets: Codable, Sendable, Hashable {
  package var sources: Facet
  package var targets: Facet
  package var sensors: Facet
  package var urls: Facet
  /// Of gathering rows.
  package var sites: Facet?
  package var rules: Facet?
  package init(
    sources: Facet = Facet(), targets: Facet = Facet(), sensors: Facet = Facet(), urls: Facet = Facet(),
    sites: Facet? = nil, rules: Facet? = nil
  ) {
    self.sites = sites
    self.rules = rules
    self.sources = sources
    self.targets = targets
    self.sensors = sensors
    self.urls = urls
  }
}

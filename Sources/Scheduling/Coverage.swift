package import Records
package import Wire

/// The newest word per (site, check, engine): tested, or why not, and when. *Not covered* is never *fixed*.
package struct CoverageLedger: Sendable {
  package struct Key: Hashable, Sendable {
    package var site: String
    package var engine: String
    package var check: String

    package init(site: String, engine: String, check: String = "*") {
      self.site = site
      self.engine = engine
      self.check = check
    }
  }
  package private(set) var entries: [Key: CoverageEntry] = [:]
  private var changed: [CoverageEntry] = []

  package init() {}

  /// A repeated word of the same kind and reason is not a change, except *tested*, whose age matters.
  package mutating func record(_ entry: CoverageEntry) {
    let key = Key(site: entry.site, engine: entry.engine, check: entry.check)
    let known = entries[key]
    if let known, known.status == entry.status, known.reason == entry.reason, entry.status != .tested { return }
    entries[key] = entry
    changed.append(entry)
  }

  /// What changed since the last call, in order.
  package mutating func takeChanges() -> [CoverageEntry] {
    defer { changed = [] }
    return changed
  }

  /// Seconds since it was tested; nil where it never was.
  package func age(site: String, engine: String, check: String = "*", at now: Timestamp) -> Double? {
    guard let entry = entries[Key(site: site, engine: engine, check: check)], entry.status == .tested else {
      return nil
    }
    return Double(now.nanoseconds(since: entry.time)) / 1e9
  }

  package mutating func forget(sites: Set<String>) {
    entries = entries.filter { !sites.contains($0.key.site) }
  }
}

package import Records
package import Wire

/// The newest word per (site, engine): tested, or why not, and when. *Not covered* is never *fixed*. What each check of
/// the engine said is in the store, as scanners tell it; here is what the schedule itself must know and say.
package struct CoverageLedger: Sendable {
  private var bySite: [String: [String: CoverageEntry]] = [:]
  private var changed: [CoverageEntry] = []

  package init() {}

  /// A repeated word of the same kind and reason is not a change. *Tested* is no change to be kept either: the
  /// scanner's record of it, with its checks, is.
  package mutating func record(_ entry: CoverageEntry) {
    let known = bySite[entry.site]?[entry.engine]
    if let known, known.status == entry.status, known.reason == entry.reason, entry.status != .tested { return }
    bySite[entry.site, default: [:]][entry.engine] = entry
    if entry.status != .tested { changed.append(entry) }
  }

  /// What changed since the last call, in order.
  package mutating func takeChanges() -> [CoverageEntry] {
    defer { changed = [] }
    return changed
  }

  package func entry(site: String, engine: String) -> CoverageEntry? { bySite[site]?[engine] }

  package func entries(site: String) -> [CoverageEntry] { bySite[site].map { Array($0.values) } ?? [] }

  package func isTested(site: String) -> Bool { bySite[site]?.values.contains { $0.status == .tested } ?? false }

  /// Seconds since it was tested; nil where its last word is another.
  package func age(site: String, engine: String, at now: Timestamp) -> Double? {
    guard let entry = entry(site: site, engine: engine), entry.status == .tested else { return nil }
    return Double(now.nanoseconds(since: entry.time)) / 1e9
  }

  mutating func keep(_ isKept: (CoverageEntry) -> Bool) {
    for (site, engines) in bySite {
      let kept = engines.filter { isKept($0.value) }
      if kept.count != engines.count { bySite[site] = kept.isEmpty ? nil : kept }
    }
  }
}

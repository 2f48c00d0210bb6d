internal import ControlAPI
internal import Records
internal import Store
internal import Synchronization
internal import Wire

/// Whether a site was lately tested for the weaknesses that a rule's alerts attack, and has them not. For one batch: the
/// coverage of each site is read once.
final class CleanTests: Sendable {
  /// An older test says nothing of today.
  static let freshSeconds = 7 * 86_400.0

  private let store: Store
  private let engines: [String: [String]]
  private let read = Mutex<[String: [EngineCoverage]]>([:])

  /// `engines`: with the checks of each.
  init(store: Store, engines: [EngineItem]) {
    self.store = store
    self.engines = Dictionary(engines.map { ($0.name, $0.checks) }, uniquingKeysWith: { first, _ in first })
  }

  /// Since when all of `checks` are known not to hold; nil where one was not tested lately. (Who asks knows of no
  /// finding.)
  func since(_ checks: [String], site: String, at time: Timestamp) -> Timestamp? {
    guard !checks.isEmpty else { return nil }
    let coverage = coverage(site)
    var oldest: Timestamp?
    for check in checks {
      let tested = coverage.filter { $0.open[check] == nil && engines[$0.engine]?.contains(check) == true }
        .compactMap(\.tested).max()
      guard let tested, tested >= time.advanced(seconds: -CleanTests.freshSeconds) else { return nil }
      oldest = min(oldest ?? tested, tested)
    }
    return oldest
  }

  /// A store that cannot tell makes no claim.
  private func coverage(_ site: String) -> [EngineCoverage] {
    if let known = read.withLock({ $0[site] }) { return known }
    let coverage = (try? store.coverage(site: site)) ?? []
    read.withLock { $0[site] = coverage }
    return coverage
  }
}

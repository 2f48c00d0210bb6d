internal import Records

/// The stops in force, one a site, in the order in which they came; asked for every job.
struct StopList: Sendable {
  private(set) var all: [ScanStop] = []
  /// Nil is all sites.
  private var sites: Set<String?> = []

  init(_ stops: [ScanStop] = []) { add(stops) }

  mutating func add(_ stops: [ScanStop]) {
    all += stops.filter { sites.insert($0.site).inserted }
  }

  /// Nil among them takes back every stop.
  mutating func remove(_ gone: Set<String?>) {
    self = gone.contains(nil) ? StopList() : StopList(all.filter { !gone.contains($0.site) })
  }

  func holds(_ site: String) -> Bool { !all.isEmpty && (sites.contains(nil) || sites.contains(site)) }
}

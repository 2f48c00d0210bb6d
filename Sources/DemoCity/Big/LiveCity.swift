internal import Glibc
internal import Synchronization

/// The planned city as it stands now: what has changed since its beginning, when, and who lives at an address.
package final class LiveCity: Sendable {
  package let plan: CityPlan
  package let ports: CityPorts
  /// Sites at an address, the one that is shown without a name first.
  private let residents: [UInt32: [Int]]
  private let bodies: [String: PlannedOrganisation]
  private let now: Mutex<Now>
  private let looks = Atomic<UInt64>(0)

  private struct Now {
    var traits: [Set<SiteTrait>]
    var events: [Event] = []
  }

  /// A change and the moment from which every new connection meets it.
  package struct Event: Hashable, Sendable {
    /// Nanoseconds since 1970.
    package var time: Int64
    package var site: String
    /// `defaced`, `down`, `up`, `worse`, `better`.
    package var what: String
    package var added: [String] = []
    package var removed: [String] = []
  }

  package init(_ plan: CityPlan, ports: CityPorts) {
    (self.plan, self.ports) = (plan, ports)
    residents = Dictionary(grouping: plan.sites.indices, by: { plan.sites[$0].place }).mapValues { places in
      places.sorted { (plan.sites[$0].isFirstOfAddress ? 0 : 1, $0) < (plan.sites[$1].isFirstOfAddress ? 0 : 1, $1) }
    }
    bodies = Dictionary(plan.organisations.map { ($0.label, $0) }, uniquingKeysWith: { one, _ in one })
    now = Mutex(Now(traits: plan.sites.map(\.traits)))
  }

  package func traits(of site: Int) -> Set<SiteTrait> { now.withLock { $0.traits[site] } }
  package var traits: [Set<SiteTrait>] { now.withLock { $0.traits } }
  package var events: [Event] { now.withLock { $0.events } }

  // MARK: change

  /// From now on: connections that are open keep what they met.
  @discardableResult
  package func apply(_ changes: [CityChange]) -> [Event] {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    let moment = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    return now.withLock { state in
      let events = changes.filter { state.traits.indices.contains($0.site) }.map { change in
        state.traits[change.site] = state.traits[change.site].subtracting(change.removed).union(change.added)
        return Event(
          time: moment, site: plan.sites[change.site].id, what: change.kind.rawValue,
          added: change.added.map(\.rawValue).sorted(), removed: change.removed.map(\.rawValue).sorted())
      }
      state.events += events
      return events
    }
  }

  /// Every site that is down or defaced is as it was; or the one of that id.
  package func restore(_ kind: CityChange.Kind, site: String? = nil) -> [Event] {
    let trait: SiteTrait = kind == .defaced ? .defaced : .serverError
    let gone = traits.indices.filter {
      traits(of: $0).contains(trait) && !plan.sites[$0].traits.contains(trait)
        && (site == nil || plan.sites[$0].id == site)
    }
    return apply(gone.map { CityChange(site: $0, kind: .better, removed: [trait]) })
  }

  // MARK: serving

  func sites(at place: UInt32) -> [Int] { residents[place] ?? [] }

  /// The site of that name at the address, else the first.
  func site(named host: String?, at place: UInt32) -> Int? {
    let all = sites(at: place)
    guard let host, all.count > 1 else { return all.first }
    return all.first { plan.sites[$0].host == host } ?? all.first
  }

  func page(of site: Int, _ traits: Set<SiteTrait>) -> PlannedPage? {
    guard let body = bodies[plan.sites[site].organisation] else { return nil }
    let look = looks.add(1, ordering: .relaxed).newValue
    return PlannedPage(site: plan.sites[site], traits: traits, body: body, ports: ports, look: look)
  }
}

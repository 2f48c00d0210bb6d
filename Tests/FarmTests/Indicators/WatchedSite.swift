import Engines
import Hub
import Records
import Services
import Wire

@testable import Scanner

/// One site as the hub keeps it: observations and alerts fold into rows by the hub's own rules, rows into a posture.
struct WatchedSite {
  static let tree = Result<IndicatorTree, any Error> {
    try IndicatorReader.read(folder: Checkout.folder + "/Rules/posture")
  }

  private var findings: [FoldKey: Finding] = [:]
  private var groups: [FoldKey: AlertGroup] = [:]
  private var board: PostureBoard
  private static let site = SiteAttribution(site: "proved", subject: "proved.test")

  init() throws {
    board = PostureBoard(tree: try WatchedSite.tree.get())
    board.apply(PostureEvent(time: MonotonicClock.wallClock(), change: .tested(site: "proved")))
  }

  /// What a look at the place, or at its twin, brought: the same place, whichever server stood there.
  mutating func take(_ observations: [Observation]) {
    for observation in observations {
      var observation = observation
      observation.target = Target(scheme: observation.target.scheme, host: "proved.test", port: 443)
      let key = FoldKey.finding(observation, WatchedSite.site)
      guard
        var finding = QueueRules.standard.absorbObservation(
          observation, WatchedSite.site, findings[key], MonotonicClock.wallClock())
      else { continue }
      if finding.row.id == 0 { finding.row.id = nextRow }
      findings[key] = finding
      note(finding.row)
    }
  }

  mutating func take(_ alerts: [AlertRecord], of site: SiteAttribution) {
    for alert in alerts {
      let key = AlertFold.key(alert, site)
      var group = QueueRules.standard.absorbAlert(alert, site, groups[key], MonotonicClock.wallClock())
      if group.row.id == 0 { group.row.id = nextRow }
      groups[key] = group
      note(group.row)
    }
  }

  /// A person closes every alert row: nothing else ends one.
  mutating func close() throws {
    for (key, group) in groups {
      var group = group
      let act = QueueRules.standard.apply(
        .close(.truePositive), group.row.triage, Actor(name: "proof", origin: "test"), MonotonicClock.wallClock())
      group.row.triage = try act.get()
      groups[key] = group
      note(group.row)
    }
  }

  private var nextRow: Int64 { Int64(findings.count + groups.count + 1) }

  private mutating func note(_ row: QueueRow) {
    guard let change = row.postureChange else { return }
    board.apply(PostureEvent(time: MonotonicClock.wallClock(), change: change))
  }

  /// Points by indicator.
  mutating func posture() -> [String: Int] {
    Dictionary(
      uniqueKeysWithValues: board.posture(ofSite: "proved").deductions.map { ($0.indicator, $0.points) })
  }

  /// Checks and rules that take points now.
  var movers: Set<String> {
    Set(findings.values.filter { $0.state.isLive }.map(\.weakness))
      .union(groups.values.filter { $0.row.triage.isOpen }.map(\.row.check))
  }
}

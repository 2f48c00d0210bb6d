internal import ControlAPI
internal import Records
internal import Scheduling

/// What lies outside a purview is answered as what does not exist.
extension HubCore {
  func site(_ id: String, within purview: Purview) -> Site? { purview.has(site: id) ? sites[id] : nil }

  func organisation(_ id: String, within purview: Purview) -> Organisation? {
    guard purview.has(organisation: id) else { return nil }
    return scheduler.inventory.organisations.first { $0.id == id }
  }

  /// Figures of the whole city are for those who see it whole.
  static func wholeCity(_ purview: Purview) throws(APIProblem) {
    guard !purview.isAll else { return }
    throw APIProblem(
      .notAllowed, "you see a part of the city only",
      hint: "ask for organisation/ID: \(purview.organisations.sorted().prefix(5).joined(separator: ", "))")
  }
}

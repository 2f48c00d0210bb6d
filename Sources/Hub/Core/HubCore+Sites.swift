internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Store
internal import Wire

/// What people ask about the inventory, and their word on what scans found beside it.
extension HubCore {
  func exportSites(_ request: ExportRequest, within purview: Purview) -> ExportAnswer {
    let form: InventoryExport.Form =
      switch request.form {
      case .csv: .csv
      case .yaml: .yaml
      case .json: .json
      }
    let inventory = scheduler.inventory.within(purview)
    return ExportAnswer(
      form: request.form, text: InventoryExport.text(inventory, as: form), snapshot: inventory.snapshot)
  }

  func checkSites(within purview: Purview) -> Page<InventoryRemark> {
    let review = InventoryReview(
      scheduler.inventory.within(purview), addresses: scheduler.configuration.addresses, now: clock.now())
    return Page(items: Array(review.remarks.prefix(HubCore.mostRemarks)), total: review.remarks.count)
  }

  /// More than a person reads; the total is said beside them.
  static let mostRemarks = 5000

  func duplicateSites(within purview: Purview) throws -> Page<InventoryDuplicate> {
    var names: [String: [String]] = [:]
    var addresses: [String: [String]] = [:]
    for sighting in try store.sightings() {
      if sighting.kind == .certificateName { names[sighting.site] = sighting.values }
      if sighting.kind == .address { addresses[sighting.site] = sighting.values }
    }
    return Page(items: scheduler.inventory.within(purview).duplicates(names: names, addresses: addresses))
  }

  func scanningNotice(within purview: Purview) -> ScanningNotice {
    let now = clock.now()
    let inventory = scheduler.inventory.within(purview)
    let seen = registry.scannerItems(now: now).flatMap { $0.status.addresses ?? [] }.map(\.description)
    return ScanningNotice(
      city: configuration.city, date: now, configured: configuration.scan.addresses.map(HubCore.shown),
      seen: Set(seen).sorted(), contact: configuration.scan.contact, userAgent: configuration.scan.userAgent,
      sites: inventory.sites.count, organisations: inventory.organisations.count)
  }

  private static func shown(_ network: IPPrefix) -> String {
    network.length == network.address.width ? network.address.description : network.description
  }

  // MARK: proposals

  func decide(
    _ request: ProposalDecision, by actor: Actor, within purview: Purview
  ) async throws -> ProposalReport {
    guard (1...ProposalDecision.mostRows).contains(request.ids.count) else {
      throw APIProblem(
        .badRequest, "a decision is on 1 to \(ProposalDecision.mostRows) proposals, not \(request.ids.count)",
        zh: "一次处理 1 至 \(ProposalDecision.mostRows) 条建议，现为 \(request.ids.count) 条")
    }
    var report = ProposalReport(done: [], refused: [], notAuthorised: [])
    for id in request.ids.once {
      guard let proposal = try store.proposal(id: id), purview.has(site: proposal.site) else {
        report.refused.append("\(id.prefix(40)): there is no such proposal")
        continue
      }
      if let reason = try await decide(proposal, accept: request.accept, by: actor, &report) {
        report.refused.append("\(id): \(reason)")
      } else if let now = try store.proposal(id: id) {
        report.done.append(now)
      }
    }
    return report
  }

  /// Why it was not done; nil where it was.
  private func decide(
    _ proposal: Proposal, accept: Bool, by actor: Actor, _ report: inout ProposalReport
  ) async throws -> String? {
    let now = clock.now()
    guard proposal.state != .accepted else { return "it was accepted by \(proposal.decidedBy ?? "somebody") already" }
    guard accept else {
      try store.decide(proposal, .declined, inventory: nil, by: actor, at: now)
      return nil
    }
    let current = scheduler.inventory
    guard let next = current.accepting(proposal) else {
      return "its site is gone, or the inventory has \(proposal.value) already"
    }
    try store.decide(proposal, .accepted, inventory: Store.Inventory(next), by: actor, at: now)
    try await follow(next, now)
    if next.sites.count > current.sites.count, let site = next.sites.last, !isAuthorised(site, now) {
      report.notAuthorised.append(site.id)
    }
    return nil
  }

  // MARK: expiry

  /// Days before the end at which it is said again, each once, across restarts.
  private static let announcements = [InventoryReview.announcedDays, 7, 1]

  func announceExpiries(_ now: Timestamp) {
    guard Double(now.nanoseconds(since: lastExpiryLook)) / 1e9 >= 3600 || lastExpiryLook.nanoseconds == 0 else {
      return
    }
    lastExpiryLook = now
    for authorisation in scheduler.expiringAuthorisations(now: now, days: InventoryReview.announcedDays) {
      let days = Double(authorisation.until.nanoseconds(since: now)) / 86_400e9
      guard let step = HubCore.announcements.last(where: { days <= $0 }),
        let text = InventoryReview.expiry(authorisation, now: now)
      else { continue }
      announce(authorisation, "\(authorisation.until.secondText) \(Int(step))", text.en, now)
    }
  }

  private func announce(_ authorisation: Authorisation, _ mark: String, _ sentence: String, _ now: Timestamp) {
    do {
      guard try store.document(String.self, kind: "announced", id: authorisation.id) != mark else { return }
      raise(HubAlert.record(.authorisationEnds, about: authorisation.id, sentence, now: now))
      try store.put(kind: "announced", [(id: authorisation.id, value: mark)])
    } catch {
      logger.error("an expiry was not announced", metadata: ["error": "\(error)"])
    }
  }
}

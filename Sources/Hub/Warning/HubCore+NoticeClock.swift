internal import ControlAPI
internal import Logging
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// What a passing second changes of notices and findings. Each part asks the store what is due, so that what a crash
/// or a full disk left undone is done the next second.
extension HubCore {
  static let clockActor = Actor(name: Notice.machine, origin: "clock")

  func elapseNotices(_ now: Timestamp) {
    do {
      try expireSettlements(now)
      try askRetests(now)
      try judgeRetests(now)
      try settleNotices(now)
      // What is warned of by its cause is not noticed by its severity besides.
      try warnEarly(now)
      try draftNotices(now)
      try lookAtNotices(now)
      try lookAtIntake(now)
      try keepRankings(now)
      ailments[.notices] = nil
    } catch { ailments[.notices] = "\(error)" }
  }

  /// A minute's grain is enough for what lasts months.
  private func expireSettlements(_ now: Timestamp) throws {
    guard abs(now.nanoseconds(since: lastSettlementLook)) >= 60_000_000_000 else { return }
    lastSettlementLook = now
    for finding in try store.settledFindings() {
      guard case .success(let after) = FindingLife.apply(.expire, to: finding, by: HubCore.clockActor, at: now),
        after != finding
      else { continue }
      try store.save(
        after, audit: HubCore.audit(.expire, finding, after, by: HubCore.clockActor, at: now), at: now)
      publish(after.row, .returned, now)
    }
    try store.forgetTokens(now: now)
  }

  /// Findings have moved: what does that make of their notices?
  private func settleNotices(_ now: Timestamp) throws {
    for (notice, states) in try store.noticesToSettle() {
      guard let step = machine(now).settle(notice, states, at: now) else {
        try store.step(notice, at: now) { notice, _ in
          NoticeWrite(notice, look: machine(now).nextLook(notice), saw: states)
        }
        continue
      }
      try take(step, over: notice, by: HubCore.clockActor, at: now, saw: states)
    }
  }

  private func lookAtNotices(_ now: Timestamp) throws {
    for notice in try store.noticesToLook(now: now) {
      guard let step = machine(now).elapse(notice, at: now) else {
        try store.step(notice, at: now) { notice, _ in NoticeWrite(notice, look: machine(now).nextLook(notice)) }
        continue
      }
      try take(step, over: notice, by: HubCore.clockActor, at: now)
    }
  }

  // MARK: addresses

  /// A receipt proves the address it came by; silence wears it down.
  func addContacts(
    _ step: NoticeMachine.Step, at now: Timestamp, from: String?, to write: inout NoticeWrite
  ) throws {
    guard let heard = step.heard, !step.notice.isDrill else { return }
    let organisation = step.notice.organisation
    let own = post(now).recipients(step.notice, level: 0, unconfirmed: []).first?.address.to
    guard let address = heard ? from : own else { return }
    var contact =
      try store.contact(organisation: organisation, address: address)
      ?? NoticeContact(organisation: organisation, address: address, since: now)
    if heard {
      (contact.silent, contact.reason) = (0, "")
      if contact.state != .confirmed { (contact.state, contact.since) = (.confirmed, now) }
    } else {
      contact.silent += 1
      if contact.silent >= NoticeContact.silenceLimit, contact.state != .unconfirmed {
        let reason = "\(contact.silent) notices in a row without a receipt"
        (contact.state, contact.since, contact.reason) = (.unconfirmed, now, reason)
        write.tasks.append(HubCore.unconfirmed(contact, now))
      }
    }
    write.contacts.append(contact)
  }

  private static func unconfirmed(_ contact: NoticeContact, _ now: Timestamp) -> DutyTask {
    DutyTask(
      .unconfirmedContact, "contact/\(contact.organisation)/\(contact.address)",
      BilingualText(
        en: "the address of \(contact.organisation) is not confirmed (\(contact.reason)): call them",
        zh: "\(contact.organisation) 的联系地址未确认（\(contact.reason)）：请电话核实"), created: now)
  }

  /// An officer has reached somebody there.
  func confirm(
    _ request: ContactConfirmation, by actor: Actor, within purview: Purview
  ) throws -> NoticeContact {
    let now = clock.now()
    let contacts = organisation(request.organisation, within: purview)?.contacts ?? []
    guard contacts.contains(where: { $0.email == request.address }) else {
      throw APIProblem(
        .notFound, "\(request.organisation.prefix(128)) names no address \(request.address.prefix(254))",
        zh: "\(request.organisation.prefix(128)) 没有登记地址 \(request.address.prefix(254))")
    }
    guard !request.reason.isEmpty, request.reason.count <= NoticeMachine.reasonLimit else {
      throw APIProblem(
        .badRequest, "this wants a reason of 1 to \(NoticeMachine.reasonLimit) characters",
        zh: "须说明理由，1 至 \(NoticeMachine.reasonLimit) 个字符")
    }
    let contact = NoticeContact(
      organisation: request.organisation, address: request.address, state: .confirmed, since: now,
      reason: request.reason)
    let before = try store.contact(organisation: request.organisation, address: request.address)
    try store.save(
      contact, task: nil,
      audit: AuditEntry(
        time: now, actor: actor, act: "confirm contact", subject: "contact/\(request.organisation)/\(request.address)",
        before: before?.state.rawValue, after: request.reason))
    return contact
  }

  /// The channel's word that an address takes nothing: it is unconfirmed at every organisation that names it.
  func bounced(_ address: ContactAddress, reason: String) throws {
    let now = clock.now()
    for organisation in scheduler.inventory.organisations
    where organisation.contacts.contains(where: { $0.email == address.to }) {
      var contact =
        try store.contact(organisation: organisation.id, address: address.to)
        ?? NoticeContact(organisation: organisation.id, address: address.to, since: now)
      guard contact.state != .unconfirmed else { continue }
      (contact.state, contact.since, contact.reason) = (.unconfirmed, now, "it bounced: \(reason.prefix(200))")
      try store.save(
        contact, task: HubCore.unconfirmed(contact, now),
        audit: AuditEntry(
          time: now, actor: HubCore.clockActor, act: "unconfirm contact",
          subject: "contact/\(organisation.id)/\(address.to)", after: contact.reason))
    }
  }
}

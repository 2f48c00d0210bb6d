internal import ControlAPI
internal import Records
internal import Store
internal import Wire

/// The audit log: lists, its chain, and what the hub says where the chain does not hold.
extension HubCore {
  nonisolated func audit(
    _ request: ListRequest, within purview: Purview, me: String?
  ) async throws -> Page<AuditEntry> {
    let filter = try Filter(request.filter, .audit)
    let now = clock.now()
    return try await reading { [self] in
      let plan = try ListPlan(
        request, filter, sorts: ["time", "id"], newest: 0, now: now, context: FilterContext(me: me), purview: purview)
      let slice = try store.audit(plan.query)
      return plan.page(slice.items, next: slice.next, count: plan.wantsCount ? try store.auditCount(plan.query) : nil)
    }
  }

  nonisolated func verifyAudit(_ request: AuditVerifyRequest) throws -> AuditVerdict {
    try found { try store.verifyAudit(after: request.after, expected: request.expected) }
  }

  /// The end of the log is held against its head after every entry; what is found stays said as long as the hub runs.
  func followAudit(_ now: Timestamp) {
    if store.isAuditBroken {
      do {
        if let fault = try store.settleAudit(at: now) { ailments[.audit] = HubCore.auditWarning(fault) }
      } catch { ailments[.audit] = HubCore.auditWarning("\(error)") }
    }
    store.catchUpAuditHead()
    ailments[.auditHead] = store.auditFault
  }

  static func auditWarning(_ fault: String) -> String { "\(fault); run `vigil audit verify`" }
}

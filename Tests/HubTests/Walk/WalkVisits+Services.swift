import ControlAPI

@testable import Hub

/// The services' endpoints are for those who see the whole city, for now: whoever sees a part of it is refused before
/// anything of the request is looked at.
extension WalkWorld {
  func services(_ visit: (EndpointEntry, Visit) -> Void) {
    for entry in [
      API.suppressions.entry, API.incidents.entry, API.situation.entry, API.changes.entry, API.look.entry,
      API.earlyWarnings.entry, API.notices.entry, API.contacts.entry, API.tasks.entry, API.intakes.entry,
      API.outbox.entry, API.outboxLanes.entry, API.metrics.entry, API.verifyAudit.entry, API.duty.entry,
      API.rosters.entry, API.shifts.entry, API.dutyLog.entry, API.dutyReports.entry, API.drills.entry, API.canary.entry,
    ] { visit(entry, Visit()) }
    visit(API.incidentOffers.entry, Visit(Ask(query: ["row": String(ownRow)])))
    visit(API.organisationSituation.entry, Visit(Ask(id: "boreal")))
    visit(API.siteSituation.entry, Visit(Ask(id: Self.ownSite)))
    // What is not there is not found, and what lacks its parts is no request: an answer to whoever may ask at all.
    for entry in [
      API.incident.entry, API.notice.entry, API.intake.entry, API.outboxMessage.entry, API.guardChecklist.entry,
      API.endTask.entry,
    ] { visit(entry, Visit(Ask(id: "0", status: 404))) }
    for entry in [
      API.addSuppression.entry, API.trySuppression.entry, API.endSuppression.entry, API.openIncident.entry,
      API.draftNotice.entry, API.confirmContact.entry, API.addIntake.entry, API.retryOutbox.entry,
      API.dropOutbox.entry, API.setRoster.entry, API.removeRoster.entry, API.takeShift.entry, API.handOver.entry,
      API.writeDutyLog.entry, API.makeDutyReport.entry, API.signDutyReport.entry, API.drill.entry,
    ] { visit(entry, Visit(Ask(body: "[]", status: 400))) }
    for entry in [
      API.actOnIncident.entry, API.decideOnIncident.entry, API.editNotice.entry, API.approveNotice.entry,
      API.sendNotice.entry, API.receiptOfNotice.entry, API.extendNotice.entry, API.gradeNotice.entry,
      API.liftNotice.entry, API.closeNotice.entry, API.acceptFinding.entry, API.falseFinding.entry,
      API.claimFinding.entry, API.retestFinding.entry, API.answerIntake.entry, API.rateIntake.entry,
      API.tickGuard.entry,
    ] { visit(entry, Visit(Ask(id: "0", body: "[]", status: 400))) }
  }
}

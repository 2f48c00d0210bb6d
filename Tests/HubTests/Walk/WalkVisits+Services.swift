import ControlAPI
import Records
import Wire

@testable import Hub

/// How the services' endpoints are asked on the walk.
extension WalkWorld {
  func services(_ visit: (EndpointEntry, Visit) -> Void) {
    suppressions(visit)
    incidents(visit)
    situation(visit)
    notices(visit)
    findingLife(visit)
    desk(visit)
    whole(visit)
  }

  /// Those that stay with people who see the whole city: whoever sees a part of it is refused before anything of the
  /// request is looked at. What is not there is not found, and what lacks its parts is no request.
  private func whole(_ visit: (EndpointEntry, Visit) -> Void) {
    for entry in [
      API.outbox.entry, API.outboxLanes.entry, API.metrics.entry, API.verifyAudit.entry, API.duty.entry,
      API.rosters.entry, API.shifts.entry, API.dutyLog.entry, API.dutyReports.entry, API.drills.entry, API.canary.entry,
    ] { visit(entry, Visit()) }
    for entry in [API.outboxMessage.entry, API.guardChecklist.entry] { visit(entry, Visit(Ask(id: "0", status: 404))) }
    for entry in [
      API.retryOutbox.entry, API.dropOutbox.entry, API.setRoster.entry, API.removeRoster.entry, API.takeShift.entry,
      API.handOver.entry, API.writeDutyLog.entry, API.makeDutyReport.entry, API.signDutyReport.entry, API.drill.entry,
    ] { visit(entry, Visit(Ask(body: "[]", status: 400))) }
    visit(API.tickGuard.entry, Visit(Ask(id: "0", body: "[]", status: 400)))
  }

  private var soon: Timestamp { WallClock.system.now().advanced(seconds: 86_400) }

  private func suppressions(_ visit: (EndpointEntry, Visit) -> Void) {
    func request(site: String? = nil, organisation: String? = nil) -> Ask {
      Ask(
        body: json(
          SuppressionRequest(rule: "1:4243", site: site, organisation: organisation, reason: "walked", until: soon)))
    }
    visit(API.suppressions.entry, Visit())
    for entry in [API.addSuppression.entry, API.trySuppression.entry] {
      visit(
        entry,
        Visit(
          request(site: Self.ownSite), request(organisation: "boreal-east"),
          naming: [{ request(site: $0.site) }, { request(site: Self.ownSite, organisation: $0.organisation) }]))
    }
    visit(
      API.endSuppression.entry,
      Visit(Ask(body: json(SuppressionEnd(id: "s0")), status: 404)) {
        Ask(body: self.json(SuppressionEnd(id: $0.names.suppression)))
      })
  }

  private func incidents(_ visit: (EndpointEntry, Visit) -> Void) {
    let (own, word) = (services.own.incident, json(IncidentActRequest(.comment, text: "a word")))
    let level = json(IncidentDecision(.level, level: .four, text: "walked"))
    visit(
      API.incidents.entry,
      Visit(
        Ask(), Ask(query: ["filter": "personsLeaked or open:true"]),
        naming: [
          { Ask(query: ["filter": "site:\"\($0.site)\""]) }, { Ask(query: ["filter": "id:\"\($0.names.incident)\""]) },
        ]))
    visit(API.incident.entry, Visit(Ask(id: own)) { Ask(id: $0.names.incident) })
    visit(
      API.incidentOffers.entry,
      Visit(Ask(query: ["row": String(ownRow)])) { Ask(query: ["row": String($0.row)]) })
    visit(
      API.openIncident.entry,
      Visit(
        Ask(body: json(IncidentOpening(title: "walked", sites: [Self.ownSite]))),
        naming: [
          { Ask(body: self.json(IncidentOpening(title: "mine", rows: [$0.row]))) },
          { Ask(body: self.json(IncidentOpening(title: "mine", sites: [Self.ownSite, $0.site]))) },
        ]))
    visit(
      API.actOnIncident.entry,
      Visit(
        Ask(id: own, body: word),
        naming: [
          { Ask(id: $0.names.incident, body: word) },
          { Ask(id: own, body: self.json(IncidentActRequest(.join, rows: [$0.row]))) },
          { Ask(id: own, body: self.json(IncidentActRequest(.join, sites: [$0.site]))) },
        ]))
    visit(
      API.decideOnIncident.entry, Visit(Ask(id: own, body: level)) { Ask(id: $0.names.incident, body: level) })
  }

  private func situation(_ visit: (EndpointEntry, Visit) -> Void) {
    visit(API.situation.entry, Visit(Ask(query: ["limit": "100"])))
    visit(API.organisationSituation.entry, Visit(Ask(id: "boreal")) { Ask(id: $0.organisation) })
    visit(API.siteSituation.entry, Visit(Ask(id: Self.ownSite)) { Ask(id: $0.site) })
    let all = ["since": "1h", "limit": "1000"]
    visit(
      API.changes.entry,
      Visit(
        Ask(query: all), Ask(query: all.merging(["scope": "organisation/boreal"]) { $1 }),
        naming: [
          { thing in Ask(query: all.merging(["scope": "site/\(thing.site)"]) { $1 }) },
          { thing in Ask(query: all.merging(["scope": "organisation/\(thing.organisation)"]) { $1 }) },
        ]))
    visit(API.look.entry, Visit())
    visit(API.earlyWarnings.entry, Visit())
  }

  private func notices(_ visit: (EndpointEntry, Visit) -> Void) {
    func draft(_ organisation: String, _ change: (inout NoticeDraft) -> Void) -> Ask {
      var draft = NoticeDraft(organisation: organisation, title: BilingualText("walked"))
      change(&draft)
      return Ask(body: json(draft))
    }
    visit(
      API.notices.entry,
      Visit(
        Ask(query: ["limit": "1000"]),
        naming: [
          { Ask(query: ["filter": "organisation:\"\($0.organisation)\""]) },
          { Ask(query: ["filter": "id:\($0.names.notice) or finding:\($0.names.finding)"]) },
        ]))
    visit(API.notice.entry, Visit(Ask(id: String(services.own.notice))) { Ask(id: String($0.names.notice)) })
    visit(
      API.draftNotice.entry,
      Visit(
        draft("boreal-east") { $0.sites = [Self.ownSite] },
        naming: [
          { thing in draft(thing.organisation) { $0.sites = [Self.ownSite] } },
          { thing in draft("boreal-east") { $0.sites = [thing.site] } },
          { thing in draft("boreal-east") { $0.rows = [thing.row] } },
          { thing in draft("boreal-east") { $0.rows = [thing.names.finding] } },
          { thing in draft("boreal-east") { $0.incidents = [thing.names.incident] } },
        ]))
    let edit = json(NoticeEdit(advice: "walked"))
    visit(
      API.editNotice.entry,
      Visit(Ask(id: String(services.own.notice), body: edit)) { Ask(id: String($0.names.notice), body: edit) })
    let act = json(NoticeAct(reason: "walked", until: soon, name: "Bo", severity: .critical))
    for entry in [
      API.approveNotice.entry, API.sendNotice.entry, API.receiptOfNotice.entry, API.extendNotice.entry,
      API.gradeNotice.entry, API.liftNotice.entry, API.closeNotice.entry,
    ] {
      visit(
        entry,
        Visit(Ask(id: String(services.ownLifted), body: act, status: 409)) {
          Ask(id: String($0.names.notice), body: act)
        })
    }
  }

  private func findingLife(_ visit: (EndpointEntry, Visit) -> Void) {
    let act = json(FindingAct(reason: "walked", until: soon))
    for entry in [
      API.acceptFinding.entry, API.falseFinding.entry, API.claimFinding.entry, API.retestFinding.entry,
    ] {
      visit(
        entry,
        Visit(
          Ask(id: String(services.own.finding), body: act, isOnce: true),
          naming: [{ Ask(id: String($0.names.finding), body: act) }, { Ask(id: String($0.row), body: act) }]))
    }
  }

  /// Addresses, tasks, and what came to us.
  private func desk(_ visit: (EndpointEntry, Visit) -> Void) {
    let own = services.own
    func confirmation(_ organisation: String, _ address: String) -> Ask {
      Ask(body: json(ContactConfirmation(organisation: organisation, address: address, reason: "walked")))
    }
    func draft(site: String? = nil, organisation: String? = nil) -> Ask {
      Ask(
        body: json(
          IntakeDraft(source: .public, sender: "walker", title: "walked", site: site, organisation: organisation)))
    }
    visit(API.contacts.entry, Visit())
    visit(
      API.confirmContact.entry,
      Visit(confirmation("boreal", own.address)) { confirmation($0.organisation, $0.names.address) })
    visit(API.tasks.entry, Visit())
    visit(
      API.endTask.entry, Visit(Ask(id: String(own.task), isOnce: true)) { Ask(id: String($0.names.task)) })
    visit(
      API.intakes.entry,
      Visit(
        Ask(query: ["limit": "1000"]),
        naming: [
          { Ask(query: ["filter": "organisation:\"\($0.organisation)\" or site:\"\($0.site)\""]) },
          { Ask(query: ["filter": "id:\($0.names.intake)"]) },
        ]))
    visit(API.intake.entry, Visit(Ask(id: String(own.intake))) { Ask(id: String($0.names.intake)) })
    visit(
      API.addIntake.entry,
      Visit(
        draft(site: Self.ownSite), naming: [{ draft(site: $0.site) }, { draft(organisation: $0.organisation) }]))
    let (answer, rating) = (json(IntakeAnswer(text: "walked")), json(IntakeRating(rating: .satisfied)))
    visit(
      API.answerIntake.entry,
      Visit(Ask(id: String(own.intake), body: answer, isOnce: true)) {
        Ask(id: String($0.names.intake), body: answer)
      })
    visit(
      API.rateIntake.entry,
      Visit(Ask(id: String(own.intake), body: rating, isOnce: true)) {
        Ask(id: String($0.names.intake), body: rating)
      })
  }
}

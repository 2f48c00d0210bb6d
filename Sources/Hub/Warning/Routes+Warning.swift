internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// Notices, the life of findings, tasks and intake.
extension Routes {
  func warning(_ adapter: HTTPAdapter) {
    notices(adapter)
    findingLife(adapter)
    intake(adapter)
    adapter.serve(API.contacts) { [core] _, scope in
      Page(items: try core.store.contacts(within: scope.purview))
    }
    adapter.serve(API.confirmContact) { [core] request, scope in
      try await core.confirm(request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.tasks) { [core] _, scope in
      Page(items: try core.store.tasks(within: scope.purview))
    }
    adapter.serve(API.endTask) { [core] _, scope in
      try await core.endTask(try Routes.number(scope.id), by: scope.actor, within: scope.purview)
    }
  }

  private static func number(_ text: String) throws(APIProblem) -> Int64 {
    guard let number = Int64(text) else { throw APIProblem(.badRequest, "\(text.prefix(32)) is no number") }
    return number
  }

  private func notices(_ adapter: HTTPAdapter) {
    adapter.serve(API.notices) { [core] request, scope in
      try await core.noticeList(request, within: scope.purview, me: scope.asker.person.id)
    }
    adapter.serve(API.notice) { [core] _, scope in
      try await core.noticeDetail(try Routes.number(scope.id), within: scope.purview)
    }
    adapter.serve(API.draftNotice) { [core] request, scope in
      try await core.draftNotice(request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.editNotice) { [core] request, scope in
      try await core.editNotice(try Routes.number(scope.id), request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.approveNotice) { [core] _, scope in
      try await core.act(.approve, on: try Routes.number(scope.id), by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.sendNotice) { [core] _, scope in
      try await core.send(try Routes.number(scope.id), by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.receiptOfNotice) { [core] request, scope in
      try await core.receiptByPhone(try Routes.number(scope.id), request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.extendNotice) { [core] request, scope in
      try await core.extend(try Routes.number(scope.id), request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.gradeNotice) { [core] request, scope in
      try await core.grade(try Routes.number(scope.id), request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.liftNotice) { [core] request, scope in
      try await core.act(
        .lift(reason: request.reason), on: try Routes.number(scope.id), by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.closeNotice) { [core] request, scope in
      try await core.close(try Routes.number(scope.id), request, by: scope.actor, within: scope.purview)
    }
  }

  private func findingLife(_ adapter: HTTPAdapter) {
    adapter.serve(API.acceptFinding) { [core] request, scope in
      let until = try Routes.until(request)
      return try await core.settle(
        scope.id, .accept(until: until, reason: request.reason), by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.falseFinding) { [core] request, scope in
      let until = try Routes.until(request)
      return try await core.settle(
        scope.id, .falsePositive(until: until, reason: request.reason), by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.claimFinding) { [core] _, scope in
      try await core.claim(scope.id, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.retestFinding) { [core] _, scope in
      try await core.retest(scope.id, by: scope.actor, within: scope.purview)
    }
  }

  private static func until(_ request: FindingAct) throws(APIProblem) -> Timestamp {
    guard let until = request.until else {
      throw APIProblem(
        .badRequest, "this wants a day until when", zh: "须写明截止日期", hint: "no finding is taken out for ever")
    }
    return until
  }

  private func intake(_ adapter: HTTPAdapter) {
    adapter.serve(API.intakes) { [core] request, scope in
      try await core.intakeList(request, within: scope.purview, me: scope.asker.person.id)
    }
    adapter.serve(API.intake) { [core] _, scope in
      try core.intake(try Routes.number(scope.id), within: scope.purview)
    }
    adapter.serve(API.addIntake) { [core] request, scope in
      try await core.addIntake(request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.answerIntake) { [core] request, scope in
      try await core.answerIntake(try Routes.number(scope.id), request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.rateIntake) { [core] request, scope in
      try await core.rateIntake(try Routes.number(scope.id), request, by: scope.actor, within: scope.purview)
    }
  }
}

extension HubCore {
  func endTask(_ id: Int64, by actor: Actor, within purview: Purview) throws -> DutyTask {
    try store.endTask(id, within: purview, by: actor, at: clock.now())
  }
}

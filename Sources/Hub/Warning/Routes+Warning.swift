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
    adapter.serve(API.contacts) { [core] _, _ in Page(items: try core.store.contacts()) }
    adapter.serve(API.confirmContact) { [core] request, scope in
      try await core.confirm(request, by: scope.actor)
    }
    adapter.serve(API.tasks) { [core] _, _ in Page(items: try core.store.tasks()) }
    adapter.serve(API.endTask) { [core] _, scope in
      let actor = scope.actor
      return try await core.endTask(try Routes.number(scope.id), by: actor)
    }
  }

  private static func number(_ text: String) throws(APIProblem) -> Int64 {
    guard let number = Int64(text) else { throw APIProblem(.badRequest, "\(text.prefix(32)) is no number") }
    return number
  }

  private func notices(_ adapter: HTTPAdapter) {
    adapter.serve(API.notices) { [core] request, _ in try core.noticeList(request) }
    adapter.serve(API.notice) { [core] _, scope in try await core.noticeDetail(try Routes.number(scope.id)) }
    adapter.serve(API.draftNotice) { [core] request, scope in
      try await core.draftNotice(request, by: scope.actor)
    }
    adapter.serve(API.editNotice) { [core] request, scope in
      try await core.editNotice(try Routes.number(scope.id), request, by: scope.actor)
    }
    adapter.serve(API.approveNotice) { [core] _, scope in
      try await core.act(.approve, on: try Routes.number(scope.id), by: scope.actor)
    }
    adapter.serve(API.sendNotice) { [core] _, scope in
      try await core.send(try Routes.number(scope.id), by: scope.actor)
    }
    adapter.serve(API.receiptOfNotice) { [core] request, scope in
      try await core.receiptByPhone(try Routes.number(scope.id), request, by: scope.actor)
    }
    adapter.serve(API.extendNotice) { [core] request, scope in
      try await core.extend(try Routes.number(scope.id), request, by: scope.actor)
    }
    adapter.serve(API.gradeNotice) { [core] request, scope in
      try await core.grade(try Routes.number(scope.id), request, by: scope.actor)
    }
    adapter.serve(API.liftNotice) { [core] request, scope in
      try await core.act(.lift(reason: request.reason), on: try Routes.number(scope.id), by: scope.actor)
    }
    adapter.serve(API.closeNotice) { [core] request, scope in
      try await core.close(try Routes.number(scope.id), request, by: scope.actor)
    }
  }

  private func findingLife(_ adapter: HTTPAdapter) {
    adapter.serve(API.acceptFinding) { [core] request, scope in
      let until = try Routes.until(request)
      return try await core.settle(
        scope.id, .accept(until: until, reason: request.reason), by: scope.actor)
    }
    adapter.serve(API.falseFinding) { [core] request, scope in
      let until = try Routes.until(request)
      return try await core.settle(
        scope.id, .falsePositive(until: until, reason: request.reason), by: scope.actor)
    }
    adapter.serve(API.claimFinding) { [core] _, scope in
      try await core.claim(scope.id, by: scope.actor)
    }
    adapter.serve(API.retestFinding) { [core] _, scope in
      try await core.retest(scope.id, by: scope.actor)
    }
  }

  private static func until(_ request: FindingAct) throws(APIProblem) -> Timestamp {
    guard let until = request.until else {
      throw APIProblem(.badRequest, "this wants a day until when", hint: "no finding is taken out for ever")
    }
    return until
  }

  private func intake(_ adapter: HTTPAdapter) {
    adapter.serve(API.intakes) { [core] request, _ in try core.intakeList(request) }
    adapter.serve(API.intake) { [core] _, scope in
      let id = try Routes.number(scope.id)
      return try core.found { try core.store.intake(id) }
    }
    adapter.serve(API.addIntake) { [core] request, scope in
      try await core.addIntake(request, by: scope.actor)
    }
    adapter.serve(API.answerIntake) { [core] request, scope in
      try await core.answerIntake(try Routes.number(scope.id), request, by: scope.actor)
    }
    adapter.serve(API.rateIntake) { [core] request, scope in
      try await core.rateIntake(try Routes.number(scope.id), request, by: scope.actor)
    }
  }
}

extension HubCore {
  func endTask(_ id: Int64, by actor: Actor) throws -> DutyTask {
    try found { try store.endTask(id, by: actor, at: clock.now()) }
  }
}

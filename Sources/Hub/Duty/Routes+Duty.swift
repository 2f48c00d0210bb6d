internal import ControlAPI
internal import Records
internal import Store

extension Routes {
  func duty(_ adapter: HTTPAdapter) {
    adapter.serve(API.duty) { [core] _, _ in try await core.dutyStatus() }
    adapter.serve(API.rosters) { [core] request, _ in try await core.rosterList(request) }
    adapter.serve(API.setRoster) { [core] request, scope in
      try await core.setRoster(request, by: scope.actor)
    }
    adapter.serve(API.removeRoster) { [core] request, scope in
      try await core.removeRoster(request, by: scope.actor)
    }
    adapter.serve(API.shifts) { [core] request, _ in try await core.shiftList(request) }
    adapter.serve(API.takeShift) { [core] request, scope in
      try await core.takeShift(request, by: scope.actor)
    }
    adapter.serve(API.handOver) { [core] request, scope in try await core.handOver(request, by: scope.actor) }
    adapter.serve(API.dutyLog) { [core] request, _ in Page(items: try core.store.dutyLines(limit: request.limit)) }
    adapter.serve(API.writeDutyLog) { [core] request, scope in
      try await core.writeLog(request, by: scope.actor)
    }
    dutyReports(adapter)
  }

  private func dutyReports(_ adapter: HTTPAdapter) {
    adapter.serve(API.dutyReports) { [core] request, _ in try await core.dutyReportList(request) }
    adapter.serve(API.makeDutyReport) { [core] request, scope in
      try await core.makeDutyReport(request, by: scope.actor)
    }
    adapter.serve(API.signDutyReport) { [core] request, scope in
      try await core.signDutyReport(request, by: scope.actor)
    }
    adapter.serve(API.guardChecklist) { [core] _, scope in try await core.checklist(id: scope.id) }
    adapter.serve(API.tickGuard) { [core] request, scope in
      try await core.tick(request, period: scope.id, by: scope.actor)
    }
    adapter.serve(API.drills) { [core] request, _ in try await core.drillList(request) }
    adapter.serve(API.drill) { [core] request, scope in try await core.drill(request, by: scope.actor) }
    adapter.serve(API.canary) { [core] _, _ in await core.canaryReport() }
  }
}

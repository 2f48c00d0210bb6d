package import Records

/// The duty's part of the table.
extension API {
  package static let duty = Endpoint<Nothing, DutyStatus>(
    .get, "/duty", "who has the watch, who stands behind, which clocks run, and what is wrong with the duty itself")
  package static let rosters = Endpoint<RosterQuery, Page<RosterPreview>>(
    .get, "/duty/rosters", "rosters with the coming weeks: turns, gaps, overlaps")
  package static let setRoster = Endpoint<RosterRequest, RosterPreview>(
    .post, "/duty/rosters", "puts a roster out of a file in the place of one with its id, or only shows its weeks",
    role: .lead)
  package static let removeRoster = Endpoint<RosterRemoval, Page<RosterPreview>>(
    .post, "/duty/rosters/remove", "takes a roster away", role: .lead)
  package static let shifts = Endpoint<DutyListRequest, Page<ShiftItem>>(
    .get, "/duty/shifts", "shifts, the newest first, with their handover notes and times to acknowledge")
  package static let takeShift = Endpoint<ShiftTake, ShiftItem>(
    .post, "/duty/shifts/take", "takes the watch, and confirms the handover note of whoever had it")
  package static let handOver = Endpoint<ShiftHandOver, ShiftItem>(
    .post, "/duty/shifts/handover", "writes the handover note; the watch stays until the next has taken it")
  package static let dutyLog = Endpoint<DutyListRequest, Page<DutyLine>>(
    .get, "/duty/log", "the log of the duty, the newest line first")
  package static let writeDutyLog = Endpoint<DutyRemark, DutyLine>(.post, "/duty/log", "writes a line into the log")
  package static let dutyReports = Endpoint<DutyListRequest, Page<DutyReportItem>>(
    .get, "/duty/reports", "daily, zero and closing reports, the newest first")
  package static let makeDutyReport = Endpoint<DutyReportRequest, DutyReportItem>(
    .post, "/duty/reports", "makes a report out of what is kept; a zero report says zero only where all was seen")
  package static let signDutyReport = Endpoint<DutySignature, DutyReportItem>(
    .post, "/duty/reports/sign", "signs a report with a name, once")
  package static let guardChecklist = Endpoint<Nothing, GuardChecklist>(
    .get, "/duty/guards/{id}", "the start checklist of a guard period: what is ticked by whom, and what is not")
  package static let tickGuard = Endpoint<GuardTick, GuardChecklist>(
    .post, "/duty/guards/{id}", "ticks a line of the start checklist, or takes the tick back")
  package static let drills = Endpoint<DutyListRequest, Page<DrillItem>>(
    .get, "/duty/drills", "drills, the newest first, with the times to acknowledge")
  package static let drill = Endpoint<DrillRequest, DrillItem>(
    .post, "/duty/drills", "starts a drill, injects a marked alert into it, or ends it", role: .lead)
  package static let canary = Endpoint<Nothing, CanaryReport>(
    .get, "/duty/canary", "the way of an alert, stage by stage, in the last hour")

  package static let dutyTable: [EndpointEntry] = [
    duty.entry, rosters.entry, setRoster.entry, removeRoster.entry, shifts.entry, takeShift.entry, handOver.entry,
    dutyLog.entry, writeDutyLog.entry, dutyReports.entry, makeDutyReport.entry, signDutyReport.entry,
    guardChecklist.entry, tickGuard.entry, drills.entry, drill.entry, canary.entry,
  ]
}

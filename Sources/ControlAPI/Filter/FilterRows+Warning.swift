package import Records
package import Wire

/// A notice with the time known, for `overdue`.
package struct TimedNotice: FilterRow {
  let notice: Notice
  let now: Timestamp
  package init(_ notice: Notice, now: Timestamp) {
    self.notice = notice
    self.now = now
  }

  package func filterValues(_ field: String) -> [FilterValue] {
    switch field {
    case "state": [.text(notice.state.rawValue)]
    case "kind": [.text(notice.kind.rawValue)]
    case "colour": notice.colour.map { [.rank(WarningColour.allCases.firstIndex(of: $0) ?? 0)] } ?? []
    case "severity": [.rank(notice.severity.rank)]
    case "organisation": [.text(notice.organisation)]
    case "site": notice.sites.map(FilterValue.text)
    case "number": [.text(notice.number ?? "")]
    case "finding": notice.findings.map { .number(Double($0)) }
    case "who": [.text(notice.author), .text(notice.approver ?? "")]
    case "open": [.flag(notice.state.isOpen)]
    case "overdue": [.flag(notice.due.map { $0 <= now } ?? false)]
    case "supervision": [.number(Double(notice.supervision))]
    case "since": [.time(notice.created)]
    case "drill": [.flag(notice.isDrill)]
    case "id": [.number(Double(notice.id))]
    default: []
    }
  }
  package var filterTexts: [String] {
    [notice.title.en, notice.title.zh, notice.organisation, notice.number ?? "", notice.advice] + notice.sites
  }
}

package struct TimedIntake: FilterRow {
  let intake: Intake
  let now: Timestamp
  package init(_ intake: Intake, now: Timestamp) {
    self.intake = intake
    self.now = now
  }

  package func filterValues(_ field: String) -> [FilterValue] {
    switch field {
    case "state": [.text(intake.state.rawValue)]
    case "source": [.text(intake.source.rawValue)]
    case "organisation": [.text(intake.organisation ?? "")]
    case "site": [.text(intake.site ?? "")]
    case "number": [.text(intake.senderNumber ?? "")]
    case "who": [.text(intake.assignee ?? "")]
    case "rating": intake.rating.map { [.text($0.rawValue)] } ?? []
    case "overdue": [.flag(intake.state == .open && intake.due < now)]
    case "since": [.time(intake.received)]
    case "id": [.number(Double(intake.id))]
    default: []
    }
  }
  package var filterTexts: [String] {
    [intake.title, intake.text, intake.sender, intake.senderNumber ?? "", intake.site ?? "", intake.organisation ?? ""]
  }
}

package import ControlAPI
internal import Documents
internal import Records
package import Reports
package import Services
internal import Wire

/// What notices are made by: texts, times, and which weaknesses are urgent.
package struct NoticeRules: Sendable {
  package var templates: NoticeTemplates
  package var times: NoticeTimes
  package var warnings: WarningRules
  /// Check ids; `*` at the end for all that begin so.
  package var urgent: [String]

  func isUrgent(_ check: String) -> Bool { urgent.contains { Wildcard.matches($0, check) } }
}

/// `Rules/notices` into its rules. The first mistake ends it, with its file, line and column.
package enum NoticeRulesReader {
  package static func read(_ configuration: Configuration) throws(OperatorMistake) -> NoticeRules {
    guard let folder = configuration.notices.folder ?? InstalledFiles.path("Rules/notices") else {
      throw OperatorMistake(
        "notices.folder", "the texts of notices are not installed", hint: "name their folder by notices.folder")
    }
    return try read(folder: folder)
  }

  package static func read(folder: String) throws(OperatorMistake) -> NoticeRules {
    do {
      let templates = try NoticeTemplates { try DocumentFile.text(path: "\(folder)/\($0)") }
      let clocks = try DocumentFile.value(path: folder + "/clocks.yaml")
      try refuseUnknown(clocks, ["clocks", "urgentChecks"])
      let times = NoticeTimes(
        clocks: try clocks.required("clocks").list().map { try self.clocks($0) },
        calendar: try calendar(DocumentFile.value(path: folder + "/calendar.yaml")))
      return NoticeRules(
        templates: templates, times: times,
        warnings: try warnings(DocumentFile.value(path: folder + "/warnings.yaml")),
        urgent: try clocks.required("urgentChecks").strings())
    } catch let error as DocumentError {
      throw OperatorMistake(error)
    } catch let fault as NoticeTemplates.Fault {
      throw OperatorMistake(
        "notices.template", at: "\(folder)/\(fault.file):\(fault.line):\(fault.column)", fault.sentence)
    } catch {
      throw OperatorMistake("notices.folder", at: folder, "\(error)")
    }
  }

  private static func refuseUnknown(_ value: DocumentValue, _ known: [String]) throws(DocumentError) {
    _ = try value.map()
    if let first = value.unknownKeys(besides: known).first { throw first }
  }

  // MARK: clocks

  private static func clocks(_ value: DocumentValue) throws(DocumentError) -> NoticeClocks {
    try refuseUnknown(value, ["from", "ordinary", "urgent", "fix", "reminders", "supervision", "intake"])
    var clocks = NoticeClocks(from: Timestamp(seconds: try day(value.required("from")) * 86_400))
    let ordinary = try value.required("ordinary")
    try refuseUnknown(ordinary, ["receiptDays", "answerDays"])
    clocks.receiptDays = try days(ordinary, "receiptDays")
    clocks.answerDays = try days(ordinary, "answerDays")
    let urgent = try value.required("urgent")
    try refuseUnknown(urgent, ["receipt", "contained", "answer"])
    clocks.urgentReceiptSeconds = try span(urgent, "receipt")
    clocks.urgentContainedSeconds = try span(urgent, "contained")
    clocks.urgentAnswerSeconds = try span(urgent, "answer")
    clocks.fix = try fix(value.required("fix"))
    let reminders = try value.required("reminders")
    try refuseUnknown(reminders, ["at", "every"])
    clocks.reminders = try percents(reminders.required("at"))
    clocks.reminderSeconds = try span(reminders, "every")
    let supervision = try value.required("supervision")
    try refuseUnknown(supervision, ["every", "urgent"])
    clocks.supervisionSeconds = try span(supervision, "every")
    clocks.urgentSupervisionSeconds = try span(supervision, "urgent")
    let intake = try value.required("intake")
    try refuseUnknown(intake, ["days"])
    clocks.intakeDays = try days(intake, "days")
    return clocks
  }

  private static func days(_ map: DocumentValue, _ key: String) throws(DocumentError) -> Int {
    try map.required(key).int(in: 1...WorkingCalendar.mostDays)
  }

  private static func span(_ map: DocumentValue, _ key: String) throws(DocumentError) -> Double {
    let value = try map.required(key)
    let seconds = try value.seconds()
    guard (60...366 * 86_400).contains(seconds) else {
      throw DocumentError(.badValue, value.position, "\(value.kind) is outside 1m to 366d")
    }
    return seconds
  }

  private static func percents(_ value: DocumentValue) throws(DocumentError) -> [Int] {
    var result: [Int] = []
    for item in try value.list() {
      let percent = try item.int(in: 1...100)
      if let last = result.last, percent <= last {
        throw DocumentError(.badValue, item.position, "\(percent) does not come after \(last)")
      }
      result.append(percent)
    }
    return result
  }

  private static func fix(_ map: DocumentValue) throws(DocumentError) -> FixClock {
    let severities = Severity.allCases.filter { $0 != .info }
    try refuseUnknown(
      map, ["exploitableAndReachable", "exploitable", "reachable"] + severities.map(\.rawValue))
    var fix = FixClock()
    func number(_ key: String) throws(DocumentError) -> Int64 { Int64(try map.required(key).int(in: 1...3650)) }
    fix.attackedDays = try number("exploitableAndReachable")
    fix.exploitableDays = try number("exploitable")
    fix.reachableDays = try number("reachable")
    for severity in severities { fix.days[severity] = try number(severity.rawValue) }
    return fix
  }

  // MARK: warnings

  private static func warnings(_ value: DocumentValue) throws(DocumentError) -> WarningRules {
    try refuseUnknown(value, ["causes", "falls", "matches"])
    var rules = WarningRules()
    for item in try value.required("causes").list() { rules.causes.append(try cause(item)) }
    let falls = try value.required("falls")
    try refuseUnknown(falls, ["points", "strong", "days"])
    rules.fallPoints = try falls.required("points").int(in: 1...100)
    rules.strongFallPoints = try falls.required("strong").int(in: 1...100)
    rules.fallDays = Int64(try falls.required("days").int(in: 1...90))
    let matches = try value.required("matches")
    try refuseUnknown(matches, ["organisations"])
    rules.matchOrganisations = try matches.required("organisations").int(in: 1...100_000)
    return rules
  }

  private static func cause(_ value: DocumentValue) throws(DocumentError) -> WarningRules.Cause {
    try refuseUnknown(value, ["id", "checks", "title", "colours"])
    let title = try value.required("title")
    let colours = try value.required("colours")
    try refuseUnknown(colours, Severity.allCases.map(\.rawValue))
    var byRank: [Severity: WarningColour] = [:]
    for severity in Severity.allCases {
      byRank[severity] = try colours.required(severity.rawValue).choice(WarningColour.self)
    }
    return WarningRules.Cause(
      id: try value.required("id").string(), checks: try value.required("checks").strings(),
      title: BilingualText(en: try title.required("en").string(), zh: try title.required("zh").string()),
      colours: byRank)
  }

  // MARK: calendar

  private static func calendar(_ value: DocumentValue) throws(DocumentError) -> WorkingCalendar {
    try refuseUnknown(value, ["years"])
    var calendar = WorkingCalendar()
    for entry in try value.required("years").list() {
      try refuseUnknown(entry, ["year", "holidays", "workdays"])
      calendar.years.insert(Int64(try entry.required("year").int(in: 1970...9999)))
      for item in try entry.required("holidays").list() { calendar.holidays.formUnion(try range(item)) }
      for item in try entry.required("workdays").list() { calendar.workdays.insert(try day(item)) }
    }
    return calendar
  }

  /// `2026-10-01` or `2026-10-01..2026-10-07`.
  private static func range(_ value: DocumentValue) throws(DocumentError) -> ClosedRange<Int64> {
    let text = try value.string()
    guard let dots = text.firstRange(of: "..") else { return try day(value)...(try day(value)) }
    guard let first = day(text[..<dots.lowerBound]), let last = day(text[dots.upperBound...]), first <= last,
      last - first < 60
    else {
      throw DocumentError(
        .badValue, value.position, "\(value.kind) is no range of days", hint: "for example 2026-10-01..2026-10-07")
    }
    return first...last
  }

  private static func day(_ value: DocumentValue) throws(DocumentError) -> Int64 {
    guard let day = day(Substring(try value.string())) else {
      throw DocumentError(.badValue, value.position, "\(value.kind) is no day", hint: "for example 2026-10-01")
    }
    return day
  }

  private static func day(_ text: Substring) -> Int64? {
    Timestamp(text: "\(text)T00:00:00Z").map { $0.seconds / 86_400 }
  }
}

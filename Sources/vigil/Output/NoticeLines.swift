import ControlAPI
import Records
import Wire

/// Notices on a screen.
enum NoticeLines {
  /// What an act came to, in a line.
  static func said(_ notice: Notice, _ look: Look) throws {
    if look.json { return try look.objects([notice]) }
    let number = notice.number.map { ", \($0)" } ?? ""
    let due = notice.due.map { ", due \($0.secondText)" } ?? ""
    Console.out.line(Table.harmless("notice \(notice.id)\(number): \(notice.state.rawValue)\(due)"))
  }

  static func said(_ report: FindingActReport, _ look: Look) throws {
    if look.json { return try look.objects([report]) }
    let finding = report.finding.finding
    let until = finding.until.map { " until \($0.secondText)" } ?? ""
    let looks = report.retests.filter { $0.state != .ended }.flatMap(\.looks).filter { $0.answered == nil }
    let waits =
      looks.isEmpty
      ? "" : ", waits for \(Set(looks.map { "\($0.engine) at \($0.site)" }).sorted().joined(separator: ", "))"
    Console.out.line(Table.harmless("finding \(finding.row.id): \(finding.state.rawValue)\(until)\(waits)"))
  }

  // MARK: intake

  static func detail(_ intake: Intake) -> [String] {
    var lines = [
      "intake \(intake.id)  \(intake.state.rawValue)  \(intake.source.rawValue)  \(intake.senderNumber ?? "-")",
      "from \(intake.sender), received \(intake.received.secondText), due \(intake.due.secondText)",
      "\(intake.organisation ?? "-")  \(intake.site ?? "-")  \(intake.check ?? "-")"
        + (intake.finding.map { "  finding \($0)" } ?? ""), intake.title,
    ]
    lines += intake.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines += intake.attachments.map { "\($0.digest)  \($0.bytes)  \($0.name)" }
    if let answer = intake.answer {
      lines.append("\(intake.answeredAt?.secondText ?? "")  \(intake.answeredBy ?? ""): \(answer)")
    }
    if let rating = intake.rating { lines.append("\(intake.ratedAt?.secondText ?? "")  \(rating.rawValue)") }
    return lines.map(Table.harmless)
  }
}

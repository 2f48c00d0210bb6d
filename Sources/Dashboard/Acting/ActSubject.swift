import ControlAPI
import Records

/// What an act is on.
enum ActSubject: Hashable, Sendable {
  case rows([Int64])
  case incident(String)
  case notice(Int64)
  case site(String)
  case task(Int64)
  case intake(Int64)
  case report(Int64)
  /// A message that leaves.
  case message(Int64)
  case suppression(String)
  case proposal(String)
  case drill(String)
  case contact(organisation: String, address: String)
  case guardPeriod(String)
  /// A line of a guard period's start checklist.
  case guardCheck(period: String, check: String)
  /// The watch itself: it needs no selection.
  case duty

  /// Acts on so many rows are asked once more.
  var isMany: Bool {
    if case .rows(let ids) = self { ids.count > Model.many } else { false }
  }

  var title: BilingualText {
    switch self {
    case .rows(let ids) where ids.count == 1: BilingualText(en: "row \(ids[0])", zh: "第 \(ids[0]) 行")
    case .rows(let ids): BilingualText(en: "\(ids.count) rows", zh: "\(ids.count) 行")
    case .incident(let id): BilingualText(en: "case \(id)", zh: "事件 \(id)")
    case .notice(let id): BilingualText(en: "notice #\(id)", zh: "通报 #\(id)")
    case .site(let id): BilingualText(en: "site \(id)", zh: "站点 \(id)")
    case .task(let id): BilingualText(en: "task \(id)", zh: "待办 \(id)")
    case .intake(let id): BilingualText(en: "intake \(id)", zh: "来件 \(id)")
    case .report(let id): BilingualText(en: "report \(id)", zh: "报告 \(id)")
    case .message(let id): BilingualText(en: "message \(id)", zh: "消息 \(id)")
    case .suppression(let id): BilingualText(en: "suppression \(id)", zh: "抑制 \(id)")
    case .proposal(let id): BilingualText(en: "proposal \(id)", zh: "建议 \(id)")
    case .drill(let id): BilingualText(en: "drill \(id)", zh: "演练 \(id)")
    case .contact(let organisation, _): BilingualText(en: "contact of \(organisation)", zh: "\(organisation) 联系人")
    case .guardPeriod(let id): BilingualText(en: "guard period \(id)", zh: "保障期 \(id)")
    case .guardCheck(let period, let check):
      BilingualText(en: "\(check) of guard period \(period)", zh: "保障期 \(period) 清单项 \(check)")
    case .duty: BilingualText(en: "the watch", zh: "值守")
    }
  }
}

extension Listed {
  /// What acts on this entry are on; nil where nothing can be done to it.
  var target: ActSubject? {
    switch self {
    case let item as IncidentItem: .incident(item.id)
    case let entry as IncidentClockEntry: .incident(entry.item.id)
    case let line as IncidentLine: .incident(line.incident)
    case let notice as Notice: .notice(notice.id)
    case let task as DutyTask: .task(task.id)
    case let intake as Intake: .intake(intake.id)
    case let report as DutyReportItem: .report(report.id)
    case let message as OutboxItem: .message(message.id)
    case let item as SuppressionItem: .suppression(item.suppression.id)
    case let proposal as Proposal: .proposal(proposal.id)
    case let drill as DrillItem: .drill(drill.id)
    case let entry as ContactEntry:
      .contact(organisation: entry.contact.organisation, address: entry.contact.address)
    case let cell as SiteCell: .site(cell.site)
    case let item as SiteItem: .site(item.id)
    case let period as GuardPeriod: .guardPeriod(period.id)
    case let entry as GuardCheckEntry: .guardCheck(period: entry.period, check: entry.check.id)
    case is DutyEntry, is TurnEntry, is ShiftItem, is DutyLine: .duty
    default: actRow.map { .rows([$0]) }
    }
  }
}

extension Model {
  /// What an act would be on now.
  var target: ActSubject? {
    switch place {
    case .row(let id), .alert(row: let id, _): .rows([id])
    case .site(let id): .site(id)
    case .incident(let id): .incident(id)
    case .notice(let id): .notice(id)
    case .shift: .duty
    case .organisation, .help: nil
    case .screen: marks.isEmpty ? selectedTarget : .rows(marks.sorted())
    }
  }

  private var selectedTarget: ActSubject? {
    guard let panel = focusedPanel else { return nil }
    if let entry = selectedEntry(panel) { return entry.target }
    return panel.parts.contains { ["duty", "shifts", "roster", "log"].contains($0.source.name) } ? .duty : nil
  }

  /// The row that a single act is on, as far as it is known here.
  func queueRow(_ id: Int64) -> QueueRow? {
    if let row, row.item.id == id { return row.item.row }
    let entry = focusedPanel.flatMap { entries($0).first { $0.actRow == id } }
    switch entry {
    case let item as QueueItem: return item.row
    case let item as FindingItem: return item.finding.row
    case let entry as Feed.Entry: return entry.item?.row
    default: return nil
    }
  }

  /// What the hub says this person may do; nil while it has not.
  var role: PersonRole? { answer(.me, WhoAmI.self)?.role }
  /// As acts are assigned: the hub's name for who asks, else the system's.
  var officer: String { answer(.me, WhoAmI.self)?.person.id ?? me }
}

extension Question {
  static let me = Question(API.whoAmI, Nothing())
}

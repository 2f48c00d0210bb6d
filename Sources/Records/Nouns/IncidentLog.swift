package import Wire

/// One line of an incident's log. Append-only: the store refuses to change one.
package struct IncidentLine: Codable, Sendable, Hashable, Identifiable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case opened, level, lead, member, kind, `operator`, step, reopened, awareness, fact, mark
    case joined, removed
    /// What a person writes: what happened, and what somebody thinks of it.
    case log, comment

    package var title: BilingualText {
      switch self {
      case .opened: BilingualText(en: "opened", zh: "立案")
      case .level: BilingualText(en: "level", zh: "定级")
      case .lead: BilingualText(en: "lead", zh: "负责人")
      case .member: BilingualText(en: "member", zh: "成员")
      case .kind: BilingualText(en: "kind", zh: "类型")
      case .operator: BilingualText(en: "operator", zh: "运营者类别")
      case .step: BilingualText(en: "step", zh: "阶段")
      case .reopened: BilingualText(en: "reopened", zh: "重新处置")
      case .awareness: BilingualText(en: "known since", zh: "获知时间")
      case .fact: BilingualText(en: "fact", zh: "事实")
      case .mark: BilingualText(en: "done", zh: "完成")
      case .joined: BilingualText(en: "joined", zh: "并入")
      case .removed: BilingualText(en: "removed", zh: "移出")
      case .log: BilingualText(en: "log", zh: "记录")
      case .comment: BilingualText(en: "comment", zh: "评论")
      }
    }
  }
  /// Rising over all incidents; 0 before it is stored.
  package var id: Int64
  package var incident: String
  package var time: Timestamp
  package var actor: Actor
  package var kind: Kind
  package var text: String
  package init(id: Int64 = 0, incident: String, time: Timestamp, actor: Actor, kind: Kind, text: String) {
    self.id = id
    self.incident = incident
    self.time = time
    self.actor = actor
    self.kind = kind
    self.text = text
  }
}

/// A row of the queue in an incident, as it was when it joined: retention may take the row, the case keeps this.
package struct IncidentRow: Codable, Sendable, Hashable, Identifiable {
  package var id: Int64
  package var wing: Wing
  package var title: BilingualText
  package var severity: Severity
  package var check: String
  package var site: String?
  package var organisation: String?
  package var subject: String
  package var joined: Timestamp
  package var joinedBy: String
  /// Nil: it is in it.
  package var removed: Timestamp?

  package init(_ row: QueueRow, joined: Timestamp, by: String) {
    id = row.id
    wing = row.wing
    title = row.title
    severity = row.severity
    check = row.check
    site = row.site
    organisation = row.organisation
    subject = row.subject
    self.joined = joined
    joinedBy = by
  }
}

/// What a person does to an incident.
package enum IncidentAct: Codable, Sendable, Hashable {
  case setLevel(IncidentLevel, reason: String)
  case setLead(String)
  case addMember(String)
  case removeMember(String)
  case setKind(IncidentKind)
  case setOperator(OperatorKind)
  /// To the next state and to no other.
  case step(IncidentState, proof: String, at: Timestamp?)
  case reopen(reason: String)
  case recordAwareness(Timestamp, reason: String)
  case stateFact(IncidentMeasure, Double, basis: String)
  case mark(IncidentMark.Kind, note: String, at: Timestamp?)
  case log(String)
  case comment(String)
  case join(rows: [Int64], sites: [String])
  case remove(rows: [Int64], sites: [String], reason: String)

  package var name: String {
    switch self {
    case .setLevel: "set level"
    case .setLead: "set lead"
    case .addMember: "add member"
    case .removeMember: "remove member"
    case .setKind: "set kind"
    case .setOperator: "set operator"
    case .step(let state, _, _): "step \(state.rawValue)"
    case .reopen: "reopen"
    case .recordAwareness: "record awareness"
    case .stateFact: "state fact"
    case .mark: "mark"
    case .log: "log"
    case .comment: "comment"
    case .join: "join"
    case .remove: "remove"
    }
  }
}

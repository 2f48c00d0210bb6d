package import Records
package import Wire

/// What a person may do to an incident: open -> contained -> recovered -> closed, each step with its proof; back to
/// open with a reason. Rows and sites that join and leave are the store's; here is what may be said of them.
///
/// No machine acts on an incident: an actor without a person behind it is refused.
package enum IncidentMachine {
  /// A proof, a reason, a line of the log: a page of text.
  package static let textLimit = 4000
  package static let titleLimit = 200
  package static let peopleLimit = 64
  /// Words on measures and awareness that one case keeps: nobody corrects himself oftener.
  package static let wordLimit = 500

  /// The incident after it, and the line of its log.
  package static func apply(
    _ act: IncidentAct, _ incident: Incident, _ actor: Actor, _ now: Timestamp
  ) -> Result<(incident: Incident, line: IncidentLine), ActRefusal> {
    do throws(ActRefusal) {
      try check(act, incident, actor)
      var next = incident
      let (kind, text) = try change(act, &next, actor, now)
      return .success(
        (next, IncidentLine(incident: incident.id, time: now, actor: actor, kind: kind, text: text)))
    } catch {
      return .failure(error)
    }
  }

  /// A closed case takes a reopening, and words; nothing else.
  private static func check(_ act: IncidentAct, _ incident: Incident, _ actor: Actor) throws(ActRefusal) {
    guard !actor.isMachine else { throw ActRefusal("no machine acts on an incident", "事件只能由人处置") }
    guard !incident.isOpen else { return }
    switch act {
    case .reopen, .log, .comment: return
    default:
      throw ActRefusal(
        "incident \(incident.id) is closed; reopen it first, with a reason", "事件 \(incident.id) 已结案，须先说明理由重新立案")
    }
  }

  private static func change(
    _ act: IncidentAct, _ incident: inout Incident, _ actor: Actor, _ now: Timestamp
  ) throws(ActRefusal) -> (IncidentLine.Kind, String) {
    switch act {
    case .setLevel(let level, let reason):
      try need(reason, BilingualText(en: "a reason", zh: "理由"))
      incident.levels.append(.init(level: level, by: actor.name, time: now, reason: reason))
      return (.level, "\(level.rawValue): \(reason)")
    case .setLead(let person):
      incident.lead = try name(person)
      return (.lead, person)
    case .addMember, .removeMember: return try changeMembers(act, &incident)
    case .setKind(let kind):
      incident.kind = kind
      return (.kind, kind.rawValue)
    case .setOperator(let kind):
      incident.operatorKind = kind
      return (.operator, kind.rawValue)
    case .step(let state, let proof, let time): return try step(&incident, to: state, proof, time, actor, now)
    case .reopen(let reason): return try reopen(&incident, reason, actor, now)
    case .recordAwareness, .stateFact, .mark: return try state(act, &incident, actor, now)
    case .log(let text):
      try need(text, BilingualText(en: "a text", zh: "内容"))
      return (.log, text)
    case .comment(let text):
      try need(text, BilingualText(en: "a text", zh: "内容"))
      return (.comment, text)
    case .join(let rows, let sites): return (.joined, try named(rows, sites))
    case .remove(let rows, let sites, let reason):
      try need(reason, BilingualText(en: "a reason", zh: "理由"))
      return (.removed, "\(try named(rows, sites)): \(reason)")
    }
  }

  // MARK: people

  private static func changeMembers(
    _ act: IncidentAct, _ incident: inout Incident
  ) throws(ActRefusal) -> (IncidentLine.Kind, String) {
    if case .addMember(let person) = act {
      let person = try name(person)
      guard !incident.members.contains(person) else {
        throw ActRefusal("\(person) is a member already", "\(person) 已是成员")
      }
      guard incident.members.count < peopleLimit else {
        throw ActRefusal("the incident has \(peopleLimit) members, the limit", "成员已达上限 \(peopleLimit) 人")
      }
      incident.members.append(person)
      return (.member, "+\(person)")
    }
    guard case .removeMember(let person) = act, let place = incident.members.firstIndex(of: person) else {
      throw ActRefusal("this person is no member", "此人不是成员")
    }
    incident.members.remove(at: place)
    return (.member, "-\(person)")
  }

  // MARK: steps

  private static func step(
    _ incident: inout Incident, to state: IncidentState, _ proof: String, _ time: Timestamp?, _ actor: Actor,
    _ now: Timestamp
  ) throws(ActRefusal) -> (IncidentLine.Kind, String) {
    guard state == incident.state.next else {
      throw ActRefusal(
        "the incident is \(incident.state.rawValue) and cannot become \(state.rawValue) next",
        "事件\(incident.state.title.zh)，下一步不能是\(state.title.zh)")
    }
    try need(proof, BilingualText(en: "a proof", zh: "证明"))
    let happened = try past(time, now)
    if let last = incident.steps.last, happened < last.happened {
      throw ActRefusal(
        "the step before, \(last.state.rawValue), was later: \(last.happened.text)",
        "上一步（\(last.state.title.zh)）发生得更晚：\(last.happened.text)")
    }
    if state == .closed { try checkClosing(incident) }
    incident.state = state
    incident.steps.append(
      IncidentStep(state: state, by: actor.name, happened: happened, recorded: now, proof: proof))
    return (.step, "\(state.rawValue): \(proof)")
  }

  private static func checkClosing(_ incident: Incident) throws(ActRefusal) {
    guard incident.level != nil else {
      throw ActRefusal("the level was never set; a lead sets it before it closes", "尚未定级，结案前须由负责人定级")
    }
    guard incident.knownSince != nil else {
      throw ActRefusal("nobody has recorded when the operator knew of it", "尚未登记运营者获知时间")
    }
    guard incident.lead != nil else { throw ActRefusal("the incident has no lead", "事件没有负责人") }
  }

  private static func reopen(
    _ incident: inout Incident, _ reason: String, _ actor: Actor, _ now: Timestamp
  ) throws(ActRefusal) -> (IncidentLine.Kind, String) {
    guard incident.state != .open else { throw ActRefusal("the incident is open", "事件处置中") }
    try need(reason, BilingualText(en: "a reason", zh: "理由"))
    incident.state = .open
    incident.steps.append(IncidentStep(state: .open, by: actor.name, happened: now, recorded: now, proof: reason))
    return (.reopened, reason)
  }

  // MARK: words

  private static func state(
    _ act: IncidentAct, _ incident: inout Incident, _ actor: Actor, _ now: Timestamp
  ) throws(ActRefusal) -> (IncidentLine.Kind, String) {
    guard incident.facts.count + incident.awareness.count + incident.marks.count < wordLimit else {
      throw ActRefusal(
        "the incident keeps \(wordLimit) words, the limit; write further ones into its log",
        "登记已达上限 \(wordLimit) 条，请写入事件记录")
    }
    switch act {
    case .recordAwareness(let time, let reason):
      if !incident.awareness.isEmpty { try need(reason, BilingualText(en: "a reason for the correction", zh: "更正理由")) }
      try limit(reason)
      let time = try past(time, now)
      incident.awareness.append(.init(time: time, by: actor.name, recorded: now, reason: reason))
      return (.awareness, reason.isEmpty ? time.text : "\(time.text): \(reason)")
    case .stateFact(let measure, let value, let basis):
      try need(basis, BilingualText(en: "a basis", zh: "依据"))
      guard value.isFinite, (0...1e15).contains(value) else {
        throw ActRefusal("\(value) is no size that can be", "\(value) 不是合理的数值")
      }
      incident.facts.append(
        IncidentFact(measure: measure, value: value, by: actor.name, time: now, basis: basis))
      return (.fact, "\(measure.rawValue) \(IncidentFact.plain(value)): \(basis)")
    case .mark(let kind, let note, let time):
      try need(note, BilingualText(en: "a note of how it is known", zh: "依据说明"))
      let mark = IncidentMark(
        kind: kind, by: actor.name, happened: try past(time, now), recorded: now, note: note)
      incident.marks.append(mark)
      return (.mark, "\(kind.rawValue) \(mark.happened.text): \(note)")
    default: throw ActRefusal("this is no word on an incident", "不能这样登记")
    }
  }

  // MARK: what texts must be

  package static func need(_ text: String, _ noun: BilingualText) throws(ActRefusal) {
    guard !text.allSatisfy(\.isWhitespace) else { throw ActRefusal("it wants \(noun.en)", "须填写\(noun.zh)") }
    try limit(text)
  }

  private static func limit(_ text: String) throws(ActRefusal) {
    guard text.count <= textLimit else {
      throw ActRefusal(
        "the text has \(text.count) characters, at most \(textLimit) are kept",
        "内容有 \(text.count) 个字符，最多保留 \(textLimit) 个")
    }
  }

  private static func name(_ person: String) throws(ActRefusal) -> String {
    guard !person.isEmpty, person.count <= 64, !person.contains(where: \.isWhitespace) else {
      throw ActRefusal("a person is named by 1 to 64 characters without a space", "人员名须为 1 至 64 个字符，不含空格")
    }
    return person
  }

  /// What has happened cannot lie ahead.
  private static func past(_ time: Timestamp?, _ now: Timestamp) throws(ActRefusal) -> Timestamp {
    let time = time ?? now
    guard time <= now else { throw ActRefusal("\(time.text) has not come yet", "\(time.text) 尚未到来") }
    return time
  }

  private static func named(_ rows: [Int64], _ sites: [String]) throws(ActRefusal) -> String {
    guard !rows.isEmpty || !sites.isEmpty else {
      throw ActRefusal("it names no row and no site", "未指明行或站点")
    }
    return (rows.map { "row \($0)" } + sites.map { "site \($0)" }).joined(separator: ", ")
  }
}

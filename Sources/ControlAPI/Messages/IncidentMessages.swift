package import Records
package import Wire

/// An incident with what a list shows of it.
package struct IncidentItem: Codable, Sendable, Hashable, Identifiable {
  package var incident: Incident
  /// In an answer at most `sitesShown`; `siteCount` is of all.
  package var sites: [String]
  package var siteCount: Int
  package var proposal: LevelProposal
  package var clocks: [IncidentClock]
  package static let sitesShown = 20

  package init(incident: Incident, sites: [String], proposal: LevelProposal, clocks: [IncidentClock]) {
    self.incident = incident
    self.sites = sites
    siteCount = sites.count
    self.proposal = proposal
    self.clocks = clocks
  }
  package var id: String { incident.id }
  /// As it is answered.
  package var shortened: IncidentItem {
    var item = self
    item.sites = Array(sites.prefix(IncidentItem.sitesShown))
    return item
  }
  package var isOverdue: Bool { incident.isOpen && clocks.contains { $0.state == .overdue } }
  /// The next that falls due; an overdue one before all.
  package var due: Timestamp? {
    incident.isOpen ? clocks.filter { $0.state == .running || $0.state == .overdue }.compactMap(\.due).min() : nil
  }
}

package struct IncidentDetail: Codable, Sendable {
  package var item: IncidentItem
  package var sites: [String]
  package var rows: [IncidentRow]
  /// In order, the newest 500.
  package var log: [IncidentLine]
  package init(item: IncidentItem, sites: [String], rows: [IncidentRow], log: [IncidentLine]) {
    self.item = item
    self.sites = sites
    self.rows = rows
    self.log = log
  }
}

/// A case that a row may join, with why it is offered.
package struct IncidentOffer: Codable, Sendable, Hashable {
  package enum Reason: String, Codable, Sendable, CaseIterable {
    case sameSite, sameSource, sameTechnique
    package var title: BilingualText {
      switch self {
      case .sameSite: BilingualText(en: "same site", zh: "同一网站")
      case .sameSource: BilingualText(en: "same source", zh: "同一来源")
      case .sameTechnique: BilingualText(en: "same technique", zh: "同一手法")
      }
    }
  }
  package var incident: Incident
  /// Empty: it is only open.
  package var reasons: [Reason]
  package init(incident: Incident, reasons: [Reason]) {
    self.incident = incident
    self.reasons = reasons
  }
}

package struct OffersRequest: APIRequest, Equatable {
  package var row: Int64
  package init(row: Int64) { self.row = row }
  package static var queryNames: [String] { ["row"] }
  package var query: [(name: String, value: String)] { [("row", "\(row)")] }
  package init(query: [String: String]) throws(APIProblem) {
    guard let row = query["row"].flatMap({ Int64($0) }) else {
      throw APIProblem(.badRequest, "offers want the number of a row")
    }
    self.init(row: row)
  }
}

/// Opens a case.
package struct IncidentOpening: APIRequest, Equatable {
  /// Nil: that of its first row.
  package var title: String?
  package var kind: IncidentKind?
  package var rows: [Int64]?
  package var sites: [String]?
  package var isDrill: Bool?
  package init(
    title: String? = nil, kind: IncidentKind? = nil, rows: [Int64]? = nil, sites: [String]? = nil,
    isDrill: Bool? = nil
  ) {
    self.title = title
    self.kind = kind
    self.rows = rows
    self.sites = sites
    self.isDrill = isDrill
  }
}

/// What an analyst does to a case. What each act wants is said where it is missing.
package struct IncidentActRequest: APIRequest, Equatable {
  package enum Act: String, Codable, Sendable, CaseIterable {
    case join, remove, contain, recover, awareness, fact, mark, addMember, removeMember, kind, `operator`, log, comment
  }
  package var act: Act
  package var rows: [Int64]?
  package var sites: [String]?
  /// Reason, proof, basis, note or line, as the act has it.
  package var text: String?
  /// When it happened; nil: now.
  package var at: Timestamp?
  package var measure: IncidentMeasure?
  package var value: Double?
  package var mark: IncidentMark.Kind?
  package var person: String?
  package var kind: IncidentKind?
  package var operatorKind: OperatorKind?
  package static let mostRows = 1000

  package init(
    _ act: Act, rows: [Int64]? = nil, sites: [String]? = nil, text: String? = nil, at: Timestamp? = nil,
    measure: IncidentMeasure? = nil, value: Double? = nil, mark: IncidentMark.Kind? = nil, person: String? = nil,
    kind: IncidentKind? = nil, operatorKind: OperatorKind? = nil
  ) {
    self.act = act
    self.rows = rows
    self.sites = sites
    self.text = text
    self.at = at
    self.measure = measure
    self.value = value
    self.mark = mark
    self.person = person
    self.kind = kind
    self.operatorKind = operatorKind
  }

  package func incidentAct() throws(APIProblem) -> IncidentAct {
    let text = text ?? ""
    switch act {
    case .join: return .join(rows: try named.rows, sites: try named.sites)
    case .remove: return .remove(rows: try named.rows, sites: try named.sites, reason: text)
    case .contain: return .step(.contained, proof: text, at: at)
    case .recover: return .step(.recovered, proof: text, at: at)
    case .awareness: return .recordAwareness(try wanted(at, "a time"), reason: text)
    case .fact: return .stateFact(try wanted(measure, "a measure"), try wanted(value, "a value"), basis: text)
    case .mark: return .mark(try wanted(mark, "what was done"), note: text, at: at)
    case .addMember: return .addMember(try wanted(person, "a person"))
    case .removeMember: return .removeMember(try wanted(person, "a person"))
    case .kind: return .setKind(try wanted(kind, "a kind"))
    case .operator: return .setOperator(try wanted(operatorKind, "the kind of operator"))
    case .log: return .log(text)
    case .comment: return .comment(text)
    }
  }

  private var named: (rows: [Int64], sites: [String]) {
    get throws(APIProblem) {
      let (rows, sites) = (rows ?? [], sites ?? [])
      guard (1...IncidentActRequest.mostRows).contains(rows.count + sites.count) else {
        throw APIProblem(
          .badRequest, "it wants 1 to \(IncidentActRequest.mostRows) rows and sites, not \(rows.count + sites.count)")
      }
      return (rows, sites)
    }
  }

  private func wanted<T>(_ value: T?, _ noun: String) throws(APIProblem) -> T {
    guard let value else { throw APIProblem(.badRequest, "\(act.rawValue) wants \(noun)") }
    return value
  }
}

/// What a lead decides about a case.
package struct IncidentDecision: APIRequest, Equatable {
  package enum Act: String, Codable, Sendable, CaseIterable { case level, lead, close, reopen }
  package var act: Act
  package var level: IncidentLevel?
  package var person: String?
  /// The reason; of a closure the proof.
  package var text: String?
  package init(_ act: Act, level: IncidentLevel? = nil, person: String? = nil, text: String? = nil) {
    self.act = act
    self.level = level
    self.person = person
    self.text = text
  }

  package func incidentAct() throws(APIProblem) -> IncidentAct {
    switch act {
    case .level:
      guard let level else { throw APIProblem(.badRequest, "level wants a level", hint: "I, II, III or IV") }
      return .setLevel(level, reason: text ?? "")
    case .lead:
      guard let person else { throw APIProblem(.badRequest, "lead wants a person") }
      return .setLead(person)
    case .close: return .step(.closed, proof: text ?? "", at: nil)
    case .reopen: return .reopen(reason: text ?? "")
    }
  }
}

/// Of incidents that are no drills.
package struct IncidentCounts: Codable, Sendable, Equatable {
  package var open: Int
  /// Of open ones, by level as set, I first; those without one are in none.
  package var byLevel: [Int]
  package var overdue: Int
  /// Open drills, apart.
  package var drills: Int
  package init(open: Int = 0, byLevel: [Int] = [0, 0, 0, 0], overdue: Int = 0, drills: Int = 0) {
    self.open = open
    self.byLevel = byLevel
    self.overdue = overdue
    self.drills = drills
  }
}

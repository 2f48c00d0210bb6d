import ControlAPI
import Records

/// What details are drawn from.
extension Question {
  static func row(_ id: Int64) -> Question { Question(API.queueRow, id: String(id), Nothing()) }
  static func site(_ id: String) -> Question { Question(API.site, id: id, Nothing()) }
  static func trail(_ site: String) -> Question { Question(API.trail, id: site, Nothing()) }
  static func posture(_ scope: String) -> Question { Question(API.posture, PostureRequest(scope: scope)) }
  static func situation(of organisation: String) -> Question {
    Question(API.organisationSituation, id: organisation, SituationRequest())
  }
  /// Open cases that the row may join.
  static func offers(for row: Int64) -> Question { Question(API.incidentOffers, OffersRequest(row: row)) }
  static func incident(_ id: String) -> Question { Question(API.incident, id: id, Nothing()) }
  static func notice(_ id: Int64) -> Question { Question(API.notice, id: String(id), Nothing()) }
  static let shifts = Question(API.shifts, DutyListRequest(limit: 100))
  static let organisations = Question(API.organisations, Nothing())
  static let contacts = Question(API.contacts, Nothing())
  /// What a score is made of: it changes with the rules only.
  static let indicators = Question(API.indicators, Nothing())

  /// Other rows of the same rule or weakness, also those that were closed: what was decided on them.
  static func similar(to row: QueueRow) -> Question {
    let states = TriageState.allCases.map(\.rawValue).joined(separator: ",")
    let filter = "check:\(quoted(row.check)) state:\(states) -id:\(row.id)"
    return Question(API.queue, ListRequest(filter: filter, sort: ["-last"], limit: 10))
  }
  static func sites(of organisation: String) -> Question {
    Question(API.sites, ListRequest(filter: "organisation:\(quoted(organisation))", limit: 50))
  }
  static func notices(to organisation: String) -> Question {
    Question(API.notices, ListRequest(filter: "organisation:\(quoted(organisation)) open:true", limit: 50))
  }

  /// As the filter language reads it back, whatever stands in it.
  static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

extension Model {
  /// What the hub last said to a question, where it is of that type.
  func answer<T>(_ question: Question, _: T.Type = T.self) -> T? { answers[question]?.value as? T }

  /// The row that is open, or whose alert is.
  var row: QueueDetail? {
    switch place {
    case .row(let id), .alert(row: let id, _): answer(.row(id))
    default: nil
    }
  }

  /// The question that a place stands and falls with; nil of a screen.
  func question(of place: Place) -> Question? {
    switch place {
    case .row(let id), .alert(row: let id, _): .row(id)
    case .site(let id): .site(id)
    case .organisation: .organisations
    case .incident(let id): .incident(id)
    case .notice(let id): .notice(id)
    case .shift: .shifts
    case .screen, .help: nil
    }
  }

  /// What the open detail asks, the most needed first.
  var detailWants: [Want] {
    guard let main = question(of: place) else { return [] }
    return [Want(question: main, every: 3, isStirred: true)] + besides
  }

  private var besides: [Want] {
    func slow(_ question: Question, _ seconds: Double = 30) -> Want {
      Want(question: question, every: seconds, isStirred: false)
    }
    switch place {
    case .row:
      guard let row = row?.item.row else { return [] }
      let site = row.site.map { [slow(.site($0))] } ?? []
      let offers = row.incident == nil ? [slow(.offers(for: row.id))] : []
      return site + [slow(.similar(to: row))] + offers + [slow(.indicators, 3600)]
    case .site(let id): return [slow(.posture("site/\(id)")), slow(.trail(id))]
    case .organisation(let id):
      return [
        slow(.posture("organisation/\(id)")), slow(.situation(of: id)), slow(.sites(of: id)), slow(.notices(to: id)),
        slow(.contacts),
      ]
    case .alert, .incident, .notice, .shift, .screen, .help: return []
    }
  }
}

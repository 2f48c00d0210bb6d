package import Records
package import Wire

/// Of every list.
package struct ListRequest: APIRequest, Equatable {
  package var filter: String
  /// Column names, a leading `-` for the largest first; empty is the list's own order.
  package var sort: [String]
  package var limit: Int
  /// Rows are skipped one by one: for a deep page give `after`.
  package var offset: Int
  /// A page's `next`.
  package var after: String?

  package static let longestPage = 1000
  package static let usualPage = 100

  package init(
    filter: String = "", sort: [String] = [], limit: Int = usualPage, offset: Int = 0, after: String? = nil
  ) {
    self.filter = filter
    self.sort = sort
    self.limit = limit
    self.offset = offset
    self.after = after
  }

  package static var queryNames: [String] { ["filter", "sort", "limit", "offset", "after"] }
  package var query: [(name: String, value: String)] {
    var result: [(name: String, value: String)] = [("limit", String(limit))]
    if !filter.isEmpty { result.append(("filter", filter)) }
    if !sort.isEmpty { result.append(("sort", sort.joined(separator: ","))) }
    if offset > 0 { result.append(("offset", String(offset))) }
    if let after { result.append(("after", after)) }
    return result
  }
  package init(query: [String: String]) throws(APIProblem) {
    func number(_ name: String, _ usual: Int, _ range: ClosedRange<Int>) throws(APIProblem) -> Int {
      guard let text = query[name] else { return usual }
      guard let value = Int(text), range.contains(value) else {
        throw APIProblem(.badRequest, "\(name) is \(text.prefix(32)), not \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    self.init(
      filter: query["filter"] ?? "", sort: (query["sort"] ?? "").split(separator: ",").map(String.init),
      limit: try number("limit", ListRequest.usualPage, 1...ListRequest.longestPage),
      offset: try number("offset", 0, 0...1_000_000), after: query["after"])
  }
}

/// Rows of the queue by what they have in common.
package struct GroupRequest: APIRequest, Equatable {
  package enum By: String, Codable, Sendable, CaseIterable { case rule, site, organisation, who, severity, state, wing }
  package var by: By
  package var filter: String
  package var limit: Int
  package init(by: By = .rule, filter: String = "", limit: Int = ListRequest.usualPage) {
    self.by = by
    self.filter = filter
    self.limit = limit
  }
  package static var queryNames: [String] { ["by", "filter", "limit"] }
  package var query: [(name: String, value: String)] {
    [("by", by.rawValue), ("limit", String(limit))] + (filter.isEmpty ? [] : [("filter", filter)])
  }
  package init(query: [String: String]) throws(APIProblem) {
    guard let by = By(rawValue: query["by"] ?? By.rule.rawValue) else {
      throw APIProblem(
        .badRequest, "the queue cannot be grouped by \((query["by"] ?? "").prefix(64))",
        hint: "one of \(By.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let list = try ListRequest(query: query.filter { $0.key == "limit" || $0.key == "filter" })
    self.init(by: by, filter: list.filter, limit: list.limit)
  }
}

package struct StreamRequest: APIRequest, Equatable {
  /// The cursor of the last item seen, or a time (`10m`, `2026-11-22T03:00:00Z`); nil: from now on.
  package var since: String?
  /// Of the queue's fields; items that have no row pass only the empty filter.
  package var filter: String
  /// Of what was there before the stream began: the newest so many alerts and rows; nil: all behind `since`.
  package var most: Int?
  package init(since: String? = nil, filter: String = "", most: Int? = nil) {
    self.since = since
    self.filter = filter
    self.most = most
  }
  package static var queryNames: [String] { ["since", "filter", "most"] }
  package var query: [(name: String, value: String)] {
    (since.map { [("since", $0)] } ?? []) + (filter.isEmpty ? [] : [("filter", filter)])
      + (most.map { [("most", "\($0)")] } ?? [])
  }
  package init(query: [String: String]) throws(APIProblem) {
    let most = query["most"]
    let count = most.flatMap { Int($0) }
    guard most == nil || (count ?? -1) >= 0 else {
      throw APIProblem(.badRequest, "most is \"\((most ?? "").prefix(20))\", not a number", hint: "for example 500")
    }
    self.init(since: query["since"], filter: query["filter"] ?? "", most: count)
  }
}

/// Every row that a list shows, not only those of its page.
package struct ActQuery: Codable, Sendable, Equatable {
  package var filter: String
  /// The page's: rows that came later are left as they are. Nil: whatever matches now.
  package var asOf: Int64?
  package init(filter: String, asOf: Int64? = nil) {
    self.filter = filter
    self.asOf = asOf
  }
}

/// One act on rows of the queue; all are tried, each by itself. The rows are named by their numbers, or by a query; an
/// undo may name the bulk act that it takes back.
package struct ActRequest: APIRequest, Equatable {
  package enum Act: String, Codable, Sendable, CaseIterable {
    case acknowledge, escalate, close, shelve, assign, comment, judge, undo
  }
  package var ids: [Int64]
  package var query: ActQuery?
  /// Of `undo`: an `ActReport`'s.
  package var bulk: Int64?
  package var act: Act
  /// Of `close`.
  package var verdict: Verdict?
  /// Of `shelve`.
  package var until: Timestamp?
  /// Of `assign`; nil takes the row from whoever has it.
  package var assignee: String?
  /// Of `judge`, with the reason why.
  package var outcome: Outcome?
  package var reason: String?
  /// Of `comment`, where it is required, and kept beside any other act.
  package var comment: String?
  /// Of `escalate`: `new`, or the number of the open incident that the rows join.
  package var incident: String?

  package static let mostRows = 10_000
  package static let longestComment = 4000

  package init(
    ids: [Int64] = [], query: ActQuery? = nil, bulk: Int64? = nil, act: Act, verdict: Verdict? = nil,
    until: Timestamp? = nil, assignee: String? = nil, comment: String? = nil, incident: String? = nil,
    outcome: Outcome? = nil, reason: String? = nil
  ) {
    self.incident = incident
    self.outcome = outcome
    self.reason = reason
    self.ids = ids
    self.query = query
    self.bulk = bulk
    self.act = act
    self.verdict = verdict
    self.until = until
    self.assignee = assignee
    self.comment = comment
  }

  /// The acts to do on each row, in order.
  package func acts() throws(APIProblem) -> [QueueAct] {
    try checkRows()
    if let comment, comment.isEmpty || comment.count > ActRequest.longestComment {
      throw APIProblem(.badRequest, "a comment has 1 to \(ActRequest.longestComment) characters, not \(comment.count)")
    }
    let remark = comment.map { [QueueAct.comment($0)] } ?? []
    if incident != nil, act != .escalate {
      throw APIProblem(.badRequest, "only escalating opens or joins an incident")
    }
    switch act {
    case .acknowledge: return [.acknowledge] + remark
    case .escalate: return [.escalate] + remark
    case .close:
      guard let verdict else {
        throw APIProblem(
          .badRequest, "closing wants a verdict",
          hint: "one of \(Verdict.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return [.close(verdict)] + remark
    case .shelve:
      guard let until else { throw APIProblem(.badRequest, "shelving wants a time until when", hint: "for example 2h") }
      return [.shelve(until: until)] + remark
    case .assign: return [.assign(assignee)] + remark
    case .comment:
      guard !remark.isEmpty else { throw APIProblem(.badRequest, "a comment wants a text") }
      return remark
    case .judge:
      guard let outcome, let reason, !reason.isEmpty else {
        throw APIProblem(
          .badRequest, "judging wants an outcome and a reason",
          hint: "the outcome is one of \(Outcome.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return [.judge(outcome, reason: reason)] + remark
    case .undo: return [.undo]
    }
  }

  private func checkRows() throws(APIProblem) {
    if bulk != nil {
      guard act == .undo, ids.isEmpty, query == nil else {
        throw APIProblem(.badRequest, "only an undo is of a bulk act, and it names no rows besides")
      }
    } else if query != nil {
      guard ids.isEmpty else { throw APIProblem(.badRequest, "an act is on rows by number or on a query, not on both") }
    } else if !(1...ActRequest.mostRows).contains(ids.count) {
      throw APIProblem(.badRequest, "an act is on 1 to \(ActRequest.mostRows) rows, not \(ids.count)")
    }
  }
}

extension ActRequest {
  /// `ids` may be left out where a query or a bulk act is named.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      ids: try values.decodeIfPresent([Int64].self, forKey: .ids) ?? [],
      query: try values.decodeIfPresent(ActQuery.self, forKey: .query),
      bulk: try values.decodeIfPresent(Int64.self, forKey: .bulk), act: try values.decode(Act.self, forKey: .act),
      verdict: try values.decodeIfPresent(Verdict.self, forKey: .verdict),
      until: try values.decodeIfPresent(Timestamp.self, forKey: .until),
      assignee: try values.decodeIfPresent(String.self, forKey: .assignee),
      comment: try values.decodeIfPresent(String.self, forKey: .comment),
      incident: try values.decodeIfPresent(String.self, forKey: .incident),
      outcome: try values.decodeIfPresent(Outcome.self, forKey: .outcome),
      reason: try values.decodeIfPresent(String.self, forKey: .reason))
  }
}

/// Which sites; none named is all.
package struct ScanRequest: APIRequest, Equatable {
  package var sites: [String]
  package var engines: [String]
  /// Who means more names none.
  package static let mostSites = 10_000
  package static let mostEngines = 100
  package init(sites: [String] = [], engines: [String] = []) {
    self.sites = sites
    self.engines = engines
  }

  /// Each name once, in order: one that comes a thousand times is one site's work.
  package func once() throws(APIProblem) -> ScanRequest {
    let request = ScanRequest(sites: sites.once, engines: engines.once)
    guard request.sites.count <= ScanRequest.mostSites, request.engines.count <= ScanRequest.mostEngines else {
      throw APIProblem(
        .badRequest, "at most \(ScanRequest.mostSites) sites and \(ScanRequest.mostEngines) engines are named",
        hint: "where none is named all are meant")
    }
    return request
  }
}

extension Array where Element: Hashable {
  /// Each element where it comes first.
  package var once: [Element] {
    var known = Set<Element>()
    return filter { known.insert($0).inserted }
  }
}

/// The engines whose changes are accepted; none named is all that know the site.
package struct AcceptRequest: APIRequest, Equatable {
  package var engines: [String]
  package init(engines: [String] = []) { self.engines = engines }
}

package struct GuardRequest: APIRequest, Equatable {
  package var period: GuardPeriod
  package init(period: GuardPeriod) { self.period = period }
}

package struct GuardEnd: APIRequest, Equatable {
  package var id: String
  package init(id: String) { self.id = id }
}

/// By whose word an operator scans what the inventory does not know.
package struct ScanNote: APIRequest, Equatable {
  package var authorisedBy: String
  package var targets: [String]
  package init(authorisedBy: String, targets: [String]) {
    self.authorisedBy = authorisedBy
    self.targets = targets
  }
}

package struct BackupRequest: APIRequest, Equatable {
  /// Absolute; it must not exist.
  package var path: String
  package init(path: String) { self.path = path }
}

package import Records
package import Wire

/// Of every list.
package struct ListRequest: APIRequest, Equatable {
  package var filter: String
  /// Column names, a leading `-` for the largest first; empty is the list's own order.
  package var sort: [String]
  package var limit: Int
  package var offset: Int

  package static let longestPage = 1000
  package static let usualPage = 100

  package init(filter: String = "", sort: [String] = [], limit: Int = usualPage, offset: Int = 0) {
    self.filter = filter
    self.sort = sort
    self.limit = limit
    self.offset = offset
  }

  package static var queryNames: [String] { ["filter", "sort", "limit", "offset"] }
  package var query: [(name: String, value: String)] {
    var result: [(name: String, value: String)] = [("limit", String(limit))]
    if !filter.isEmpty { result.append(("filter", filter)) }
    if !sort.isEmpty { result.append(("sort", sort.joined(separator: ","))) }
    if offset > 0 { result.append(("offset", String(offset))) }
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
      offset: try number("offset", 0, 0...10_000_000))
  }
}

package struct StreamRequest: APIRequest, Equatable {
  /// The cursor of the last item seen, or a time (`10m`, `2026-11-22T03:00:00Z`); nil: from now on.
  package var since: String?
  /// Of the queue's fields; items that have no row pass only the empty filter.
  package var filter: String
  package init(since: String? = nil, filter: String = "") {
    self.since = since
    self.filter = filter
  }
  package static var queryNames: [String] { ["since", "filter"] }
  package var query: [(name: String, value: String)] {
    (since.map { [("since", $0)] } ?? []) + (filter.isEmpty ? [] : [("filter", filter)])
  }
  package init(query: [String: String]) throws(APIProblem) {
    self.init(since: query["since"], filter: query["filter"] ?? "")
  }
}

/// One act on rows of the queue; all are tried, each by itself.
package struct ActRequest: APIRequest, Equatable {
  package enum Act: String, Codable, Sendable, CaseIterable {
    case acknowledge, escalate, close, shelve, assign, comment, judge, undo
  }
  package var ids: [Int64]
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

  package static let mostRows = 1000
  package static let longestComment = 4000

  package init(
    ids: [Int64], act: Act, verdict: Verdict? = nil, until: Timestamp? = nil, assignee: String? = nil,
    comment: String? = nil, incident: String? = nil, outcome: Outcome? = nil, reason: String? = nil
  ) {
    self.incident = incident
    self.outcome = outcome
    self.reason = reason
    self.ids = ids
    self.act = act
    self.verdict = verdict
    self.until = until
    self.assignee = assignee
    self.comment = comment
  }

  /// The acts to do on each row, in order.
  package func acts() throws(APIProblem) -> [QueueAct] {
    guard (1...ActRequest.mostRows).contains(ids.count) else {
      throw APIProblem(.badRequest, "an act is on 1 to \(ActRequest.mostRows) rows, not \(ids.count)")
    }
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
}

/// Which sites; none named is all.
package struct ScanRequest: APIRequest, Equatable {
  package var sites: [String]
  package var engines: [String]
  package init(sites: [String] = [], engines: [String] = []) {
    self.sites = sites
    self.engines = engines
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

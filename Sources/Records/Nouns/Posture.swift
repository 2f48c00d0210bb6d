/// A site's score with what explains it: a hundred points less one deduction for each indicator that is weak.
package struct SitePosture: Codable, Sendable, Hashable {
  package struct Deduction: Codable, Sendable, Hashable {
    package var indicator: String
    package var title: BilingualText
    package var points: Int
    package var severity: Severity
    /// Rows of the queue that show it.
    package var rows: [Int64]
    package init(indicator: String, title: BilingualText, points: Int, severity: Severity, rows: [Int64]) {
      self.indicator = indicator
      self.title = title
      self.points = points
      self.severity = severity
      self.rows = rows
    }
  }
  package var site: String
  /// 0-100; nil while no engine has tested it.
  package var score: Int?
  /// The costliest first; together with a floor at nought they are the score.
  package var deductions: [Deduction]

  package init(site: String, score: Int?, deductions: [Deduction]) {
    self.site = site
    self.score = score
    self.deductions = deductions
  }

  /// The score of a dimension or class (by id): what the deductions below it leave.
  package func score(below node: String) -> Int? {
    guard score != nil else { return nil }
    return max(0, 100 - deductions.reduce(0) { $1.indicator.hasPrefix(node + ".") ? $0 + $1.points : $0 })
  }
}

/// The mean of many sites, each counted by its criticality.
package struct MeanPosture: Codable, Sendable, Hashable {
  /// Nil where none of the sites was tested.
  package var score: Int?
  package var sites: Int
  package var tested: Int
  /// Of dimensions, in the tree's order; nil as `score` is.
  package var dimensions: [NodeScore]
  /// Hostings whose own picture is in the scores; nil: none.
  package var platforms: Int?

  package struct NodeScore: Codable, Sendable, Hashable {
    package var id: String
    package var score: Int?
    package init(id: String, score: Int?) {
      self.id = id
      self.score = score
    }
  }

  package init(score: Int?, sites: Int, tested: Int, dimensions: [NodeScore], platforms: Int? = nil) {
    self.platforms = platforms
    self.score = score
    self.sites = sites
    self.tested = tested
    self.dimensions = dimensions
  }
}

/// Scores at the end of one day, of the city, of every organisation and of every site.
package struct PostureDay: Codable, Sendable, Hashable, Identifiable {
  /// Days since 1970-01-01, in the watch's own time.
  package var day: Int64
  /// Of the indicators and weights that made it: days of one digest can be compared.
  package var tree: String
  package var city: MeanPosture
  package var organisations: [String: MeanPosture]
  package var sites: [String: Int]
  package var id: Int64 { day }

  package init(
    day: Int64, tree: String, city: MeanPosture, organisations: [String: MeanPosture] = [:], sites: [String: Int] = [:]
  ) {
    self.day = day
    self.tree = tree
    self.city = city
    self.organisations = organisations
    self.sites = sites
  }
}

/// One organisation's place among all.
package struct RankingLine: Codable, Sendable, Hashable, Identifiable {
  /// From 1; 0 where none of its sites was tested.
  package var place: Int
  package var organisation: String
  package var posture: MeanPosture
  /// Findings that were open when the period began, or opened in it.
  package var found: Int
  /// Of those, seen to be gone in it. Accepted ones and false positives are in neither number.
  package var verified: Int
  /// What the organisation did about it, and how those who were served found that; nil in an answer of an older hub.
  package var duty: LoopLine?
  package var id: String { organisation }
  /// 0-100; nil where there was nothing to close.
  package var closureRate: Int? { RankingLine.rate(verified, of: found) }

  package init(
    place: Int, organisation: String, posture: MeanPosture, found: Int, verified: Int, duty: LoopLine? = nil
  ) {
    self.place = place
    self.organisation = organisation
    self.posture = posture
    self.found = found
    self.verified = verified
    self.duty = duty
  }

  /// Rounded to the nearest whole; nil of nothing.
  static func rate(_ part: Int, of whole: Int) -> Int? { whole > 0 ? (200 * part + whole) / (2 * whole) : nil }
}

/// What the closed loop adds to the score: closure (in the line itself), closure in time, satisfaction.
package struct LoopLine: Codable, Sendable, Hashable {
  /// From 1 by the three numbers; 0 where there is none of them.
  package var place: Int
  /// Findings with a deadline that were closed in the period, or whose deadline passed in it.
  package var owed: Int
  /// Of those, gone by their deadline.
  package var onTime: Int
  /// Answers by those who were served, and how many of them were satisfied or mostly so.
  package var rated: Int
  package var satisfied: Int
  /// Asked, and nothing came: in neither number, and shown beside them.
  package var unanswered: Int
  /// Findings that people took out of the count, with the reasons.
  package var excluded: [Exclusion]

  package struct Exclusion: Codable, Sendable, Hashable {
    package var row: Int64
    package var by: String
    package var reason: String
    package init(row: Int64, by: String, reason: String) {
      self.row = row
      self.by = by
      self.reason = reason
    }
  }
  package init(
    place: Int = 0, owed: Int = 0, onTime: Int = 0, rated: Int = 0, satisfied: Int = 0, unanswered: Int = 0,
    excluded: [Exclusion] = []
  ) {
    self.place = place
    self.owed = owed
    self.onTime = onTime
    self.rated = rated
    self.satisfied = satisfied
    self.unanswered = unanswered
    self.excluded = excluded
  }
  package var onTimeRate: Int? { RankingLine.rate(onTime, of: owed) }
  package var satisfaction: Int? { RankingLine.rate(satisfied, of: rated) }
  /// The share of those asked who did not answer.
  package var silence: Int? { RankingLine.rate(unanswered, of: rated + unanswered) }
}

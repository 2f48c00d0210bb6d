package import Records
package import Wire

/// The score of the city, of an organisation or of a site, with what explains it.
package struct PostureReport: Codable, Sendable, Equatable {
  /// `city`, `organisation/ID` or `site/ID`.
  package var scope: String
  package var title: BilingualText
  package var time: Timestamp
  package var mean: MeanPosture
  package var dimensions: [PostureDimension]
  /// What costs most, over all sites of the scope: the indicator's points times its sites.
  package var deductions: [SharedDeduction]
  /// The worst sites first, at most `siteLimit`.
  package var sites: [SitePosture]
  /// Scores at the ends of the last days, the oldest first.
  package var days: [PostureScoreDay]
  /// Hostings with weaknesses of their own, under `platform:ID`: those that the scope answers for; of a site, the one
  /// that it shares, which takes no points from it.
  package var platforms: [SitePosture]
  package static let siteLimit = 20

  package init(
    scope: String, title: BilingualText, time: Timestamp, mean: MeanPosture, dimensions: [PostureDimension],
    deductions: [SharedDeduction], sites: [SitePosture], days: [PostureScoreDay],
    platforms: [SitePosture] = []
  ) {
    self.scope = scope
    self.title = title
    self.time = time
    self.mean = mean
    self.dimensions = dimensions
    self.deductions = deductions
    self.sites = sites
    self.days = days
    self.platforms = platforms
  }
}

package struct PostureDimension: Codable, Sendable, Equatable {
  package var id: String
  package var title: BilingualText
  package var score: Int?
  /// Its classes in the tree's order; nil from an older hub.
  package var classes: [PostureClass]?
  package init(id: String, title: BilingualText, score: Int?, classes: [PostureClass]? = nil) {
    self.id = id
    self.title = title
    self.score = score
    self.classes = classes
  }
}

package struct PostureClass: Codable, Sendable, Equatable {
  /// `dimension.class`.
  package var id: String
  package var title: BilingualText
  package init(id: String, title: BilingualText) {
    self.id = id
    self.title = title
  }
}

package struct SharedDeduction: Codable, Sendable, Equatable {
  package var indicator: String
  package var title: BilingualText
  package var points: Int
  package var sites: Int
  package var remedy: BilingualText
  package init(indicator: String, title: BilingualText, points: Int, sites: Int, remedy: BilingualText) {
    self.indicator = indicator
    self.title = title
    self.points = points
    self.sites = sites
    self.remedy = remedy
  }
}

package struct PostureScoreDay: Codable, Sendable, Equatable {
  /// `2026-11-25`, in the watch's own time.
  package var day: String
  package var score: Int?
  package init(day: String, score: Int?) {
    self.day = day
    self.score = score
  }
}

/// Whose posture, and how many days back.
package struct PostureRequest: APIRequest, Equatable {
  /// `city`, `organisation/ID` or `site/ID`.
  package var scope: String
  package var days: Int
  package static let longest = 400

  package init(scope: String = "city", days: Int = 30) {
    self.scope = scope
    self.days = days
  }
  package static var queryNames: [String] { ["scope", "days"] }
  package var query: [(name: String, value: String)] { [("scope", scope), ("days", String(days))] }
  package init(query: [String: String]) throws(APIProblem) {
    let days = query["days"].map { Int($0) } ?? 30
    guard let days, (1...PostureRequest.longest).contains(days) else {
      throw APIProblem(.badRequest, "days is not 1 to \(PostureRequest.longest)")
    }
    self.init(scope: query["scope"] ?? "city", days: days)
  }
}

package struct RankingReport: Codable, Sendable, Equatable {
  package var from: Timestamp
  package var until: Timestamp
  package var lines: [NamedLine]
  package struct NamedLine: Codable, Sendable, Equatable {
    package var name: BilingualText
    package var line: RankingLine
    package init(name: BilingualText, line: RankingLine) {
      self.name = name
      self.line = line
    }
  }
  package init(from: Timestamp, until: Timestamp, lines: [NamedLine]) {
    self.from = from
    self.until = until
    self.lines = lines
  }
}

/// What came of computing every kept day again from the log.
package struct PostureCheck: Codable, Sendable, Equatable {
  package var lines: Int
  package var same: Int
  /// Days whose table came out otherwise: never, unless the store was changed by hand.
  package var different: [String]
  /// Days that another tree of indicators made; they cannot be compared.
  package var otherTree: Int
  /// The same of the rankings kept at each month's end; nil in an answer of an older hub.
  package var rankings: Rankings?

  package struct Rankings: Codable, Sendable, Equatable {
    package var same: Int
    /// `2026-03`.
    package var different: [String]
    package var otherTree: Int
    package init(same: Int, different: [String], otherTree: Int) {
      self.same = same
      self.different = different
      self.otherTree = otherTree
    }
  }

  package init(lines: Int, same: Int, different: [String], otherTree: Int) {
    self.lines = lines
    self.same = same
    self.different = different
    self.otherTree = otherTree
  }
}

package import Records
package import Wire

/// A weakness with all that its engines say.
package struct FindingItem: Codable, Sendable, Hashable, Identifiable {
  package var finding: Finding
  package var confidence: Int
  /// One engine says *yes* and another *no*, at one place at least.
  package var disagrees: Bool
  /// Where it shows, at most `sitesShown`; `finding.showing` counts all.
  package var sites: [String]
  package static let sitesShown = 20

  package init(finding: Finding) {
    self.finding = finding
    confidence = finding.confidence
    disagrees = finding.disagrees
    sites = FindingItem.sites(of: finding)
  }
  package var id: Int64 { finding.row.id }

  package static func sites(of finding: Finding) -> [String] {
    let showing = Set(finding.answers.filter { $0.holds == true }.map(\.place))
    return Array(showing.sorted().prefix(sitesShown))
  }
}

/// Between which moments, and of whom. Nothing named: all of the inventory.
package struct FindingDiffRequest: APIRequest, Equatable {
  /// A span before now (`2d`) or a moment.
  package var since: String
  /// Nil: now.
  package var until: String?
  package var site: String?
  /// With all below it.
  package var organisation: String?
  package var limit: Int

  package init(
    since: String, until: String? = nil, site: String? = nil, organisation: String? = nil,
    limit: Int = ListRequest.longestPage
  ) {
    self.since = since
    self.until = until
    self.site = site
    self.organisation = organisation
    self.limit = limit
  }

  package static var queryNames: [String] { ["since", "until", "site", "organisation", "limit"] }
  package var query: [(name: String, value: String)] {
    let named = [("until", until), ("site", site), ("organisation", organisation)]
    return [("since", since)] + named.compactMap { name, value in value.map { (name, $0) } } + [("limit", "\(limit)")]
  }
  package init(query: [String: String]) throws(APIProblem) {
    guard let since = query["since"] else {
      throw APIProblem(.badRequest, "a difference wants since", hint: "a span such as 2d, or a moment")
    }
    let limit = try ListRequest(query: query["limit"].map { ["limit": $0] } ?? ["limit": "1000"]).limit
    self.init(
      since: since, until: query["until"], site: query["site"], organisation: query["organisation"], limit: limit)
  }
}

/// Findings at two moments, side by side.
package struct FindingDiff: Codable, Sendable, Equatable {
  package struct Counts: Codable, Sendable, Equatable {
    package var new = 0
    package var back = 0
    package var changed = 0
    package var gone = 0
    /// There at both, and seen between, with the same evidence.
    package var same = 0
    /// There before, and nobody has seen since whether it still is: neither gone nor confirmed.
    package var notCovered = 0
    /// Taken off by people (accepted, a false positive), or told by another finding since its site moved.
    package var settled = 0
    /// Came after the first moment and was gone before the second.
    package var passing = 0
    package init() {}
  }

  package struct Line: Codable, Sendable, Equatable, Identifiable {
    package var id: Int64
    /// Nil for what is shown apart: not covered, or settled.
    package var change: FindingChange?
    /// Why nobody knows whether it is still there.
    package var notCovered: String?
    package var settled: FindingState?
    package var check: String
    package var title: BilingualText
    package var severity: Severity
    package var severityBefore: Severity?
    package var site: String?
    package var platform: String?
    package var evidence: String
    /// Of a finding that changed.
    package var evidenceBefore: String?
    package init(
      id: Int64, check: String, title: BilingualText, severity: Severity, site: String?, platform: String?,
      change: FindingChange? = nil, notCovered: String? = nil, settled: FindingState? = nil,
      severityBefore: Severity? = nil, evidence: String = "", evidenceBefore: String? = nil
    ) {
      self.id = id
      self.check = check
      self.title = title
      self.severity = severity
      self.site = site
      self.platform = platform
      self.change = change
      self.notCovered = notCovered
      self.settled = settled
      self.severityBefore = severityBefore
      self.evidence = evidence
      self.evidenceBefore = evidenceBefore
    }
  }

  package var since: Timestamp
  package var until: Timestamp
  /// The log begins after `since`: what was there before it counts as new.
  package var begins: Timestamp?
  package var counts: Counts
  /// Changes first, the worst first within each word; then what is shown apart. At most as many as asked for.
  package var lines: [Line]
  package init(since: Timestamp, until: Timestamp, begins: Timestamp?, counts: Counts, lines: [Line]) {
    self.since = since
    self.until = until
    self.begins = begins
    self.counts = counts
    self.lines = lines
  }
}

/// Measured precision with its interval, in percent; nil where the verdicts are too few.
package struct PrecisionLine: Codable, Sendable, Equatable {
  package var measured: MeasuredPrecision
  package var verdicts: Int
  package var low: Double?
  package var high: Double?
  /// The engine gives itself more than the interval has.
  package var isOverconfident: Bool
  package init(_ measured: MeasuredPrecision) {
    self.measured = measured
    verdicts = measured.verdicts
    low = measured.interval?.lowerBound
    high = measured.interval?.upperBound
    isOverconfident = measured.isOverconfident
  }
}

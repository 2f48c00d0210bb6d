package import Records
package import Wire

/// Everything that a report says, before it is said: the JSON form is this value as it is.
package struct ReportContents: Codable, Sendable, Equatable {
  package enum Kind: String, Codable, Sendable, CaseIterable { case city, organisation, site }

  package var kind: Kind
  /// Of the organisation or site.
  package var id: String?
  package var title: BilingualText
  package var city: String
  package var made: Timestamp
  /// Of the Vigil that made it.
  package var version: String
  package var period: ReportPeriod
  /// The first line of the posture log; nil: it has none yet.
  package var logBegan: Timestamp?

  /// As the log has it at the period's end.
  package var posture: MeanPosture
  /// At its beginning; nil where nothing was known then.
  package var scoreBefore: Int?
  package var dimensions: [Dimension]
  /// Every day of the period; one that is not kept has no score, which is not nought.
  package var days: [Day]
  package var deductions: [Deduction]
  package var severities: [SeverityCount]
  /// Of the city: organisations in order.
  package var ranking: [RankedOrganisation]
  /// Of the city and of an organisation: the worst first.
  package var sites: [SiteLine]
  package var findings: [FindingLine]
  package var attacks: [AttackLine]
  package var coverage: [EngineLine]
  /// Of a site: what was not tested, check by check.
  package var gaps: [CoverageEntry]
  /// Of a site.
  package var trail: [TrailLine]
  package var authorisations: [AuthorisationLine]
  /// What this report does not know, in sentences.
  package var unknown: [BilingualText]
  /// Lists that are longer than they are shown.
  package var cuts: [Cut]

  package init(
    kind: Kind, id: String? = nil, title: BilingualText, city: String, made: Timestamp, version: String,
    period: ReportPeriod, logBegan: Timestamp?, posture: MeanPosture, scoreBefore: Int? = nil,
    dimensions: [Dimension] = [], days: [Day] = [], deductions: [Deduction] = [], severities: [SeverityCount] = [],
    ranking: [RankedOrganisation] = [], sites: [SiteLine] = [], findings: [FindingLine] = [],
    attacks: [AttackLine] = [], coverage: [EngineLine] = [], gaps: [CoverageEntry] = [], trail: [TrailLine] = [],
    authorisations: [AuthorisationLine] = [], unknown: [BilingualText] = [], cuts: [Cut] = []
  ) {
    self.kind = kind
    self.id = id
    self.title = title
    self.city = city
    self.made = made
    self.version = version
    self.period = period
    self.logBegan = logBegan
    self.posture = posture
    self.scoreBefore = scoreBefore
    self.dimensions = dimensions
    self.days = days
    self.deductions = deductions
    self.severities = severities
    self.ranking = ranking
    self.sites = sites
    self.findings = findings
    self.attacks = attacks
    self.coverage = coverage
    self.gaps = gaps
    self.trail = trail
    self.authorisations = authorisations
    self.unknown = unknown
    self.cuts = cuts
  }
}

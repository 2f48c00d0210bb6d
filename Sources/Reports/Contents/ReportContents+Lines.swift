package import Records
package import Wire

/// The lines that a report's lists have.
extension ReportContents {
  package struct Dimension: Codable, Sendable, Equatable {
    package var id: String
    package var title: BilingualText
    package var score: Int?
    package init(id: String, title: BilingualText, score: Int?) {
      self.id = id
      self.title = title
      self.score = score
    }
  }

  package struct Day: Codable, Sendable, Equatable {
    /// `2026-10-05`, at the hub's midnight.
    package var day: String
    package var score: Int?
    package init(day: String, score: Int?) {
      self.day = day
      self.score = score
    }
  }

  /// An indicator that is not fulfilled, over all sites of the report.
  package struct Deduction: Codable, Sendable, Equatable {
    package var indicator: String
    /// What would be so if all were well.
    package var title: BilingualText
    package var severity: Severity
    /// Over all sites.
    package var points: Int
    package var sites: Int
    package var remedy: BilingualText
    package var references: [String]
    /// Of the finding that is due first; nil where no finding with a clock shows it.
    package var due: Timestamp?
    package init(
      indicator: String, title: BilingualText, severity: Severity, points: Int, sites: Int, remedy: BilingualText,
      references: [String] = [], due: Timestamp? = nil
    ) {
      self.indicator = indicator
      self.title = title
      self.severity = severity
      self.points = points
      self.sites = sites
      self.remedy = remedy
      self.references = references
      self.due = due
    }
  }

  /// Findings by severity: open at the period's end, begun in it, seen to be gone in it.
  package struct SeverityCount: Codable, Sendable, Equatable {
    package var severity: Severity
    package var open: Int
    package var opened: Int
    package var gone: Int
    package init(severity: Severity, open: Int = 0, opened: Int = 0, gone: Int = 0) {
      self.severity = severity
      self.open = open
      self.opened = opened
      self.gone = gone
    }
  }

  package struct RankedOrganisation: Codable, Sendable, Equatable {
    package var name: BilingualText
    package var line: RankingLine
    package init(name: BilingualText, line: RankingLine) {
      self.name = name
      self.line = line
    }
  }

  package struct SiteLine: Codable, Sendable, Equatable {
    package var site: String
    package var url: String
    package var organisation: BilingualText?
    package var criticality: Criticality
    package var score: Int?
    /// What costs it most.
    package var worst: [BilingualText]
    package init(
      site: String, url: String, organisation: BilingualText?, criticality: Criticality, score: Int?,
      worst: [BilingualText]
    ) {
      self.site = site
      self.url = url
      self.organisation = organisation
      self.criticality = criticality
      self.score = score
      self.worst = worst
    }
  }

  /// What one engine last said of a finding.
  package struct EngineWord: Codable, Sendable, Equatable {
    package enum Answer: String, Codable, Sendable { case yes, no, notDetermined }
    package var engine: String
    package var answer: Answer
    /// Of a yes.
    package var confidence: Int?
    /// What it saw, or why it does not know; nil where it is not kept.
    package var evidence: String?
    package var time: Timestamp?
    package init(
      engine: String, answer: Answer, confidence: Int? = nil, evidence: String? = nil, time: Timestamp? = nil
    ) {
      self.engine = engine
      self.answer = answer
      self.confidence = confidence
      self.evidence = evidence
      self.time = time
    }
  }

  package struct FindingLine: Codable, Sendable, Equatable {
    /// As the log has it at the period's end.
    package enum Status: String, Codable, Sendable, CaseIterable { case open, gone, settled }
    package var row: Int64
    package var weakness: String
    package var title: BilingualText
    package var severity: Severity
    package var status: Status
    /// Today, where the report is made later.
    package var state: FindingState
    package var site: String?
    package var target: Target
    package var path: String?
    package var parameter: String?
    package var confidence: Int
    package var engines: [EngineWord]
    package var evidence: String
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
    /// Whether it began in the period, or came back in it.
    package var isNew: Bool
    /// Whether an alert of the period was an attack on this very weakness.
    package var isAttacked: Bool
    package var due: Timestamp?
    package var remedy: BilingualText?
    package var references: [String]

    package init(
      row: Int64, weakness: String, title: BilingualText, severity: Severity, status: Status, state: FindingState,
      site: String?, target: Target, path: String? = nil, parameter: String? = nil, confidence: Int,
      engines: [EngineWord], evidence: String, firstSeen: Timestamp, lastSeen: Timestamp, isNew: Bool = false,
      isAttacked: Bool = false, due: Timestamp? = nil, remedy: BilingualText? = nil, references: [String] = []
    ) {
      self.row = row
      self.weakness = weakness
      self.title = title
      self.severity = severity
      self.status = status
      self.state = state
      self.site = site
      self.target = target
      self.path = path
      self.parameter = parameter
      self.confidence = confidence
      self.engines = engines
      self.evidence = evidence
      self.firstSeen = firstSeen
      self.lastSeen = lastSeen
      self.isNew = isNew
      self.isAttacked = isAttacked
      self.due = due
      self.remedy = remedy
      self.references = references
    }
  }

  /// A row of alerts that was seen in the period.
  package struct AttackLine: Codable, Sendable, Equatable {
    package var row: Int64
    package var rule: String
    package var title: BilingualText
    package var severity: Severity
    package var outcome: Outcome
    package var site: String?
    package var subject: String
    /// Over the row's whole life: single alerts are not kept as long.
    package var count: Int64
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
    package var triage: TriageState
    package init(_ row: QueueRow) {
      self.row = row.id
      rule = row.check
      title = row.title
      severity = row.severity
      outcome = row.outcome
      site = row.site
      subject = row.subject
      count = row.count
      firstSeen = row.firstSeen
      lastSeen = row.lastSeen
      triage = row.triage.state
    }
  }

  /// How far an engine came over the sites of the report.
  package struct EngineLine: Codable, Sendable, Equatable {
    package struct Reason: Codable, Sendable, Equatable {
      package var status: CoverageEntry.Status
      package var reason: String
      package var sites: Int
      package init(status: CoverageEntry.Status, reason: String, sites: Int) {
        self.status = status
        self.reason = reason
        self.sites = sites
      }
    }
    package var engine: String
    /// Tested in the period.
    package var tested: Int
    /// Last tested before it.
    package var earlier: Int
    /// Last tested after it: whether in it too is not kept.
    package var notDetermined: Int
    package var never: Int
    /// Why not, the commonest first.
    package var reasons: [Reason]
    package init(
      engine: String, tested: Int = 0, earlier: Int = 0, notDetermined: Int = 0, never: Int = 0, reasons: [Reason] = []
    ) {
      self.engine = engine
      self.tested = tested
      self.earlier = earlier
      self.notDetermined = notDetermined
      self.never = never
      self.reasons = reasons
    }
  }

  package struct AuthorisationLine: Codable, Sendable, Equatable {
    package var id: String
    package var document: String
    package var grantedBy: String
    package var until: Timestamp
    package var upTo: ProbeClass
    /// How many sites of the report it covers.
    package var sites: Int
    package init(id: String, document: String, grantedBy: String, until: Timestamp, upTo: ProbeClass, sites: Int) {
      self.id = id
      self.document = document
      self.grantedBy = grantedBy
      self.until = until
      self.upTo = upTo
      self.sites = sites
    }
  }

  package struct Cut: Codable, Sendable, Equatable {
    package enum List: String, Codable, Sendable, CaseIterable {
      case sites, findings, attacks, gaps, trail, authorisations
    }
    package var list: List
    package var shown: Int
    package var total: Int
    package init(list: List, shown: Int, total: Int) {
      self.list = list
      self.shown = shown
      self.total = total
    }
  }
}

/// Engines turn one scan job into answers: what our sites say when asked, within declared connections and a deadline.
///
///     ScanJob + ScanContext -> ScanEngine.run -> EngineResult (answers of three values, facts, status, reason)
///
/// An engine is a folder, a table of checks and one line in `EngineRegistry`. It claims only what it saw: a server
/// that stalls, resets, talks garbage or limits our rate gets *not determined* with the reason, never *no*.
/// Engines do not decide whom to scan (Scheduling does), do not choose when (Scanner does), keep nothing, and
/// connect through `ScanContext` alone, which refuses addresses outside the authorisation.
/// Called by Scanner, on one thread a job; nothing here is asynchronous.
package import Records

/// One question with a yes, a no or a reason; *yes* says that the weakness is there.
package struct Check: Hashable, Sendable {
  /// Stable for ever, lower case, dotted: `tls.version.tls1_0`.
  package var id: String
  package var severity: Severity
  package var title: BilingualText
  /// The class of authorisation that asking needs.
  package var probeClass: ProbeClass

  package init(_ id: String, _ severity: Severity, _ en: String, _ zh: String, _ probeClass: ProbeClass = .observe) {
    self.id = id
    self.severity = severity
    self.title = BilingualText(en: en, zh: zh)
    self.probeClass = probeClass
  }
}

package struct CheckAnswer: Hashable, Sendable {
  package var check: String
  package var answer: Observation.Answer
  /// Masked; what was seen, in a line.
  package var evidence: String
  package var parameter: String?
  /// Where on the site, of a check that is asked of many places.
  package var path: String?

  package init(_ check: String, _ answer: Observation.Answer, _ evidence: String = "", parameter: String? = nil) {
    self.check = check
    self.answer = answer
    self.evidence = evidence
    self.parameter = parameter
  }
}

/// Something worth showing that is no weakness: accepted versions, issuer, status.
package struct Fact: Hashable, Sendable, Codable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What one job may cost: the context ends what goes beyond.
package struct ScanBudget: Sendable, Hashable {
  package var connections: Int
  package var milliseconds: Int

  package init(connections: Int, milliseconds: Int = 20_000) {
    self.connections = connections
    self.milliseconds = milliseconds
  }
}

package struct EngineResult: Sendable {
  package var status: ScanOutcome.Status
  /// A sentence, lower case; empty when completed.
  package var reason: String
  package var source: ScanOutcome.Source
  package var retry: ScanOutcome.Retry
  package var answers: [CheckAnswer]
  package var facts: [Fact]
  /// What the engine wants to find again in `ScanJob.known`; nil keeps what is kept.
  package var memory: String?
  /// Checks that only this run knows: what an external program named and no check of ours is the same as.
  package var found: [Check] = []
  /// Names and addresses that may be part of the site, by how they were met.
  package var sightings: [Sighting.Kind: [String]] = [:]

  package init(
    status: ScanOutcome.Status, reason: String = "", source: ScanOutcome.Source = .site,
    retry: ScanOutcome.Retry = .no, answers: [CheckAnswer] = [], facts: [Fact] = [], memory: String? = nil
  ) {
    self.status = status
    self.reason = reason
    self.source = source
    self.retry = retry
    self.answers = answers
    self.facts = facts
    self.memory = memory
  }
}

package protocol ScanEngine: Sendable {
  /// As in `--engines` and in records: `tls`, `http`.
  var name: String { get }
  var version: String { get }
  var title: BilingualText { get }
  var checks: [Check] { get }
  /// How sure its *yes* is, 0-100: what `FindingFold` combines over engines.
  var confidence: Int { get }
  /// What the job may cost at most, from its class, its options and the pace allowed.
  func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget
  func applies(to target: Target) -> Bool
  /// Blocks until answered, cut off or stopped. Every check of `checks` that the job's class permits gets an answer.
  func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult
  /// Whether all that it asks of a site is at the target's own port.
  var asksTargetAlone: Bool { get }
  /// What to say without asking, where another engine has just asked the very port and heard nothing; nil: it asks all the
  /// same.
  func unasked(_ reason: String, _ job: ScanJob, _ context: ScanContext) -> EngineResult?
}

extension ScanEngine {
  package var confidence: Int { 95 }
  package var asksTargetAlone: Bool { true }
  package func unasked(_ reason: String, _ job: ScanJob, _ context: ScanContext) -> EngineResult? { nil }
}

/// All engines of our own: one line each; external programs are in `ExternalTools`. A test fails when a folder is not here.
package enum EngineRegistry {
  package static let all: [any ScanEngine] = [
    TLSEngine(),
    CertificateEngine(),
    AvailabilityEngine(),
    HTTPEngine(),
    DNSEngine(),
    PortsEngine(),
    ContentEngine(),
    TemplateEngine.installed,
  ]

  /// All, with `templates` in the place of those that come with Vigil.
  package static func all(with templates: TemplateEngine) -> [any ScanEngine] {
    all.map { $0.name == templates.name ? templates : $0 }
  }

  package static func named(_ name: String) -> (any ScanEngine)? { all.first { $0.name == name } }
}

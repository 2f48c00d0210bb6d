/// One question whose answer moves the score: what is tested, what it costs, how it is mended. Data, under
/// `Rules/posture`; one that no check and no rule moves does not exist.
package struct Indicator: Codable, Sendable, Hashable, Identifiable {
  /// `dimension.class.name`, stable for ever.
  package var id: String
  /// What is so when all is well.
  package var title: BilingualText
  /// Checks of the engines; a *yes* is a weakness.
  package var checks: [String]
  /// Rules of the sensor (`gid:sid`) whose alerts against the site are a weakness of it.
  package var alerts: [String]
  /// Rules whose alerts are attacks on this very weakness: they weigh more where it is present.
  package var attacks: [String]
  package var severity: Severity
  /// Points of a site's hundred that it takes at most.
  package var weight: Int
  package var remedy: BilingualText
  package var references: [String]

  package init(
    id: String, title: BilingualText, checks: [String] = [], alerts: [String] = [], attacks: [String] = [],
    severity: Severity, weight: Int, remedy: BilingualText, references: [String] = []
  ) {
    self.id = id
    self.title = title
    self.checks = checks
    self.alerts = alerts
    self.attacks = attacks
    self.severity = severity
    self.weight = weight
    self.remedy = remedy
    self.references = references
  }
}

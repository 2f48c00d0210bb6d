package import Wire

/// How an event or an act changes a row, as pure functions that the store calls inside its transaction. Services
/// holds them (`QueueRules.standard`); Store does not know Services.
package struct QueueRules: Sendable {
  /// The row after `alert`: the given one changed, or a fresh one (`row.id == 0`) where there is none or the given
  /// one is no longer open. `site` is who the traffic belongs to.
  package var absorbAlert:
    @Sendable (_ alert: AlertRecord, _ site: SiteAttribution, _ group: AlertGroup?, _ now: Timestamp) -> AlertGroup
  /// The finding after `observation`; nil where it changes and makes none (a *no* about nothing). The finding given has
  /// the answers at the observation's place, and so has the one that comes back.
  package var absorbObservation:
    @Sendable (_ observation: Observation, _ site: SiteAttribution, _ finding: Finding?, _ now: Timestamp) -> Finding?
  /// The triage after a person's act, or why not.
  package var apply:
    @Sendable (_ act: QueueAct, _ triage: Triage, _ actor: Actor, _ now: Timestamp) -> Result<Triage, ActRefusal>
  /// The triage after the time has passed (a shelf that ran out); nil where nothing changes.
  package var elapse: @Sendable (_ triage: Triage, _ now: Timestamp) -> Triage?

  package init(
    absorbAlert: @escaping @Sendable (AlertRecord, SiteAttribution, AlertGroup?, Timestamp) -> AlertGroup,
    absorbObservation: @escaping @Sendable (Observation, SiteAttribution, Finding?, Timestamp) -> Finding?,
    apply: @escaping @Sendable (QueueAct, Triage, Actor, Timestamp) -> Result<Triage, ActRefusal>,
    elapse: @escaping @Sendable (Triage, Timestamp) -> Triage?
  ) {
    self.absorbAlert = absorbAlert
    self.absorbObservation = absorbObservation
    self.apply = apply
    self.elapse = elapse
  }
}

/// Whose traffic or weakness it is.
package struct SiteAttribution: Codable, Sendable, Hashable {
  package var site: String?
  package var organisation: String?
  /// The site's host, or `address:port`.
  package var subject: String
  /// Of an alert: the finding (a row of the queue) that shows the very weakness which the rule's alerts attack.
  package var weakness: Int64?
  /// Of an observation: the hosting whose property it is (`FindingScope`), which the site shares; nil: the site's own.
  package var platform: String?
  /// Who answers for the hosting.
  package var platformOwner: String?
  package init(
    site: String?, organisation: String? = nil, subject: String, weakness: Int64? = nil, platform: String? = nil,
    platformOwner: String? = nil
  ) {
    self.site = site
    self.organisation = organisation
    self.subject = subject
    self.weakness = weakness
    self.platform = platform
    self.platformOwner = platformOwner
  }

  /// Where an answer of an engine belongs: the site, else the host.
  package var place: String { site ?? subject }
}

/// Why an act was not done: a sentence for the operator.
package struct ActRefusal: Error, Codable, Sendable, Hashable, CustomStringConvertible {
  package var reason: String
  package init(_ reason: String) { self.reason = reason }
  package var description: String { reason }
}

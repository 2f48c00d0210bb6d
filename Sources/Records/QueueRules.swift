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
  /// How rows are gathered under one.
  package var gather: any GatherRules
  /// What an alert says of the rows that its source made before.
  package var follow: any FollowRules

  package init(
    absorbAlert: @escaping @Sendable (AlertRecord, SiteAttribution, AlertGroup?, Timestamp) -> AlertGroup,
    absorbObservation: @escaping @Sendable (Observation, SiteAttribution, Finding?, Timestamp) -> Finding?,
    apply: @escaping @Sendable (QueueAct, Triage, Actor, Timestamp) -> Result<Triage, ActRefusal>,
    elapse: @escaping @Sendable (Triage, Timestamp) -> Triage?, gather: any GatherRules, follow: any FollowRules
  ) {
    self.gather = gather
    self.follow = follow
    self.absorbAlert = absorbAlert
    self.absorbObservation = absorbObservation
    self.apply = apply
    self.elapse = elapse
  }
}

/// Rows of one source or rule under one row: pure, for the store's transaction.
package protocol GatherRules: Sendable {
  /// The values by which the alert's row may be gathered, in the order in which they are asked; none where a person
  /// works on the row, or where it must be seen by itself.
  func keys(_ group: AlertGroup, _ alert: AlertRecord, _ site: SiteAttribution, isMade: Bool) -> [GatherKey]
  /// The track after the touch of `row`, and what becomes of the row; `isOpen`: whether the track's row takes members.
  func touch(_ track: inout GatherTrack, row: Int64, at time: Timestamp, isOpen: Bool) -> GatherDecision
  /// A gathering row without members, as the row of `alert` makes it.
  func begin(_ key: GatherKey, _ group: AlertGroup, _ alert: AlertRecord, _ site: SiteAttribution) -> AlertGroup
  /// Whether the row may be folded under the gathering row.
  func mayJoin(_ group: AlertGroup, _ gathering: AlertGroup) -> Bool
  /// Whether so many rows that may join are worth a gathering row.
  func opens(_ axis: GatherAxis, joinable: Int) -> Bool
  /// Both after the row has joined.
  func join(_ member: inout AlertGroup, _ gathering: inout AlertGroup)
  /// Both after an alert on a member, which may have been released by it.
  func counted(
    _ member: inout AlertGroup, _ gathering: inout AlertGroup, _ alert: AlertRecord, _ site: SiteAttribution)
  /// Whether the member must stand by itself again whatever comes.
  func mustShow(_ member: AlertGroup) -> Bool
  func release(_ member: inout AlertGroup, _ gathering: inout AlertGroup)
  /// Whether the gathering row takes members at `time`.
  func takes(_ gathering: AlertGroup, at time: Timestamp) -> Bool
}

package struct GatherKey: Sendable, Hashable {
  package var axis: GatherAxis
  package var key: String
  package init(_ axis: GatherAxis, _ key: String) {
    self.axis = axis
    self.key = key
  }
}

/// What later events say of earlier ones: pure, for the store's transaction.
package protocol FollowRules: Sendable {
  /// The track (axis `tool`) that an alert is to be compared with; nil where it says nothing of others.
  func key(_ alert: AlertRecord, _ site: SiteAttribution) -> GatherKey?
  /// What `alert` says of the rows of the track, and of its own; the track learns what was planted.
  func observe(_ alert: AlertRecord, _ site: SiteAttribution, _ track: inout GatherTrack) -> [FollowEffect]
  /// The row with its outcome raised, where `judgement` says more than the machine knew; false where not.
  func raise(_ group: inout AlertGroup, _ judgement: OutcomeJudgement) -> Bool
}

package struct FollowEffect: Sendable, Hashable {
  /// Nil: the row of the alert itself.
  package var row: Int64?
  package var judgement: OutcomeJudgement
  package init(row: Int64?, judgement: OutcomeJudgement) {
    self.row = row
    self.judgement = judgement
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
  /// Of an alert: since when the site is known not to have the weakness which the rule's alerts attack.
  package var testedClean: Timestamp?
  /// Of an alert: the end that is not ours; the client itself where a declared proxy spoke for it.
  package var remote: IPAddress?
  /// Set where a declared proxy spoke for the client.
  package var client: IPAddress?
  /// Of an alert: our end opened the connection.
  package var isOutbound: Bool?
  /// Of an alert: it is of our own scan.
  package var isOwn: Bool?
  /// Of an alert: the suppression that hides it, and whether also what succeeds.
  package var hiddenBy: String?
  package var hidesSuccess: Bool?
  package init(
    site: String?, organisation: String? = nil, subject: String, weakness: Int64? = nil, platform: String? = nil,
    platformOwner: String? = nil, testedClean: Timestamp? = nil, remote: IPAddress? = nil, client: IPAddress? = nil,
    isOutbound: Bool? = nil, isOwn: Bool? = nil
  ) {
    self.testedClean = testedClean
    self.remote = remote
    self.client = client
    self.isOutbound = isOutbound
    self.isOwn = isOwn
    self.site = site
    self.organisation = organisation
    self.subject = subject
    self.weakness = weakness
    self.platform = platform
    self.platformOwner = platformOwner
  }

  /// The key of the row that folds alerts of `rule`; what is hidden and what is our own lie apart from the rest.
  package func alertKey(rule: String) -> FoldKey {
    guard let apart = isOwn == true ? "own" : hiddenBy.map({ "suppressed:" + $0 }) else {
      return .alertGroup(rule: rule, site: site, protected: subject)
    }
    return .alertGroup(rule: rule, site: site, protected: subject, apart: apart)
  }

  /// Where an answer of an engine belongs: the site, else the host.
  package var place: String { site ?? subject }
}

/// Why an act was not done: a sentence for the officer or the owner who asked for it.
package struct ActRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  package var words: BilingualText
  package init(_ words: BilingualText) { self.words = words }
  package init(_ en: String, _ zh: String) { self.init(BilingualText(en: en, zh: zh)) }
  package var description: String { words.en }
}

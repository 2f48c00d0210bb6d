package import Records
internal import Wire

/// What an alert says of those that the same source caused at the same site before it.
///
/// - The attacked host calls the attacker: its rows are compromised.
/// - The source asks for a file that it sent there, and gets it: compromised.
/// - The source does what attackers do once they are in: what it tried before has succeeded.
///
/// Memory: one track a (source, site), with its newest rows and planted names; the store bounds the tracks.
package struct FollowUpMachine: FollowRules {
  /// A call to an attacker counts for so long after his last alert.
  package static let callBackSeconds = 24.0 * 3600
  /// A planted file is remembered for as long.
  package static let plantedSeconds = 24.0 * 3600
  /// What follows an attack within this is held to be its fruit.
  package static let followUpSeconds = 3600.0
  /// Names of one source at one site: a person's upload has few, an attacker's list must not fill the store.
  package static let plantedLimit = 16

  package init() {}

  package func key(_ alert: AlertRecord, _ site: SiteAttribution) -> GatherKey? {
    guard let remote = site.remote, site.isOwn != true else { return nil }
    return GatherKey(.tool, "\(remote)|\(site.site ?? site.subject)")
  }

  package func observe(
    _ alert: AlertRecord, _ site: SiteAttribution, _ track: inout GatherTrack
  ) -> [FollowEffect] {
    if site.isOutbound == true { return callBack(alert, site, track) }
    var effects: [FollowEffect] = []
    if let name = hitPlanted(alert, track) {
      effects += raised(
        within: FollowUpMachine.plantedSeconds, alert, track, own: true, .compromised, .plantedPath, name)
    } else if AttackClass.isPostExploitation(alert.signature.category),
      OutcomeJudge.judge(alert, site).outcome >= .succeeded
    {
      effects += raised(
        within: FollowUpMachine.followUpSeconds, alert, track, own: false, .succeeded, .followUp, alert.signature.id)
    }
    plant(alert, &track)
    return effects
  }

  package func raise(_ group: inout AlertGroup, _ judgement: OutcomeJudgement) -> Bool {
    let known = group.machine ?? group.row.outcome
    // What the server refused did not work, whatever else did.
    guard judgement.outcome > known, known != .failed else { return false }
    AlertFold.judge(&group, judgement)
    return true
  }

  // MARK: rules

  private func callBack(_ alert: AlertRecord, _ site: SiteAttribution, _ track: GatherTrack) -> [FollowEffect] {
    guard !track.touched.isEmpty, let remote = site.remote else { return [] }
    return raised(
      within: FollowUpMachine.callBackSeconds, alert, track, own: true, .compromised, .callBack, "\(remote)")
  }

  /// `own`: the alert's own row too. Nothing where no attack lies in the window.
  private func raised(
    within seconds: Double, _ alert: AlertRecord, _ track: GatherTrack, own: Bool, _ outcome: Outcome,
    _ rule: OutcomeJudgement.Rule, _ subject: String
  ) -> [FollowEffect] {
    let from = alert.timestamp.advanced(seconds: -seconds)
    let rows = track.touched.filter { $0.time >= from && $0.time <= alert.timestamp }.map(\.row)
    guard !rows.isEmpty else { return [] }
    let judgement = OutcomeJudgement(
      outcome: outcome, rule: rule, reason: FollowUpMachine.reason(rule, subject),
      inputs: [.init("rule", alert.signature.id), .init("class", alert.signature.category), .init("by", subject)],
      time: alert.timestamp)
    return rows.map { FollowEffect(row: $0, judgement: judgement) }
      + (own ? [FollowEffect(row: nil, judgement: judgement)] : [])
  }

  private static func reason(_ rule: OutcomeJudgement.Rule, _ subject: String) -> BilingualText {
    switch rule {
    case .callBack:
      BilingualText(en: "the attacked host called the attacker \(subject) afterwards", zh: "被攻击主机随后外联攻击者 \(subject)")
    case .plantedPath:
      BilingualText(
        en: "the attacker got an answer from \(subject), a file that he had sent there",
        zh: "攻击者访问其上传的 \(subject) 并得到应答")
    default:
      BilingualText(
        en: "the same source then did what follows a break-in (rule \(subject))", zh: "同一来源随后出现入侵后行为（规则 \(subject)）")
    }
  }

  // MARK: planted files

  /// Extensions whose files a server runs.
  private static let code: Set<String> = [
    "php", "php3", "php4", "php5", "php7", "phtml", "phar", "jsp", "jspx", "jspf", "asp", "aspx", "ashx", "asmx",
    "cer", "cfm", "cgi", "pl", "py", "war",
  ]

  private func hitPlanted(_ alert: AlertRecord, _ track: GatherTrack) -> String? {
    guard alert.context.status.map({ (200...299).contains($0) }) == true, let name = FollowUpMachine.file(alert),
      track.planted.contains(name), !uploads(alert).contains(name),
      track.last >= alert.timestamp.advanced(seconds: -FollowUpMachine.plantedSeconds)
    else { return nil }
    return name
  }

  private func plant(_ alert: AlertRecord, _ track: inout GatherTrack) {
    let isRefused = alert.context.status.map { (400...499).contains($0) } ?? false
    guard !isRefused, alert.action != "blocked" else { return }
    for name in uploads(alert) where !track.planted.contains(name) { track.planted.append(name) }
    track.planted.removeFirst(max(track.planted.count - FollowUpMachine.plantedLimit, 0))
  }

  /// Names of files with server-side code that the request carries.
  private func uploads(_ alert: AlertRecord) -> [String] {
    let target = FollowUpMachine.file(alert)
    let names: [String] =
      switch alert.context.method {
      case "PUT", "MOVE", "COPY": (alert.context.files ?? []) + (target.map { [$0] } ?? [])
      // A body without a name is given that of its URL, which is the upload's own page.
      case "POST": (alert.context.files ?? []).filter { $0 != target }
      default: []
      }
    return names.filter(FollowUpMachine.isCode)
  }

  private static func isCode(_ name: String) -> Bool {
    guard name.utf8.count <= 128, !name.contains("\n"), let dot = name.lastIndex(of: ".") else { return false }
    return code.contains(name[name.index(after: dot)...].lowercased())
  }

  /// The last part of the URL's path.
  private static func file(_ alert: AlertRecord) -> String? {
    guard let url = alert.context.url else { return nil }
    let path = url.prefix { $0 != "?" && $0 != "#" }
    return path.split(separator: "/").last.map(String.init)
  }
}

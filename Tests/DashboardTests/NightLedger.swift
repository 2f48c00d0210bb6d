import ControlAPI
import Records
import Wire

@testable import Dashboard

/// Lists that no installed screen shows, and definitions of others may.
extension Night {
  static let inventory = [
    SiteItem(
      site: Site(
        id: "tax.example.gov", url: "https://tax.example.gov/", scheme: "https", host: "tax.example.gov", port: 443,
        organisation: "finance", criticality: .critical, tags: ["portal", "expo"]),
      organisation: BilingualText(en: "Finance bureau", zh: "财政局"), cell: sites[0], isAuthorised: true,
      lastTested: ago(400))
  ]

  static let organisations = [
    Organisation(
      id: "finance", name: BilingualText(en: "Finance bureau", zh: "财政局"), parent: "city", kind: .government,
      level: .city, region: "420100",
      contacts: [
        Contact(name: "王伟", role: "network office", email: "wang@tax.example.gov", phone: "027-1234", rank: .primary),
        Contact(name: "Zhao", phone: "027-5678", rank: .backup),
      ]),
    Organisation(id: "city", name: BilingualText(en: "City", zh: "市政府"), kind: .government),
    Organisation(id: "tax-bureau", name: BilingualText(en: "Tax bureau", zh: "税务局"), parent: "finance"),
  ]

  static let suppressions: [SuppressionItem] = {
    let suppression = Suppression(
      id: "s1", rule: "1:2000001", site: "tax.example.gov", organisation: "finance", reason: "a test of the operator",
      author: "li", created: ago(9000), until: now.advanced(seconds: 86_400))
    return [
      SuppressionItem(
        suppression: suppression, holds: true, days: [SuppressionDay(day: ago(9000), alerts: 12, rows: 1)])
    ]
  }()

  static let precision = [
    PrecisionLine(
      MeasuredPrecision(engine: "tls", check: "tls.old", truePositives: 30, falsePositives: 2, declared: 90))
  ]

  static let audit = [
    AuditEntry(
      id: 8, time: ago(20), actor: Actor(name: "night-2", origin: "unix uid 1000"), act: "close", subject: "queue/17",
      before: "new", after: "closed")
  ]

  static let remarks = [
    InventoryRemark(
      .expires, subject: "authorisation/schools-2026",
      text: BilingualText(en: "the authorisation ends in 19 days", zh: "授权将于 19 天后到期"))
  ]

  static let proposals = [
    Proposal(
      id: "p1", site: "tax.example.gov", kind: .certificateName, value: "new.tax.example.gov", engine: "certificate",
      firstSeen: ago(9000), lastSeen: ago(400), state: .accepted, decidedBy: "li", decidedAt: ago(300))
  ]

  static let contacts = [
    NoticeContact(
      organisation: "finance", address: "mailto:wang@tax.example.gov", state: .unconfirmed, silent: 2, since: ago(9000),
      reason: "two notices without a receipt")
  ]
}

package import Records
package import Wire

/// What a person should look at in the inventory that is in force: asked by `vigil sites check`.
package struct InventoryReview: Sendable {
  /// MODEL.md, authorisation: its expiry is announced so many days ahead.
  package static let announcedDays = 30.0

  package private(set) var remarks: [InventoryRemark] = []

  package init(_ inventory: Inventory, addresses: AddressPolicy, now: Timestamp) {
    authorisations(inventory, now)
    organisations(inventory)
    sites(inventory, addresses, now)
  }

  private mutating func add(_ kind: InventoryRemark.Kind, _ subject: String, _ en: String, _ zh: String) {
    remarks.append(InventoryRemark(kind, subject: subject, text: BilingualText(en: en, zh: zh)))
  }

  private mutating func authorisations(_ inventory: Inventory, _ now: Timestamp) {
    for authorisation in inventory.authorisations.sorted(by: { $0.until < $1.until }) {
      let subject = "authorisation/\(authorisation.id)"
      if let text = InventoryReview.expiry(authorisation, now: now) {
        add(authorisation.until <= now ? .expired : .expires, subject, text.en, text.zh)
      }
    }
  }

  /// Nil while there is more time than is announced.
  package static func expiry(_ authorisation: Authorisation, now: Timestamp) -> BilingualText? {
    let days = Double(authorisation.until.nanoseconds(since: now)) / 86_400e9
    guard days <= announcedDays else { return nil }
    let (id, until) = (authorisation.id, authorisation.until.secondText)
    if days <= 0 {
      return BilingualText(
        en: "the authorisation \(id) ended at \(until) UTC: what it alone covered is not scanned",
        zh: "授权 \(id) 已于 \(until)（UTC）到期，仅由其覆盖的站点不再扫描")
    }
    let left = Int(days.rounded(.up))
    return BilingualText(
      en: "the authorisation \(id) ends in \(left) day\(left == 1 ? "" : "s"), at \(until) UTC",
      zh: "授权 \(id) 将在 \(left) 天内到期（UTC \(until)）")
  }

  private mutating func organisations(_ inventory: Inventory) {
    for organisation in inventory.organisations {
      let subject = "organisation/\(organisation.id)"
      if organisation.contacts.isEmpty {
        add(.noContact, subject, "nobody can be called: no contact is named", "未登记联系人")
      } else if organisation.backup == nil {
        add(.noBackup, subject, "no backup contact is named", "未登记备用联系人")
      }
    }
  }

  private mutating func sites(_ inventory: Inventory, _ policy: AddressPolicy, _ now: Timestamp) {
    let known = Set(inventory.organisations.map(\.id))
    let platforms = Set(inventory.platforms.map(\.id))
    let permitted = AuthorisedHosts(inventory.authorisations.filter { $0.isValid(at: now) })
    let plain = Set(inventory.sites.lazy.map(\.host).filter { !HostName.isInternational($0) })
    for site in inventory.sites {
      let subject = "site/\(site.id)"
      if !permitted.covers(host: site.host, address: site.target.address) {
        add(.notAuthorised, subject, "no valid authorisation covers it: it is not scanned", "没有有效授权，不扫描")
      }
      for address in site.addresses + [IPAddress(site.host)].compactMap(\.self) {
        guard let refusal = policy.refusal(of: address) else { continue }
        add(.refusedAddress, subject, "\(address) is \(refusal.rawValue): it is not scanned", "\(address) 属于禁止扫描的地址")
      }
      if HostName.isInternational(site.host), let reason = Lookalike.reason(site.host, among: plain) {
        add(
          .lookalike, subject, "\(HostName.bothForms(site.host)) \(reason)", "\(HostName.bothForms(site.host)) 与其他域名形似")
      }
      if site.organisation.map({ !known.contains($0) }) ?? true {
        add(.noOrganisation, subject, "no described organisation answers for it", "未登记所属单位")
      }
      if let platform = site.platform, !platforms.contains(platform) {
        add(.noPlatform, subject, "its platform \"\(platform)\" is not described", "平台“\(platform)”未登记")
      }
    }
  }
}

import ControlAPI
import Records

/// What a person should look at in the inventory and about the addresses of organisations.
extension Source {
  static let inventorySources = [
    Source(
      "remarks", "what a person should look at in the inventory", columns: [.kind, .subject, .text],
      asking: API.checkSites, { _ in Nothing() }, listing: { Listing($0) }),
    Source(
      "proposals", "parts of sites that scans met, and what a person said to each",
      columns: [.id, .site, .kind, .value, .engine, .first, .last, .state, .who],
      usual: [.state, .site, .kind, .value, .engine, .last], asking: API.proposals,
      { ProposalsRequest(limit: $0.limit) }, listing: { Listing($0) }),
    Source(
      "contacts", "whether the addresses of each organisation have proved themselves; the addresses are not shown",
      columns: [.organisation, .state, .count, .since, .reason], asking: API.contacts, { _ in Nothing() },
      listing: { page in Listing(page.items.map { ContactEntry(contact: $0) }) }),
  ]
}

extension InventoryRemark: Listed {
  var key: String { "\(kind.rawValue) \(subject) \(text.en)" }

  func value(_ column: Column) -> Value {
    switch column {
    case .kind: kind.value(kind == .expired || kind == .notAuthorised ? .warning : .text)
    case .subject: .text(subject)
    case .text, .title: .words(text)
    default: .none
    }
  }
}

extension Proposal: Listed {
  var key: String { id }
  var leadsTo: Model.Place? { .site(site) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .text(id)
    case .site, .subject: .text(site)
    case .kind: kind.value()
    case .value, .title: .text(value)
    case .engine: .text(engine)
    case .first: .time(firstSeen)
    case .last: .time(lastSeen)
    case .state: state.value(state == .proposed ? .warning : .dim)
    case .who: .text(decidedBy)
    default: .none
    }
  }
}

/// A wall is no place for people's addresses: the entry knows its own, and shows none.
struct ContactEntry: Listed {
  var contact: NoticeContact
  var key: String { "\(contact.organisation) \(contact.address)" }
  var leadsTo: Model.Place? { .organisation(contact.organisation) }

  func value(_ column: Column) -> Value {
    switch column {
    case .organisation, .subject: .text(contact.organisation)
    case .state: contact.state.value(contact.state == .confirmed ? .good : .warning)
    case .count: .count(contact.silent)
    case .since: .time(contact.since)
    case .reason, .title: .text(contact.reason)
    default: .none
    }
  }
}

extension InventoryRemark.Kind: Titled {
  var title: BilingualText {
    switch self {
    case .expired: BilingualText(en: "expired", zh: "已过期")
    case .expires: BilingualText(en: "expires", zh: "将过期")
    case .notAuthorised: BilingualText(en: "not permitted", zh: "未授权")
    case .refusedAddress: BilingualText(en: "refused address", zh: "禁止地址")
    case .lookalike: BilingualText(en: "lookalike", zh: "仿冒域名")
    case .noOrganisation: BilingualText(en: "no organisation", zh: "无单位")
    case .noContact: BilingualText(en: "no contact", zh: "无联系人")
    case .noBackup: BilingualText(en: "no backup", zh: "无备用联系人")
    case .noPlatform: BilingualText(en: "no platform", zh: "无平台")
    }
  }
}

extension Sighting.Kind: Titled {
  var title: BilingualText {
    switch self {
    case .redirectHost: BilingualText(en: "redirect", zh: "跳转域名")
    case .certificateName: BilingualText(en: "certificate", zh: "证书域名")
    case .address: BilingualText(en: "address", zh: "地址")
    }
  }
}

extension Proposal.State: Titled {
  var title: BilingualText {
    switch self {
    case .proposed: BilingualText(en: "proposed", zh: "待定")
    case .accepted: BilingualText(en: "accepted", zh: "已采纳")
    case .declined: BilingualText(en: "declined", zh: "已否决")
    }
  }
}

extension NoticeContact.State: Titled {
  var title: BilingualText {
    switch self {
    case .unproved: BilingualText(en: "unproved", zh: "未验证")
    case .confirmed: BilingualText(en: "confirmed", zh: "已确认")
    case .unconfirmed: BilingualText(en: "in doubt", zh: "存疑")
    }
  }
}

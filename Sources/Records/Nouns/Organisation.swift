/// Who answers for sites. A tree, by `parent`.
package struct Organisation: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var name: BilingualText
  package var parent: String?
  package var kind: OrganisationKind
  package var level: AdministrativeLevel?
  /// A name, or a division's code (GB/T 2260).
  package var region: String?
  package var contacts: [Contact]

  package init(
    id: String, name: BilingualText, parent: String? = nil, kind: OrganisationKind = .other,
    level: AdministrativeLevel? = nil, region: String? = nil, contacts: [Contact] = []
  ) {
    self.id = id
    self.name = name
    self.parent = parent
    self.kind = kind
    self.level = level
    self.region = region
    self.contacts = contacts
  }

  /// Whom to call first, and when that one does not answer.
  package var primary: Contact? { contacts.first { $0.rank == .primary } ?? contacts.first }
  package var backup: Contact? { contacts.first { $0.rank == .backup } }
}

package enum OrganisationKind: String, Codable, Sendable, CaseIterable {
  case government, people, enterprise, institution, other

  package var label: BilingualText {
    switch self {
    case .government: BilingualText(en: "party and government body", zh: "党政机关")
    case .people: BilingualText(en: "people's organisation", zh: "人民团体")
    case .enterprise: BilingualText(en: "key enterprise", zh: "重点企业")
    case .institution: BilingualText(en: "public institution", zh: "事业单位")
    case .other: BilingualText(en: "other", zh: "其他")
    }
  }
}

/// The five levels that supervise one another.
package enum AdministrativeLevel: String, Codable, Sendable, CaseIterable {
  case national, provincial, city, district, township

  package var label: BilingualText {
    switch self {
    case .national: BilingualText(en: "national", zh: "国家级")
    case .provincial: BilingualText(en: "provincial", zh: "省级")
    case .city: BilingualText(en: "city", zh: "市级")
    case .district: BilingualText(en: "district or county", zh: "区县级")
    case .township: BilingualText(en: "street or township", zh: "街道乡镇级")
    }
  }
}

/// A person, or a desk, that is told.
package struct Contact: Codable, Sendable, Hashable {
  package enum Rank: String, Codable, Sendable, CaseIterable { case primary, backup, further }
  package var name: String
  package var role: String?
  package var email: String?
  package var phone: String?
  /// A name in the chat that the city uses.
  package var chat: String?
  package var rank: Rank

  package init(
    name: String, role: String? = nil, email: String? = nil, phone: String? = nil, chat: String? = nil,
    rank: Rank = .further
  ) {
    self.name = name
    self.role = role
    self.email = email
    self.phone = phone
    self.chat = chat
    self.rank = rank
  }

  /// Of one text, as the first inventories had it: an e-mail address, or whatever it is as the name.
  package init(_ text: String, rank: Rank) {
    self.init(name: text, email: text.contains("@") && !text.contains(" ") ? text : nil, rank: rank)
  }
}

extension Organisation {
  private enum OldKeys: String, CodingKey { case contact, backupContact }

  /// What came after the first release may be missing in a store, and its two contacts were plain texts.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let old = try decoder.container(keyedBy: OldKeys.self)
    let texts = [
      (try old.decodeIfPresent(String.self, forKey: .contact), Contact.Rank.primary),
      (try old.decodeIfPresent(String.self, forKey: .backupContact), Contact.Rank.backup),
    ]
    self.init(
      id: try values.decode(String.self, forKey: .id), name: try values.decode(BilingualText.self, forKey: .name),
      parent: try values.decodeIfPresent(String.self, forKey: .parent),
      kind: try values.decodeIfPresent(OrganisationKind.self, forKey: .kind) ?? .other,
      level: try values.decodeIfPresent(AdministrativeLevel.self, forKey: .level),
      region: try values.decodeIfPresent(String.self, forKey: .region),
      contacts: try values.decodeIfPresent([Contact].self, forKey: .contacts)
        ?? texts.compactMap { text, rank in text.map { Contact($0, rank: rank) } })
  }
}

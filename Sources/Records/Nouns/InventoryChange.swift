/// One entry that an import adds, removes or changes, field by field.
package struct InventoryChange: Codable, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Codable, Sendable, CaseIterable { case added, removed, changed }
  /// Nil stands for a field that is not set.
  package struct Field: Codable, Sendable, Hashable {
    package var name: String
    package var old: String?
    package var new: String?
    package init(name: String, old: String?, new: String?) {
      self.name = name
      self.old = old
      self.new = new
    }
  }
  package var kind: Kind
  /// `site`, `organisation`, `platform`, `authorisation`.
  package var noun: String
  package var id: String
  /// Of what changed: the fields that differ.
  package var fields: [Field]

  package init(_ kind: Kind, noun: String, id: String, fields: [Field] = []) {
    self.kind = kind
    self.noun = noun
    self.id = id
    self.fields = fields
  }

  package var description: String { "\(kind.rawValue) \(noun) \(id)" }
}

/// Sites that may be one: found, told with the reason, never put together by a machine.
package struct InventoryDuplicate: Codable, Sendable, Hashable {
  package enum Reason: String, Codable, Sendable, CaseIterable {
    case sameAddress, withAndWithoutWWW, plainAndSecure, sameServer

    package var label: BilingualText {
      switch self {
      case .sameAddress: BilingualText(en: "the same normal form", zh: "规范地址相同")
      case .withAndWithoutWWW: BilingualText(en: "with and without www.", zh: "仅差 www. 前缀")
      case .plainAndSecure: BilingualText(en: "http and https of one host", zh: "同一主机的 http 与 https")
      case .sameServer: BilingualText(en: "the same address and certificate", zh: "IP 地址与证书相同")
      }
    }
  }
  package var reason: Reason
  /// Ids, sorted; two or more.
  package var sites: [String]
  package init(reason: Reason, sites: [String]) {
    self.reason = reason
    self.sites = sites
  }
}

/// What a person should look at in an inventory that is in force.
package struct InventoryRemark: Codable, Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case expired, expires, notAuthorised, refusedAddress, lookalike, noOrganisation, noContact, noBackup, noPlatform
  }
  package var kind: Kind
  /// `site/example.cn`, `authorisation/a1`, `organisation/edu`.
  package var subject: String
  package var text: BilingualText
  package init(_ kind: Kind, subject: String, text: BilingualText) {
    self.kind = kind
    self.subject = subject
    self.text = text
  }
}

internal import CDomainNames

/// Where registries sell names, by the public suffix list that libpsl has built in: the one place that asks it.
enum PublicSuffix {
  /// Longer ones are no names (RFC 1035 section 3.1).
  private static let nameLimit = 254

  /// `www.city.gov.cn` -> `city.gov.cn`; nil for a public suffix itself, an address, and what is no name.
  static func registrable(_ host: String) -> String? {
    let name = DomainName.normal(host)
    let isAddress = name.contains(":") || name.allSatisfy { $0.isNumber || $0 == "." }
    guard name.utf8.count < nameLimit, !isAddress, let list = unsafe psl_builtin() else { return nil }
    // What libpsl finds is a part of what it was given.
    return unsafe name.withCString { text in
      unsafe psl_registrable_domain(list, text).map { unsafe String(cString: $0) }
    }
  }

  /// Whether registries sell names right under it: the list's ICANN part, without what it says of suffixes that it
  /// does not know.
  static func isRegistry(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count < nameLimit, let list = unsafe psl_builtin() else { return false }
    return unsafe psl_is_public_suffix2(list, name, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1
  }
}

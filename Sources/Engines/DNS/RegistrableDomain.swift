internal import CDomainNames

/// The domain that somebody registered, by the public suffix list that libpsl has built in.
enum RegistrableDomain {
  /// Nil for a public suffix itself.
  static func of(_ host: String) -> String? {
    guard let list = unsafe psl_builtin() else { return nil }
    guard let found = unsafe psl_registrable_domain(list, DomainName.normal(host)) else { return nil }
    // It points into a copy of `host` that ends with this call: its length tells which part it was.
    let count = unsafe String(cString: found).utf8.count
    return String(decoding: DomainName.normal(host).utf8.suffix(count), as: UTF8.self)
  }
}

/// Which part of an answer, and of which one.
package struct TemplatePart: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case body, head, all, statusLine, statusCode, contentLength, duration
    /// One field, lower case.
    case field(String)
    /// A value that was extracted or given.
    case variable(String)
  }
  package var kind: Kind
  /// `body_2`: 2. Nil: the answer at hand.
  package var number: Int?

  package init(_ kind: Kind, number: Int? = nil) {
    self.kind = kind
    self.number = number
  }

  /// As matchers and expressions name it: `body`, `all_headers_2`, `content_type`. Nil for a name that no answer has.
  init?(name: String) {
    var base = name[...]
    var number: Int?
    let digits = name.reversed().prefix { ("0"..."9").contains($0) }.count
    if (1...2).contains(digits), name.dropLast(digits).hasSuffix("_"), let value = Int(name.suffix(digits)), value > 0 {
      (base, number) = (name.dropLast(digits + 1), value)
    }
    guard let kind = TemplatePart.kinds[String(base)] ?? TemplatePart.field(base) else { return nil }
    self.init(kind, number: number)
  }

  static let kinds: [String: Kind] = [
    "body": .body, "header": .head, "headers": .head, "all_headers": .head, "all": .all, "raw": .all,
    "response": .all, "status_line": .statusLine, "status_code": .statusCode, "content_length": .contentLength,
    "duration": .duration,
  ]

  private static func field(_ name: some StringProtocol) -> Kind? {
    let text = String(name)
    let isField = fields.contains(text) || (text.hasPrefix("x_") && text.utf8.count > 2)
    return isField ? .field(String(text.map { $0 == "_" ? "-" : $0 })) : nil
  }

  /// The fields of answers that have a name of their own; every `x_...` besides.
  static let fields: Set<String> = [
    "accept_ranges", "access_control_allow_credentials", "access_control_allow_headers",
    "access_control_allow_methods", "access_control_allow_origin", "access_control_expose_headers", "age", "allow",
    "alt_svc", "cache_control", "connection", "content_disposition", "content_encoding", "content_language",
    "content_location", "content_range", "content_security_policy", "content_type", "cross_origin_embedder_policy",
    "cross_origin_opener_policy", "cross_origin_resource_policy", "date", "dav", "etag", "expires", "last_modified",
    "link", "location", "permissions_policy", "pragma", "proxy_authenticate", "public", "referrer_policy", "refresh",
    "retry_after", "server", "set_cookie", "strict_transport_security", "trailer", "transfer_encoding", "upgrade",
    "vary", "via", "warning", "www_authenticate",
  ]
}

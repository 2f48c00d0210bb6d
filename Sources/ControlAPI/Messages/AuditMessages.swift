package import Records

/// Of a walk along the audit log's chain: behind which entry it begins, and what somebody noted earlier (`17:` and 64
/// hexadecimal digits, several with commas).
package struct AuditVerifyRequest: APIRequest, Hashable {
  /// Digests that are looked for in one walk.
  package static let mostExpected = 100

  package var after: Int64
  package var expected: [AuditDigest]
  package init(after: Int64 = 0, expected: [AuditDigest] = []) {
    self.after = after
    self.expected = expected
  }

  package static let queryNames = ["after", "expect"]
  package var query: [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    if after != 0 { pairs.append(("after", String(after))) }
    if !expected.isEmpty { pairs.append(("expect", expected.map(\.description).joined(separator: ","))) }
    return pairs
  }
  package init(query: [String: String]) throws(APIProblem) {
    let after = query["after"].map { Int64($0) ?? -1 } ?? 0
    guard after >= 0 else { throw APIProblem(.badRequest, "after is no entry's number") }
    let texts = (query["expect"] ?? "").split(separator: ",")
    guard texts.count <= AuditVerifyRequest.mostExpected else {
      throw APIProblem(.badRequest, "more than \(AuditVerifyRequest.mostExpected) entries are expected")
    }
    self.init(after: after, expected: try AuditVerifyRequest.digests(texts))
  }

  package static func digests(_ texts: [some StringProtocol]) throws(APIProblem) -> [AuditDigest] {
    var digests: [AuditDigest] = []
    for text in texts {
      guard let digest = AuditDigest(text) else {
        throw APIProblem(
          .badRequest, "\"\(text.prefix(80))\" is no entry with its hash", hint: "17: and 64 hexadecimal digits")
      }
      digests.append(digest)
    }
    return digests
  }
}

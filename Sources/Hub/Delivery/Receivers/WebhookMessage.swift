internal import ControlAPI
package import Records
package import Wire

/// What the receiver gets: enough to look at the row, and no evidence.
package struct WebhookMessage: Codable, Sendable, Equatable {
  /// The same for every try: a receiver that has it ignores the rest.
  package var id: String
  package var kind: String
  package var time: Timestamp
  package var city: String
  package var row: Int64
  package var wing: Wing
  package var severity: Severity
  package var outcome: Outcome
  package var title: BilingualText
  package var check: String
  package var site: String?
  package var organisation: String?
  package var subject: String
  package var count: Int64
  package var firstSeen: Timestamp

  package init(_ row: QueueRow, city: String, time: Timestamp) {
    id = "row-\(row.id)-\(row.firstSeen.nanoseconds)"
    kind = "queue.new"
    self.time = time
    self.city = city
    self.row = row.id
    wing = row.wing
    severity = row.severity
    outcome = row.outcome
    title = row.title
    check = row.check
    site = row.site
    organisation = row.organisation
    subject = row.subject
    count = row.count
    firstSeen = row.firstSeen
  }
}

/// The header that tells the receiver that it is us: `sha256=` and the HMAC of the body in hexadecimal digits.
package enum WebhookSignature {
  package static let header = "X-Vigil-Signature"
  package static func value(_ body: [UInt8], secret: String) -> String {
    let code = unsafe body.withUnsafeBytes { unsafe SHA256.authenticate($0, key: Array(secret.utf8)) }
    return "sha256=" + SHA256.hex(code)
  }
}

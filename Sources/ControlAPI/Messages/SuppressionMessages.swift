package import Records
package import Wire

/// What a lead asks to be hidden, or to be limited where `limit` is set.
package struct SuppressionRequest: APIRequest, Equatable {
  package var rule: String?
  package var site: String?
  package var organisation: String?
  package var network: IPPrefix?
  package var filter: String?
  package var limit: Suppression.Limit?
  package var reason: String
  package var until: Timestamp
  package var hidesSuccess: Bool
  package init(
    rule: String? = nil, site: String? = nil, organisation: String? = nil, network: IPPrefix? = nil,
    filter: String? = nil, limit: Suppression.Limit? = nil, reason: String, until: Timestamp, hidesSuccess: Bool = false
  ) {
    self.rule = rule
    self.site = site
    self.organisation = organisation
    self.network = network
    self.filter = filter
    self.limit = limit
    self.reason = reason
    self.until = until
    self.hidesSuccess = hidesSuccess
  }
}

package struct SuppressionEnd: APIRequest, Equatable {
  package var id: String
  package init(id: String) { self.id = id }
}

/// A suppression and what it has hidden.
package struct SuppressionItem: Codable, Sendable, Equatable {
  package var suppression: Suppression
  package var holds: Bool
  package var alerts: Int64
  package var rows: Int64
  /// The newest first, at most 90.
  package var days: [SuppressionDay]
  package init(suppression: Suppression, holds: Bool, days: [SuppressionDay]) {
    self.suppression = suppression
    self.holds = holds
    self.days = days
    alerts = days.reduce(0) { $0 + $1.alerts }
    rows = days.reduce(0) { $0 + $1.rows }
  }
}

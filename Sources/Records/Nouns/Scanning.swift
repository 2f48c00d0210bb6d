package import Wire

/// One engine on one target, within the connections it declared, until the deadline.
package struct ScanJob: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var engine: String
  package var site: String?
  package var target: Target
  package var probeClass: ProbeClass
  /// The authorisation that covers it (an id, or the operator's own words), and the networks that an address
  /// connected to must lie in; empty: any address that is not refused by itself.
  package var authorisation: String
  package var allowedNetworks: [IPPrefix]
  /// How long the engine may take, in milliseconds, from its first connect.
  package var deadlineMilliseconds: Int
  package var attempt: Int
  package init(
    id: String, engine: String, site: String? = nil, target: Target, probeClass: ProbeClass, authorisation: String,
    allowedNetworks: [IPPrefix] = [], deadlineMilliseconds: Int = 20_000, attempt: Int = 1
  ) {
    self.id = id
    self.engine = engine
    self.site = site
    self.target = target
    self.probeClass = probeClass
    self.authorisation = authorisation
    self.allowedNetworks = allowedNetworks
    self.deadlineMilliseconds = deadlineMilliseconds
    self.attempt = attempt
  }
}

/// How a job ended. A failed scan is data.
package struct ScanOutcome: Codable, Sendable, Hashable {
  package enum Status: String, Codable, Sendable { case completed, partial, failed, refused, stopped }
  /// Whose fault it was: the site's, the network's, ours, or the operator's decision.
  package enum Source: String, Codable, Sendable { case site, network, vigil, policy }
  package enum Retry: Codable, Sendable, Hashable {
    case no
    case after(seconds: Int)
  }
  package var job: String
  package var engine: String
  package var site: String?
  package var status: Status
  /// A sentence, lower case: `connection refused by 192.0.2.1:443`.
  package var reason: String
  package var source: Source
  package var retry: Retry
  package var started: Timestamp
  package var ended: Timestamp
  package var connections: Int
  package init(
    job: String, engine: String, site: String? = nil, status: Status, reason: String = "", source: Source = .vigil,
    retry: Retry = .no, started: Timestamp, ended: Timestamp, connections: Int = 0
  ) {
    self.job = job
    self.engine = engine
    self.site = site
    self.status = status
    self.reason = reason
    self.source = source
    self.retry = retry
    self.started = started
    self.ended = ended
    self.connections = connections
  }
}

/// Per (site, check, engine): tested, or skipped and why, and when. *Not covered* is never *fixed*.
package struct CoverageEntry: Codable, Sendable, Hashable {
  package enum Status: String, Codable, Sendable { case tested, skipped, notAuthorised, notDetermined, stopped }
  package var site: String
  /// A check, or `*` for the engine as a whole.
  package var check: String
  package var engine: String
  package var status: Status
  package var reason: String
  package var time: Timestamp
  package init(
    site: String, check: String = "*", engine: String, status: Status, reason: String = "", time: Timestamp
  ) {
    self.site = site
    self.check = check
    self.engine = engine
    self.status = status
    self.reason = reason
    self.time = time
  }
}

/// A scan job taken by a scanner until a time; taken again once when its holder dies.
package struct Lease: Codable, Sendable, Hashable, Identifiable {
  package var id: Int64
  package var job: ScanJob
  package var holder: String
  package var until: Timestamp
  package init(id: Int64, job: ScanJob, holder: String, until: Timestamp) {
    self.id = id
    self.job = job
    self.holder = holder
    self.until = until
  }
}

/// The operator's stop: no scan of `site` (nil: of any) until it is taken back. Survives restarts.
package struct ScanStop: Codable, Sendable, Hashable {
  package var site: String?
  package var by: String
  package var since: Timestamp
  package init(site: String?, by: String, since: Timestamp) {
    self.site = site
    self.by = by
    self.since = since
  }
}

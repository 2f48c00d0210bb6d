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
  /// How long the engine may take, in milliseconds, from its first connect; 0: what the engine declares for the job.
  package var deadlineMilliseconds: Int
  package var attempt: Int
  package var options: ScanOptions
  /// The hosting that the site shares: its own limits hold beside those of the address.
  package var platform: String?
  /// The end of the site's maintenance window, while it is in one: what is found alarms nobody.
  package var maintenanceUntil: Timestamp?
  /// Another look follows soon where the engine asks for one (`ScanOutcome.retry`): what it doubts may wait for it.
  package var asksAgain = false
  /// What the engine gave to be kept when it last looked at this target (`EngineMemory.body`); nil at the first look.
  package var known: String?
  package init(
    id: String, engine: String, site: String? = nil, target: Target, probeClass: ProbeClass, authorisation: String,
    allowedNetworks: [IPPrefix] = [], deadlineMilliseconds: Int = 0, attempt: Int = 1,
    options: ScanOptions = .init(), platform: String? = nil, known: String? = nil
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
    self.options = options
    self.platform = platform
    self.known = known
  }
}

/// What a job asks beyond its engine's defaults. Nil and empty: the engine's own.
package struct ScanOptions: Codable, Sendable, Hashable {
  /// TCP ports for the ports engine, as ranges.
  package var ports: [ClosedRange<UInt16>]
  /// Pages for the content engine.
  package var pages: Int?
  /// The protocol whose STARTTLS comes before the hello: `smtp`, `imap`, `pop3`, `ftp`, `ldap`, `postgresql`, `mysql`,
  /// `rdp`.
  package var startTLS: String?
  /// No server name in hellos: what a visitor by address sees.
  package var omitsServerName: Bool
  /// Half the pace and twice the patience, for servers that shed load.
  package var isSlow: Bool
  /// The ten hellos of JARM besides.
  package var wantsJARM: Bool
  /// What differs from the engine's memory was accepted by a person: it is the new baseline, and no change.
  package var acceptsChange: Bool

  package init(
    ports: [ClosedRange<UInt16>] = [], pages: Int? = nil, startTLS: String? = nil, omitsServerName: Bool = false,
    isSlow: Bool = false, wantsJARM: Bool = false, acceptsChange: Bool = false
  ) {
    self.ports = ports
    self.pages = pages
    self.startTLS = startTLS
    self.omitsServerName = omitsServerName
    self.isSlow = isSlow
    self.wantsJARM = wantsJARM
    self.acceptsChange = acceptsChange
  }
}

/// What an engine wants to find again at its next look at the same target: a known certificate, a baseline of pages.
/// The hub keeps the newest per (site, engine) and gives it back with the next job; it never reads the body.
package struct EngineMemory: Codable, Sendable, Hashable {
  package var site: String
  package var engine: String
  package var time: Timestamp
  /// The engine's own JSON, masked like evidence.
  package var body: String

  /// A larger one is not kept: the seam carries records of at most a megabyte.
  package static let bodyLimit = 256 << 10

  package init(site: String, engine: String, time: Timestamp, body: String) {
    self.site = site
    self.engine = engine
    self.time = time
    self.body = body
  }
}

/// How a job ended. A failed scan is data.
package struct ScanOutcome: Codable, Sendable, Hashable {
  package enum Status: String, Codable, Sendable, CaseIterable { case completed, partial, failed, refused, stopped }
  /// Whose fault it was: the site's, the network's, ours, or the operator's decision.
  /// *Blocked* and *rate limited*: the site answers, but not us.
  package enum Source: String, Codable, Sendable, CaseIterable {
    case site, network, vigil, policy, blocked, rateLimited
  }
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

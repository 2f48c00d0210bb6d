package import Records
package import Wire

/// Where the scans stand: what is fresh, what runs, what is due and how late, what waits and why.
package struct ScanOverview: Codable, Sendable, Equatable {
  package var sites: Int
  /// Tested within their own interval.
  package var fresh: Int
  package var never: Int
  package var notAuthorised: Int
  package var running: Int
  /// Jobs whose time has come and that do not run yet.
  package var due: Int
  package var stops: [ScanStop]
  package var nextDue: Timestamp?
  package var classes: [ScanClass]
  package var held: [ScanHold]
  /// The first of those that run.
  package var jobs: [RunningScan]
  /// In force or to come.
  package var guards: [GuardPeriod]
  package init(
    sites: Int, fresh: Int, never: Int, notAuthorised: Int, running: Int, due: Int, stops: [ScanStop],
    nextDue: Timestamp? = nil, classes: [ScanClass] = [], held: [ScanHold] = [], jobs: [RunningScan] = [],
    guards: [GuardPeriod] = []
  ) {
    self.sites = sites
    self.fresh = fresh
    self.never = never
    self.notAuthorised = notAuthorised
    self.running = running
    self.due = due
    self.stops = stops
    self.nextDue = nextDue
    self.classes = classes
    self.held = held
    self.jobs = jobs
    self.guards = guards
  }
}

/// One class of cadence: availability, watch, pages, risk.
package struct ScanClass: Codable, Sendable, Equatable {
  package var name: String
  package var jobs: Int
  package var running: Int
  package var due: Int
  /// How long the one that waits longest is over its time.
  package var lagSeconds: Double
  package init(name: String, jobs: Int, running: Int, due: Int, lagSeconds: Double) {
    self.name = name
    self.jobs = jobs
    self.running = running
    self.due = due
    self.lagSeconds = lagSeconds
  }
}

/// Jobs that wait for a reason.
package struct ScanHold: Codable, Sendable, Equatable {
  package var reason: String
  package var jobs: Int
  package init(reason: String, jobs: Int) {
    self.reason = reason
    self.jobs = jobs
  }
}

package struct RunningScan: Codable, Sendable, Equatable {
  package var site: String
  package var engine: String
  package var scanner: String
  /// When it is taken back, unless its scanner renews it.
  package var until: Timestamp
  package init(site: String, engine: String, scanner: String, until: Timestamp) {
    self.site = site
    self.engine = engine
    self.scanner = scanner
    self.until = until
  }
}

package import Wire

/// Per (site, check, engine): tested, or skipped and why, and when. *Not covered* is never *fixed*.
package struct CoverageEntry: Codable, Sendable, Hashable {
  package enum Status: String, Codable, Sendable, CaseIterable {
    case tested, skipped, notAuthorised, notDetermined, stopped
  }
  package var site: String
  /// A check, or `*` for the engine as a whole.
  package var check: String
  package var engine: String
  package var status: Status
  package var reason: String
  package var time: Timestamp
  /// When it was last tested, where the last word is another.
  package var tested: Timestamp?
  package init(
    site: String, check: String = "*", engine: String, status: Status, reason: String = "", time: Timestamp,
    tested: Timestamp? = nil
  ) {
    self.site = site
    self.check = check
    self.engine = engine
    self.status = status
    self.reason = reason
    self.time = time
    self.tested = tested
  }
}

/// The same for all checks of one engine on one site, in one row: the whole, and only those checks that its last test
/// left open. 2,000 sites with 200 checks are 14,000 rows, each written once a job.
package struct EngineCoverage: Codable, Sendable, Hashable {
  package struct OpenCheck: Codable, Sendable, Hashable {
    package var status: CoverageEntry.Status
    package var reason: String
    /// When it was last tested; nil: never.
    package var tested: Timestamp?
  }
  package var site: String
  package var engine: String
  /// The last word on the engine as a whole.
  package var status: CoverageEntry.Status
  package var reason: String
  package var time: Timestamp
  /// When the site was last tested by the engine, and so were all checks that are not in `open`; nil: never.
  package var tested: Timestamp?
  package var open: [String: OpenCheck]

  /// An engine has at most a few hundred checks; more open ones than this are not kept singly.
  package static let openLimit = 1000

  package init(
    site: String, engine: String, status: CoverageEntry.Status, reason: String = "", time: Timestamp,
    tested: Timestamp? = nil, open: [String: OpenCheck] = [:]
  ) {
    self.site = site
    self.engine = engine
    self.status = status
    self.reason = reason
    self.time = time
    self.tested = tested
    self.open = open
  }

  /// Out of a report's entries: the engine's own (`*`), and each check that was not tested. Nil without the first.
  package init?(_ entries: [CoverageEntry]) {
    guard let whole = entries.first(where: { $0.check == "*" }) else { return nil }
    self.init(
      site: whole.site, engine: whole.engine, status: whole.status, reason: whole.reason, time: whole.time,
      tested: whole.status == .tested ? whole.time : nil)
    guard whole.status == .tested else { return }
    for entry in entries where entry.check != "*" && open.count < EngineCoverage.openLimit {
      open[entry.check] = OpenCheck(status: entry.status, reason: entry.reason)
    }
  }

  /// This word after an older one: a test says which checks it left open, and when those were tested before; any other
  /// word leaves what was tested as it was.
  package func following(_ old: EngineCoverage?) -> EngineCoverage {
    guard let old else { return self }
    var new = self
    guard status == .tested else {
      (new.tested, new.open) = (old.tested, old.open)
      return new
    }
    for check in open.keys { new.open[check]?.tested = old.open[check].map(\.tested) ?? old.tested }
    return new
  }

  /// Entry by entry: the whole first, then each of `checks`, as far as the engine was ever there.
  package func entries(checks: [String]) -> [CoverageEntry] {
    var result = [
      CoverageEntry(
        site: site, engine: engine, status: status, reason: reason, time: time,
        tested: status == .tested ? nil : tested)
    ]
    guard let tested else { return result }
    for check in Set(checks).union(open.keys).sorted() {
      if let left = open[check] {
        result.append(
          CoverageEntry(
            site: site, check: check, engine: engine, status: left.status, reason: left.reason, time: tested,
            tested: left.tested))
      } else {
        result.append(CoverageEntry(site: site, check: check, engine: engine, status: .tested, time: tested))
      }
    }
    return result
  }
}

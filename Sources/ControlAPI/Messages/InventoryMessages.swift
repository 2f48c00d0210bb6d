package import Records
package import Wire

package struct ImportRequest: APIRequest, Equatable {
  package enum Form: String, Codable, Sendable, CaseIterable { case csv, yaml, json }
  package var form: Form
  /// The file's name, for the places in errors.
  package var name: String
  package var text: String
  package var dryRun: Bool
  /// Takes over what is right although something is wrong.
  package var partial: Bool?
  /// What the file does not name goes; without it, the file is laid over what is there, by id.
  package var replace: Bool?
  /// `ImportReport.snapshot` of the dry run: an inventory that was changed since is not overwritten.
  package var snapshot: String?

  package init(
    form: Form, name: String, text: String, dryRun: Bool, partial: Bool? = nil, replace: Bool? = nil,
    snapshot: String? = nil
  ) {
    self.form = form
    self.name = name
    self.text = text
    self.dryRun = dryRun
    self.partial = partial
    self.replace = replace
    self.snapshot = snapshot
  }
}

package struct ImportReport: Codable, Sendable, Equatable {
  package var dryRun: Bool
  /// Ids of sites.
  package var added: [String]
  package var changed: [String]
  package var removed: [String]
  package var unchanged: Int
  package var organisations: Int
  package var authorisations: Int
  /// Sites that no valid authorisation covers: they are kept, and not scanned.
  package var notAuthorised: [String]
  /// `file:line:column: sentence; hint`. With any of these, nothing is taken over, unless in part was asked for.
  package var problems: [String]
  package var warnings: [String]
  /// Every entry that differs, of sites and all else; at most `mostChanges`.
  package var changes: [InventoryChange]
  package var changesLeftOut: Int
  /// Names the inventory that the changes are counted from.
  package var snapshot: String
  package static let mostChanges = 2000

  package init(
    dryRun: Bool, added: [String] = [], changed: [String] = [], removed: [String] = [], unchanged: Int = 0,
    organisations: Int = 0, authorisations: Int = 0, notAuthorised: [String] = [], problems: [String] = [],
    warnings: [String] = [], changes: [InventoryChange] = [], snapshot: String = ""
  ) {
    self.dryRun = dryRun
    self.added = added
    self.changed = changed
    self.removed = removed
    self.unchanged = unchanged
    self.organisations = organisations
    self.authorisations = authorisations
    self.notAuthorised = notAuthorised
    self.problems = problems
    self.warnings = warnings
    self.changes = Array(changes.prefix(ImportReport.mostChanges))
    self.changesLeftOut = changes.count - self.changes.count
    self.snapshot = snapshot
  }
}

package struct ExportRequest: APIRequest, Equatable {
  package var form: ImportRequest.Form
  package init(form: ImportRequest.Form) { self.form = form }

  package static var queryNames: [String] { ["form"] }
  package var query: [(name: String, value: String)] { [("form", form.rawValue)] }
  package init(query: [String: String]) throws(APIProblem) {
    let name = query["form"] ?? "yaml"
    guard let form = ImportRequest.Form(rawValue: name) else {
      throw APIProblem(.badRequest, "form is \(name.prefix(32)), not csv, yaml or json")
    }
    self.form = form
  }
}

package struct ExportAnswer: Codable, Sendable, Equatable {
  package var form: ImportRequest.Form
  package var text: String
  package var snapshot: String
  package init(form: ImportRequest.Form, text: String, snapshot: String) {
    self.form = form
    self.text = text
    self.snapshot = snapshot
  }
}

package struct ProposalsRequest: APIRequest, Equatable {
  /// Nil: all.
  package var state: Proposal.State?
  package var site: String?
  package var limit: Int
  package static let mostRows = 10_000

  package init(state: Proposal.State? = nil, site: String? = nil, limit: Int = 1000) {
    self.state = state
    self.site = site
    self.limit = limit
  }

  package static var queryNames: [String] { ["state", "site", "limit"] }
  package var query: [(name: String, value: String)] {
    var result = [(name: "limit", value: String(limit))]
    if let state { result.append(("state", state.rawValue)) }
    if let site { result.append(("site", site)) }
    return result
  }
  package init(query: [String: String]) throws(APIProblem) {
    let state = query["state"].map { Proposal.State(rawValue: $0) }
    guard state != .some(nil) else {
      throw APIProblem(.badRequest, "state is not proposed, accepted or declined")
    }
    guard let limit = Int(query["limit"] ?? "1000"), (1...ProposalsRequest.mostRows).contains(limit) else {
      throw APIProblem(.badRequest, "limit is not 1 to \(ProposalsRequest.mostRows)")
    }
    self.init(state: state ?? nil, site: query["site"], limit: limit)
  }
}

/// A person's word on proposals; each is tried by itself.
package struct ProposalDecision: APIRequest, Equatable {
  package var ids: [String]
  package var accept: Bool
  package static let mostRows = 1000
  package init(ids: [String], accept: Bool) {
    self.ids = ids
    self.accept = accept
  }
}

package struct ProposalReport: Codable, Sendable, Equatable {
  /// As they are now.
  package var done: [Proposal]
  /// `id: why not`.
  package var refused: [String]
  /// Sites that came of it and that no authorisation covers.
  package var notAuthorised: [String]
  package init(done: [Proposal], refused: [String], notAuthorised: [String]) {
    self.done = done
    self.refused = refused
    self.notAuthorised = notAuthorised
  }
}

/// What the owners of sites are told about our scans, as data; the command prints it as a letter.
package struct ScanningNotice: Codable, Sendable, Equatable {
  package var city: String
  package var date: Timestamp
  /// Addresses and networks that the configuration names; empty where it names none.
  package var configured: [String]
  /// What the machines of the scanners at work have themselves.
  package var seen: [String]
  /// Whom to call; empty where the configuration names nobody.
  package var contact: String
  package var userAgent: String
  package var sites: Int
  package var organisations: Int
  package init(
    city: String, date: Timestamp, configured: [String], seen: [String], contact: String, userAgent: String, sites: Int,
    organisations: Int
  ) {
    self.city = city
    self.date = date
    self.configured = configured
    self.seen = seen
    self.contact = contact
    self.userAgent = userAgent
    self.sites = sites
    self.organisations = organisations
  }
}

package import Records
package import Wire

/// What rules, templates and tables are in force, whence, and how old.
package struct ContentReport: Codable, Sendable, Equatable {
  package var time: Timestamp
  /// Rises with every import and every step back; 0 where nothing was ever imported.
  package var serial: Int
  /// Content older than this is told as old.
  package var staleDays: Int
  package var kinds: [ContentItem]
  /// Sensors and scanners that work with other content than what is in force.
  package var behind: [ContentRole]
  package init(time: Timestamp, serial: Int, staleDays: Int, kinds: [ContentItem], behind: [ContentRole]) {
    self.time = time
    self.serial = serial
    self.staleDays = staleDays
    self.kinds = kinds
    self.behind = behind
  }
}

/// One kind of content.
package struct ContentItem: Codable, Sendable, Hashable {
  package var kind: String
  package var title: BilingualText
  /// As its maker calls it; nil where nothing of the kind is there.
  package var version: String?
  /// When its maker made it, or held it against its sources; nil where that is not known.
  package var made: Timestamp?
  package var installed: Timestamp?
  package var by: String?
  /// The bundle's file, or `vigil` for what came with the program.
  package var source: String?
  /// SHA-256 of the bundle.
  package var digest: String?
  /// The key that signed the bundle; nil where it was believed by its hash, or came with the program.
  package var signer: String?
  package var ageSeconds: Double?
  package var isStale: Bool
  /// Why it is not what counts, where the configuration names other files.
  package var note: String?
  package init(
    kind: String, title: BilingualText, version: String? = nil, made: Timestamp? = nil, installed: Timestamp? = nil,
    by: String? = nil, source: String? = nil, digest: String? = nil, signer: String? = nil,
    ageSeconds: Double? = nil, isStale: Bool = false, note: String? = nil
  ) {
    self.kind = kind
    self.title = title
    self.version = version
    self.made = made
    self.installed = installed
    self.by = by
    self.source = source
    self.digest = digest
    self.signer = signer
    self.ageSeconds = ageSeconds
    self.isStale = isStale
    self.note = note
  }
}

/// A role that does not yet work with what is in force.
package struct ContentRole: Codable, Sendable, Hashable {
  package var source: String
  /// What it answered when it was told.
  package var answer: String?
  package init(source: String, answer: String? = nil) {
    self.source = source
    self.answer = answer
  }
}

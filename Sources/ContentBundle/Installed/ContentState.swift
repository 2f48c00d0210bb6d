internal import Records
package import Wire

/// Which content is in force, kind by kind, and what was before: the one small file whose renaming is the switch.
package struct ContentState: Codable, Hashable, Sendable {
  /// One kind's content, and whence it came.
  package struct Part: Codable, Hashable, Sendable {
    package var kind: ContentKind
    /// Below the content folder.
    package var folder: String
    /// SHA-256 of the bundle.
    package var digest: String
    package var version: String
    package var made: Timestamp
    package var installed: Timestamp
    package var by: String
    /// The bundle's file name.
    package var source: String
    /// The key that signed it; nil where it was believed by its hash.
    package var signer: String?
    package var files: Int
  }

  /// One switch, for the audit: who, what, what was before.
  package struct Switch: Codable, Hashable, Sendable {
    package enum Act: String, Codable, Sendable { case `import`, rollback, shipped }
    /// Rising by one.
    package var serial: Int
    package var time: Timestamp
    package var by: String
    package var act: Act
    package var before: String
    package var after: String
  }

  /// Of kinds that a bundle brought, by kind; what is not here is what came with the program.
  package var parts: [Part] = []
  /// What was in force before, the newest first.
  package var earlier: [[Part]] = []
  /// When the newest of each kind that was ever imported was made: a step back opens no door to what is older.
  package var newest: [String: Timestamp] = [:]
  /// The newest last.
  package var switches: [Switch] = []

  /// As many steps back as there are: each keeps whole folders on the disk.
  package static let earlierLimit = 3
  /// A hub that was away for so many switches misses the oldest in its audit.
  package static let switchLimit = 64

  package init() {}

  package var serial: Int { switches.last?.serial ?? 0 }
  package subscript(kind: ContentKind) -> Part? { parts.first { $0.kind == kind } }
  /// Every folder that something may still need.
  var folders: Set<String> { Set((parts + earlier.flatMap(\.self)).map(\.folder)) }

  /// In words, for the audit.
  package static func text(_ parts: [Part]) -> String {
    guard !parts.isEmpty else { return "what came with the program" }
    return parts.map { "\($0.kind.rawValue) \($0.version) (\($0.digest.prefix(16)))" }.joined(separator: ", ")
  }

  /// What a role works with: equal for equal content, empty for what came with the program.
  package func mark(of reader: ContentKind.Reader) -> String {
    parts.filter { $0.kind.reader == reader }.map { "\($0.kind.rawValue):\($0.folder)" }.joined(separator: ",")
  }

  // MARK: what may come, and what follows

  /// Why a bundle may not take the place of what is in force.
  package func refusal(of manifest: BundleManifest, now: Timestamp, limits: BundleLimits, allowsOlder: Bool)
    -> BundleError?
  {
    if manifest.made > now.advanced(seconds: limits.secondsAhead) {
      return BundleError(
        .fromFuture, "the bundle was made at \(manifest.made.text), and here it is \(now.text)",
        hint: "set this machine's clock, or ask the bundle's maker")
    }
    guard !allowsOlder else { return nil }
    for kind in manifest.kinds {
      guard let last = newest[kind.rawValue], manifest.made < last else { continue }
      return BundleError(
        .older,
        "the bundle's \(kind.rawValue) of \(manifest.made.text) are older than the newest imported here, of \(last.text)",
        hint: "add --allow-older if that is what you want")
    }
    return nil
  }

  /// With `fresh` in the place of the same kinds.
  package func importing(_ fresh: [Part], by: String, at now: Timestamp) -> ContentState {
    let kinds = Set(fresh.map(\.kind))
    let parts = (self.parts.filter { !kinds.contains($0.kind) } + fresh).sorted { $0.kind < $1.kind }
    var state = self
    for part in fresh { state.newest[part.kind.rawValue] = max(part.made, newest[part.kind.rawValue] ?? part.made) }
    return state.switched(to: parts, earlier: [self.parts] + earlier, .import, by, now)
  }

  /// One step back; nil where there is none.
  package func rolledBack(by: String, at now: Timestamp) -> ContentState? {
    guard let last = earlier.first else { return nil }
    return switched(to: last, earlier: Array(earlier.dropFirst()), .rollback, by, now)
  }

  /// Back to what came with the program; nil where that is in force.
  package func shipped(by: String, at now: Timestamp) -> ContentState? {
    guard !parts.isEmpty else { return nil }
    return switched(to: [], earlier: [parts] + earlier, .shipped, by, now)
  }

  private func switched(
    to parts: [Part], earlier: [[Part]], _ act: Switch.Act, _ by: String, _ now: Timestamp
  ) -> ContentState {
    var state = self
    state.parts = parts
    state.earlier = Array(earlier.prefix(ContentState.earlierLimit))
    let entry = Switch(
      serial: serial + 1, time: now, by: by, act: act, before: ContentState.text(self.parts),
      after: ContentState.text(parts))
    state.switches = Array((switches + [entry]).suffix(ContentState.switchLimit))
    return state
  }
}

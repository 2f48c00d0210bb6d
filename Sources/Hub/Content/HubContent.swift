package import ContentBundle
package import ControlAPI
internal import Records
package import Wire

/// Content as the hub is given it: where it is, and what of it the hub read at its start.
package struct HubContent: Sendable {
  package var folder: ContentFolder
  /// What was in force when the indicator tree was read.
  package var state: ContentState
  package var shipped: ShippedContent
  /// The program's version, which what came with it has too.
  package var version: String
  /// The tree that comes with the program; nil where the configuration names one, which no bundle then replaces.
  package var shippedPosture: String?

  package init(
    folder: ContentFolder, state: ContentState, shipped: ShippedContent, version: String, shippedPosture: String?
  ) {
    self.folder = folder
    self.state = state
    self.shipped = shipped
    self.version = version
    self.shippedPosture = shippedPosture
  }

  /// Where the indicator tree of `state` is; nil where no bundle decides about it.
  func posture(in state: ContentState) -> String? {
    shippedPosture.map { folder.folder(of: .posture, in: state) ?? $0 }
  }

  /// Every kind with its age, in the order of `ContentKind`.
  package func items(_ state: ContentState, _ configuration: Configuration, now: Timestamp) -> [ContentItem] {
    ContentKind.allCases.map { kind in
      var item = item(kind, state)
      item.ageSeconds = item.made.map { max(Double(now.nanoseconds(since: $0)) / 1e9, 0) }
      item.isStale = item.ageSeconds.map { $0 > Double(configuration.content.staleDays) * 86_400 } ?? false
      item.note = configuration.insteadOfContent(kind)
      return item
    }
  }

  private func item(_ kind: ContentKind, _ state: ContentState) -> ContentItem {
    if let part = state[kind] {
      return ContentItem(
        kind: kind.rawValue, title: kind.title, version: part.version, made: part.made, installed: part.installed,
        by: part.by, source: part.source, digest: part.digest, signer: part.signer)
    }
    guard kind.shippedFolder != nil, let made = shipped.made[kind] else {
      return ContentItem(kind: kind.rawValue, title: kind.title)
    }
    return ContentItem(kind: kind.rawValue, title: kind.title, version: version, made: made, source: "vigil")
  }
}

extension Configuration {
  /// Why a kind's content is not what counts; nil where it is.
  func insteadOfContent(_ kind: ContentKind) -> String? {
    switch kind {
    case .rules: rules.files.isEmpty ? nil : "rules.files names others"
    case .posture: rules.posture == nil ? nil : "rules.posture names another"
    case .trust: scan.trustStores.isEmpty ? nil : "only as far as scan.trustStores names it"
    default: nil
    }
  }
}

extension ContentItem {
  /// `network rules 45 days (2026.10 of 2026-10-11)`; nil where it is young, unknown or not used.
  var staleness: String? {
    guard isStale, note == nil, let ageSeconds, let version, let made else { return nil }
    return "\(title.en) \(Int(ageSeconds / 86_400)) days (\(version) of \(made.text.prefix(10)))"
  }
}

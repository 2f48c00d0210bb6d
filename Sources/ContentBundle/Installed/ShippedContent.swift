internal import Documents
internal import Records
package import Wire

/// What came with the program: when each kind was last held against its sources, by `Rules/shipped.yaml`.
package struct ShippedContent: Hashable, Sendable {
  package var made: [ContentKind: Timestamp] = [:]
  package init() {}

  /// `rules: 2026-11-25`, a line a kind.
  package init(path: String) throws(BundleError) {
    do {
      let root = try DocumentFile.value(path: path)
      if let first = root.unknownKeys(besides: ContentKind.allCases.map(\.rawValue)).first { throw first }
      for entry in try root.map() {
        guard let kind = ContentKind(rawValue: entry.key),
          let time = Timestamp(text: try entry.value.string() + "T00:00:00Z")
        else {
          throw DocumentError(
            .badValue, entry.value.position, "\(entry.value.kind) is no day", hint: "for example 2026-11-25")
        }
        made[kind] = time
      }
    } catch let error as DocumentError {
      throw BundleError(.unreadable, error.description)
    } catch {
      throw BundleError(.unreadable, "\(error)")
    }
  }
}

/// What a switch changes, file by file.
package struct ContentDifference: Codable, Hashable, Sendable {
  package var kind: ContentKind
  package var added: [String] = []
  package var removed: [String] = []
  package var changed: [String] = []

  package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

  /// Of two folders of the kind, by name and content; nil stands for one without any file.
  package init(_ kind: ContentKind, from old: String?, to new: String?) throws(BundleError) {
    self.kind = kind
    let before = try old.map(ContentDifference.hashes) ?? [:]
    let after = try new.map(ContentDifference.hashes) ?? [:]
    added = after.keys.filter { before[$0] == nil }.sorted()
    removed = before.keys.filter { after[$0] == nil }.sorted()
    changed = after.filter { before[$0.key] != nil && before[$0.key] != $0.value }.keys.sorted()
  }

  /// Only of files that the kind has: what else lies in a folder is nobody's content.
  private static func hashes(of folder: String) throws(BundleError) -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for entry in try FolderTree.files(in: folder) where entry.isRegular {
      let file = try BundleFile(folder + "/" + entry.path)
      var hash = RunningHash()
      while case let part = try file.read(1 << 16), !part.isEmpty { hash.add(part) }
      result[entry.path] = hash.digest()
    }
    return result
  }
}

internal import Glibc

/// The documents of a folder.
package enum DocumentFolder {
  /// Names that end in `.yaml` and are not hidden, sorted; nil where the folder cannot be read.
  package static func names(in path: String) -> [String]? {
    entries(in: path)?.filter { isDocument($0.name) }.map(\.name)
  }

  /// Folders below a folder: public collections have five.
  private static let depthLimit = 12
  /// Documents of a tree: the largest public collection has some 12,000.
  package static let treeLimit = 50_000

  /// Paths of the documents of a folder and of those below it, sorted, links to folders left out; nil where the folder
  /// itself cannot be read or has more than `treeLimit`.
  package static func tree(at path: String) -> [String]? {
    var result: [String] = []
    guard collect(path, 0, into: &result), result.count <= treeLimit else { return nil }
    return result.sorted()
  }

  /// Whether the path is a folder, by a link or itself.
  package static func isFolder(_ path: String) -> Bool {
    guard let folder = unsafe opendir(path) else { return false }
    unsafe closedir(folder)
    return true
  }

  private static func collect(_ path: String, _ depth: Int, into result: inout [String]) -> Bool {
    guard let entries = entries(in: path) else { return false }
    for entry in entries where result.count <= treeLimit {
      let place = path + "/" + entry.name
      if entry.isFolder {
        if depth < depthLimit { _ = collect(place, depth + 1, into: &result) }
      } else if isDocument(entry.name) {
        result.append(place)
      }
    }
    return true
  }

  private static func isDocument(_ name: String) -> Bool { name.hasSuffix(".yaml") }

  /// What is not hidden, sorted by name.
  private static func entries(in path: String) -> [(name: String, isFolder: Bool)]? {
    FolderListing.entries(in: path)?.filter { !$0.name.hasPrefix(".") }
      .map { ($0.name, isFolder($0.kind, path + "/" + $0.name)) }
  }

  /// Some file systems do not tell the kind of an entry: then it is asked for.
  private static func isFolder(_ kind: UInt8, _ path: String) -> Bool {
    guard kind == UInt8(DT_UNKNOWN) else { return kind == UInt8(DT_DIR) }
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

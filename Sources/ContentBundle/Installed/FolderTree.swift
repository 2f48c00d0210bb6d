internal import Documents
internal import Glibc

/// Files below a folder: what is there, and its end. No symbolic link is followed.
package enum FolderTree {
  package struct Entry: Hashable, Sendable {
    /// Relative to the folder that was asked for.
    package var path: String
    package var isRegular: Bool
    package var size: Int
  }

  /// All but folders, sorted by path. A folder that cannot be read ends it.
  /// `limits`: deeper and more than a bundle may have is not looked at.
  package static func files(
    in folder: String, limits: BundleLimits = .init()
  ) throws(BundleError) -> [Entry] {
    var result: [Entry] = []
    try walk(folder, below: "", depth: 0, limits, &result)
    return result.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func walk(
    _ folder: String, below prefix: String, depth: Int, _ limits: BundleLimits, _ result: inout [Entry]
  ) throws(BundleError) {
    guard depth < limits.depth else {
      throw BundleError(.badPath, "\(folder) is deeper than \(limits.depth) folders, the limit")
    }
    for name in try names(in: folder) {
      var state = stat()
      let path = folder + "/" + name
      guard unsafe lstat(path, &state) == 0 else { throw BundleFile.failed("cannot read \(path)", hint: nil) }
      guard state.st_mode & S_IFMT == S_IFDIR else {
        result.append(
          Entry(path: prefix + name, isRegular: state.st_mode & S_IFMT == S_IFREG, size: Int(state.st_size)))
        guard result.count <= limits.files else {
          throw BundleError(.tooMany, "\(folder) has more than \(limits.files) files, the limit")
        }
        continue
      }
      try walk(path, below: prefix + name + "/", depth: depth + 1, limits, &result)
    }
  }

  static func names(in folder: String) throws(BundleError) -> [String] {
    guard let entries = FolderListing.entries(in: folder) else {
      throw BundleFile.failed("cannot read the folder \(folder)", hint: "check the path")
    }
    return entries.map(\.name)
  }

  /// Deletes `folder` and all below it; what cannot be deleted stays.
  package static func remove(_ folder: String) {
    for name in (try? names(in: folder)) ?? [] {
      let path = folder + "/" + name
      var state = stat()
      guard unsafe lstat(path, &state) == 0 else { continue }
      if state.st_mode & S_IFMT == S_IFDIR { remove(path) } else { unsafe _ = unlink(path) }
    }
    unsafe _ = rmdir(folder)
  }
}

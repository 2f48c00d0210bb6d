internal import Glibc

/// What lies in a folder.
package enum FolderListing {
  package struct Entry: Sendable {
    package var name: String
    /// As readdir(3) tells it; `DT_UNKNOWN` where the file system does not.
    package var kind: UInt8
  }

  /// Sorted by name, without `.` and `..`; nil where the folder cannot be read (`errno` says why).
  package static func entries(in folder: String) -> [Entry]? {
    guard let directory = unsafe opendir(folder) else { return nil }
    defer { unsafe closedir(directory) }
    var entries: [Entry] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { entries.append(Entry(name: name, kind: unsafe entry.pointee.d_type)) }
    }
    return entries.sorted { $0.name < $1.name }
  }
}

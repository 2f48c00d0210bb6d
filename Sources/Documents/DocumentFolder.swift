internal import Glibc

/// The documents of a folder.
package enum DocumentFolder {
  /// Names that end in `.yaml` and are not hidden, sorted; nil where the folder cannot be read.
  package static func names(in path: String) -> [String]? {
    guard let folder = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(folder) }
    var result: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name.hasSuffix(".yaml"), !name.hasPrefix(".") { result.append(name) }
    }
    return result.sorted()
  }
}

internal import Glibc

/// Where the files that come with the program are: `Rules`, `Dashboards`.
///
/// Looked for in `VIGIL_SHARE`, in `share/vigil` beside the binary's folder, and in the folders above the binary (a
/// build in a checkout).
package enum InstalledFiles {
  /// The path of `name`; nil where it is nowhere.
  package static func path(_ name: String) -> String? {
    folders.map { "\($0)/\(name)" }.first { unsafe access($0, R_OK) == 0 }
  }

  private static let folders: [String] = {
    var result: [String] = []
    if let named = unsafe getenv("VIGIL_SHARE") { result.append(unsafe String(cString: named)) }
    var folder = parent(binary)
    result.append(parent(folder) + "/share/vigil")
    while folder.count > 1 {
      folder = parent(folder)
      result.append(folder)
    }
    return result
  }()

  private static var binary: String {
    var target = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &target, target.count - 1)
    guard count > 0 else { return "" }
    return String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

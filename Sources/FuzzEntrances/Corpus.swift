internal import Glibc
internal import Sensor

/// The inputs on disk: `<folder>/<entrance>/<name>`.
package struct Corpus: Sendable {
  package let folder: String
  package init(folder: String) { self.folder = folder }

  /// Paths of an entrance's files, sorted.
  package func files(of entrance: FuzzEntrance) -> [String] {
    let place = "\(folder)/\(entrance.rawValue)"
    guard let directory = unsafe opendir(place) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append("\(place)/\(name)") }
    }
    return names.sorted()
  }

  package static func bytes(of path: String) throws -> [UInt8] { try RuleLoading.bytes(of: path) }
}

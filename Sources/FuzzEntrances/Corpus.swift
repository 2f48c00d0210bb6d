internal import Documents
internal import Glibc
internal import Sensor

/// The inputs on disk: `<folder>/<entrance>/<name>`.
package struct Corpus: Sendable {
  package let folder: String
  package init(folder: String) { self.folder = folder }

  /// Paths of an entrance's files, sorted.
  package func files(of entrance: FuzzEntrance) -> [String] {
    let place = "\(folder)/\(entrance.rawValue)"
    return (FolderListing.entries(in: place) ?? []).map(\.name).filter { !$0.hasPrefix(".") }.map { "\(place)/\($0)" }
  }

  package static func bytes(of path: String) throws -> [UInt8] { try RuleLoading.bytes(of: path) }
}

import Documents
import Glibc

/// The definitions of a folder, and whether they changed since.
struct DefinitionFolder {
  let path: String

  var files: [String] { (DocumentFolder.names(in: path) ?? []).map { "\(path)/\($0)" } }

  /// Every definition, or the first mistake in one of them.
  func read() -> (definitions: [Definition], problem: String?) {
    let read = files.map { DefinitionReader.read(path: $0) }
    let definitions = read.compactMap(\.definition)
    if let problem = read.flatMap(\.problems).first { return (definitions, problem.description) }
    if definitions.isEmpty { return ([], "\(path): no definition (*.yaml) is there") }
    let ids = definitions.map(\.id)
    if let twice = ids.first(where: { id in ids.count { $0 == id } > 1 }) {
      return (definitions, "\(path): two definitions have the id \"\(twice)\"")
    }
    return (definitions, nil)
  }

  /// Changes when a file is written, made or removed.
  var stamp: [String] {
    files.map { file in
      var status = stat()
      guard unsafe stat(file, &status) == 0 else { return file }
      return "\(file) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_size) \(status.st_ino)"
    }
  }
}

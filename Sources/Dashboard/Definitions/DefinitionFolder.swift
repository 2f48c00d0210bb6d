import Documents
import Glibc

/// The definitions of a folder, and whether they changed since.
struct DefinitionFolder {
  let path: String

  /// What the folder has now.
  struct Reading: Sendable {
    /// Those that are right.
    var definitions: [Definition] = []
    /// Files with mistakes: of them the screen keeps what it had.
    var wrong: Set<String> = []
    /// The first mistake.
    var problem: String?
  }

  var files: [String] { (DocumentFolder.names(in: path) ?? []).map { "\(path)/\($0)" } }

  func read() -> Reading {
    var result = Reading()
    for file in files {
      guard isFile(file) else {
        result.wrong.insert(file)
        result.problem = result.problem ?? "\(file): this is no regular file (a pipe or a device would stop the screen)"
        continue
      }
      let (definition, problems) = DefinitionReader.read(path: file)
      if let problem = problems.first {
        result.wrong.insert(file)
        result.problem = result.problem ?? problem.description
      } else if let definition {
        result.add(definition)
      }
    }
    if result.definitions.isEmpty, result.problem == nil { result.problem = "\(path): no definition (*.yaml) is there" }
    return result
  }

  /// What cannot be looked at is the reader's to complain of.
  private func isFile(_ file: String) -> Bool {
    var status = stat()
    return unsafe stat(file, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// Every mistake in these files, and two that have one id.
  static func mistakes(in files: [String]) -> [String] {
    var mistakes: [String] = []
    var reading = Reading()
    for file in files {
      let (definition, problems) = DefinitionReader.read(path: file)
      mistakes += problems.map(\.description)
      if let definition { reading.add(definition) }
    }
    return mistakes + (reading.problem.map { [$0] } ?? [])
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

extension DefinitionFolder.Reading {
  /// Of two with one id the first by its file's name holds.
  fileprivate mutating func add(_ definition: Definition) {
    if let first = definitions.first(where: { $0.id == definition.id }) {
      wrong.insert(definition.file)
      problem = problem ?? "\(definition.file): the id \"\(definition.id)\" is that of \(first.file) already"
    } else {
      definitions.append(definition)
    }
  }
}

internal import Glibc

/// Where programs are looked for.
package enum ProgramPath {
  /// Not `$PATH`: what a scanner starts does not hang on who started the scanner.
  package static let folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"]

  /// The first of `names` that is a program there.
  package static func find(_ names: [String], in folders: [String] = ProgramPath.folders) -> String? {
    for folder in folders {
      for name in names where isProgram("\(folder)/\(name)") { return "\(folder)/\(name)" }
    }
    return nil
  }

  package static func isProgram(_ path: String) -> Bool {
    var state = stat()
    guard path.hasPrefix("/"), unsafe stat(path, &state) == 0, state.st_mode & S_IFMT == S_IFREG else { return false }
    return unsafe access(path, X_OK) == 0
  }
}

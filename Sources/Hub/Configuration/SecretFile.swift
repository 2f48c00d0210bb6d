internal import ControlAPI
internal import Documents
internal import Glibc

/// A secret in a file of its own: its first line. A file that others may read holds no secret.
enum SecretFile {
  static func line(path: String) throws -> String {
    var state = stat()
    if unsafe stat(path, &state) == 0, state.st_mode & 0o077 != 0 {
      throw OperatorMistake(
        "configuration.secretMode", at: path, "others than its owner may use this file, and it holds a secret",
        hint: "chmod 600 \(path)")
    }
    let text = try DocumentFile.text(path: path)
    return String(text.prefix { !$0.isNewline })
  }
}

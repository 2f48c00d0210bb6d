internal import Documents
internal import Glibc

/// Payloads in a file of their own: one a line, below the templates' folder and nowhere else.
struct PayloadFile {
  /// A look needs few; `TemplateConduct` says how many are too many.
  private static let lineLimit = 1000
  let folder: String?

  func lines(of value: DocumentValue) throws(DocumentError) -> [String] {
    let name = try value.string()
    guard let folder, let path = PayloadFile.path(name, below: folder) else {
      throw DocumentError(
        .badValue, value.position, "\(value.kind) is no file below the templates' folder",
        hint: "write the payloads as a list")
    }
    var limits = DocumentLimits()
    limits.bytes = 1 << 20
    let text = try DocumentFile.text(path: path, limits: limits)
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard lines.count <= PayloadFile.lineLimit else {
      throw DocumentError(
        .tooManyValues, value.position, "\(value.kind) has more than \(PayloadFile.lineLimit) lines, the limit")
    }
    return lines
  }

  /// Links are followed, and where they lead out the file is none.
  private static func path(_ name: String, below folder: String) -> String? {
    guard !name.contains("\0"), !name.hasPrefix("/"), let root = resolved(folder),
      let path = resolved("\(folder)/\(name)"), path.hasPrefix(root == "/" ? root : root + "/")
    else { return nil }
    return path
  }

  private static func resolved(_ path: String) -> String? {
    guard let result = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(result) }
    return unsafe String(validatingCString: result)
  }
}

internal import Documents
internal import Glibc
internal import Records

/// What templates nuclei may run: a folder whose whole content has the hash that the operator wrote down. Whoever can
/// change a template can make the scanner send anything, so a folder without its pin is not used.
package enum TemplatePin {
  /// The public collection has 12,000 files.
  private static let fileLimit = 50_000
  private static let bytesLimit = 256 << 20

  /// Why the templates may not be used; nil where they may.
  package static func problem(_ settings: ExternalSettings) -> String? {
    guard let folder = settings.templates else { return "no templates are named: scan.nucleiTemplates" }
    guard let found = pin(of: folder) else { return "the templates cannot be read: \(folder)" }
    guard let wanted = settings.pin, !wanted.isEmpty else {
      return "the templates are not pinned; to pin them as they are, write scan.nucleiPin: \(found)"
    }
    return wanted.lowercased() == found ? nil : "the templates are not those that were pinned: \(found)"
  }

  /// SHA-256 over the sorted `path NUL hash-of-content`; nil where a file cannot be read, is a link, or there are too
  /// many.
  package static func pin(of folder: String) -> String? {
    var files: [String] = []
    guard gather(folder, "", 0, &files), !files.isEmpty else { return nil }
    var lines: [UInt8] = []
    var total = 0
    for file in files.sorted() {
      guard let bytes = read("\(folder)/\(file)", bytesLimit - total) else { return nil }
      total += bytes.count
      lines += Array(file.utf8) + [0] + SHA256.digest(bytes)
    }
    return SHA256.hex(SHA256.digest(lines))
  }

  private static func gather(_ root: String, _ below: String, _ depth: Int, _ files: inout [String]) -> Bool {
    guard depth < 16, let entries = FolderListing.entries(in: below.isEmpty ? root : "\(root)/\(below)") else {
      return false
    }
    for entry in entries {
      let path = below.isEmpty ? entry.name : "\(below)/\(entry.name)"
      var state = stat()
      guard unsafe lstat("\(root)/\(path)", &state) == 0 else { return false }
      switch state.st_mode & S_IFMT {
      case S_IFDIR: guard gather(root, path, depth + 1, &files) else { return false }
      case S_IFREG: files.append(path)
      default: return false
      }
      guard files.count <= fileLimit else { return false }
    }
    return true
  }

  private static func read(_ path: String, _ limit: Int) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0, bytes.count + count <= limit else { return nil }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }
}

internal import Glibc

/// Reads whole text files, within limits, as valid UTF-8.
package enum DocumentFile {
  /// Reads, and parses by the name's ending: `.json` is JSON, anything else YAML.
  package static func value(path: String, limits: DocumentLimits = .init()) throws(DocumentError) -> DocumentValue {
    let text = try text(path: path, limits: limits)
    if path.lowercased().hasSuffix(".json") {
      return try JSONDocument.parse(text, file: path, limits: limits)
    }
    return try YAMLDocument.parse(text, file: path, limits: limits)
  }

  package static func text(path: String, limits: DocumentLimits = .init()) throws(DocumentError) -> String {
    let place = SourcePosition(file: path)
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(place, errno) }
    defer { _ = close(descriptor) }
    var bytes: [UInt8] = []
    let chunk = 1 << 16
    while true {
      var part = [UInt8](repeating: 0, count: chunk)
      let got = unsafe part.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, chunk) }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw unreadable(place, errno) }
      if got == 0 { break }
      bytes += part.prefix(got)
      guard bytes.count <= limits.bytes else { throw tooLarge(place, limits) }
    }
    return try text(bytes: bytes, file: path, limits: limits)
  }

  /// Checks size and UTF-8, drops a byte order mark.
  package static func text(
    bytes: [UInt8], file: String, limits: DocumentLimits = .init()
  ) throws(DocumentError) -> String {
    guard bytes.count <= limits.bytes else { throw tooLarge(SourcePosition(file: file), limits) }
    let body = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    if let text = String(validating: body, as: UTF8.self) { return text }
    throw DocumentError(
      .notUTF8, firstInvalid(body, file), "the text is not valid UTF-8",
      hint: "save it as UTF-8, for example: iconv -f gb18030 -t utf-8")
  }

  private static func tooLarge(_ place: SourcePosition, _ limits: DocumentLimits) -> DocumentError {
    DocumentError(.tooLarge, place, "the file has more than \(limits.bytes >> 20) MiB, the limit")
  }

  private static func unreadable(_ place: SourcePosition, _ code: Int32) -> DocumentError {
    let hint: String? =
      switch code {
      case ENOENT: "check the path"
      case EACCES: "make it readable for this user"
      case EISDIR: "name a file, not a folder"
      default: nil
      }
    let reason = unsafe String(cString: strerror(code)).lowercased()
    return DocumentError(.unreadable, place, "cannot read: \(reason)", hint: hint)
  }

  private static func firstInvalid(_ bytes: ArraySlice<UInt8>, _ file: String) -> SourcePosition {
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil {
        let good = (0...part.count).last { String(validating: part.prefix($0), as: UTF8.self) != nil } ?? 0
        let column = String(decoding: part.prefix(good), as: UTF8.self).unicodeScalars.count + 1
        return SourcePosition(file: file, line: line, column: column)
      }
      line += 1
    }
    return SourcePosition(file: file)
  }
}

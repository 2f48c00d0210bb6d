package import Documents

/// JSON reports: within bounds, and asked without demanding, for a report's unknown parts are not its reader's mistake.
package enum ToolJSON {
  package static func parse(_ bytes: [UInt8], file: String) throws(DocumentError) -> DocumentValue {
    var limits = DocumentLimits()
    (limits.bytes, limits.depth, limits.values) = (ToolReport.bytesLimit, 48, 2_000_000)
    guard bytes.count <= limits.bytes else {
      throw DocumentError(
        .tooLarge, SourcePosition(file: file), "the text has more than \(limits.bytes >> 20) MiB, the limit")
    }
    return try JSONDocument.parse(String(decoding: bytes, as: UTF8.self), file: file, limits: limits)
  }

  /// A text or a number as written; nil for anything else.
  package static func text(_ map: DocumentValue, _ key: String) -> String? { try? map[key]?.string() }
}

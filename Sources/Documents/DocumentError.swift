/// An operator's mistake in a document: what is wrong where, and what to do.
package struct DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Stable name for tests and for programs that read our messages.
  package enum Code: String, Sendable {
    case unreadable, tooLarge, notUTF8, syntax, tooDeep, tooManyValues, tooManyAliases, duplicateKey, severalDocuments
    case missingKey, unknownKey, wrongType, badValue, missingColumn, wrongFieldCount
  }

  package var code: Code
  package var position: SourcePosition
  /// Lower-case start, names the value and the limit.
  package var message: String
  package var hint: String?

  package init(_ code: Code, _ position: SourcePosition, _ message: String, hint: String? = nil) {
    self.code = code
    self.position = position
    self.message = message
    self.hint = hint
  }

  package var description: String {
    "\(position): \(message)" + (hint.map { " (\($0))" } ?? "")
  }
}

extension DocumentError {
  /// "did you mean ...?" when one of `known` is close, else the list when it is short.
  package static func suggestion(for word: String, among known: [String]) -> String? {
    let best = known.map { ($0, editDistance(word.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
    if let (name, distance) = best, distance <= max(1, word.count / 3) { return "did you mean \"\(name)\"?" }
    return known.count <= 12 && !known.isEmpty ? "known here: \(known.sorted().joined(separator: ", "))" : nil
  }

  private static func editDistance(_ a: String, _ b: String) -> Int {
    let (left, right) = (Array(a.unicodeScalars.prefix(64)), Array(b.unicodeScalars.prefix(64)))
    var row = Array(0...right.count)
    for (i, x) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in right.enumerated() {
        let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[right.count]
  }
}

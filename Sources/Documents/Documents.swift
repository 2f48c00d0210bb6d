/// Documents turns the text that operators write (YAML, JSON, CSV) into values that know their file, line and column.
///
///     file or text -> DocumentFile / YAMLDocument / JSONDocument -> DocumentValue -> typed accessors that throw
///     file or text -> CSVTable -> CSVRow -> CSVField
///
/// Every mistake is a `DocumentError`: code for tests, place, sentence, hint. Sizes, depth, values and aliases are
/// limited, since inventories are handed in by third parties. It does not know any schema: Hub's configuration, the
/// site inventory and the dashboards' layouts bring theirs and ask for keys by name. It writes nothing.
package struct SourcePosition: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var file: String
  /// From 1. Zero stands for the file as a whole.
  package var line: Int
  /// From 1, counted in Unicode scalars.
  package var column: Int

  package init(file: String, line: Int = 0, column: Int = 0) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var description: String { line == 0 ? file : "\(file):\(line):\(column)" }

  package static func < (a: SourcePosition, b: SourcePosition) -> Bool {
    (a.file, a.line, a.column) < (b.file, b.line, b.column)
  }
}

/// What a document may cost. The defaults hold an inventory of 100,000 sites.
package struct DocumentLimits: Sendable {
  /// A configuration is kilobytes and an inventory a few megabytes.
  package var bytes = 10 << 20
  /// Deeper nesting than any schema of ours, far from the stack's end.
  package var depth = 64
  /// Aliases are expanded: this bounds what a "billion laughs" document may grow to.
  package var values = 2_000_000
  /// Aliases are for a handful of shared settings.
  package var aliases = 200
  /// One field of a table: a URL or a note, never a body.
  package var fieldBytes = 64 << 10

  package init() {}
}

/// A table by RFC 4180 with the place of every field: comma (or the `;` or tab of the header line), quotes, doubled
/// quotes, line breaks in quotes, CRLF or LF, a last line without an end. Lines that start with `#` and empty lines
/// are skipped. Problems of a row are gathered, and the rest of the table is still read.
package struct CSVTable: Sendable {
  package var columns: [CSVField]
  package var rows: [CSVRow]
  package var errors: [DocumentError]

  /// Throws only where no table can be made out at all.
  package static func parse(
    _ text: String, file: String, limits: DocumentLimits = .init()
  ) throws(DocumentError) -> CSVTable {
    let whole = SourcePosition(file: file)
    guard text.utf8.count <= limits.bytes else {
      throw DocumentError(.tooLarge, whole, "the text has more than \(limits.bytes >> 20) MiB, the limit")
    }
    var reader = Reader(text, file, limits)
    guard let header = reader.record() else {
      throw DocumentError(.syntax, whole, "the table is empty", hint: "its first line names the columns")
    }
    var table = CSVTable(columns: header.map { $0.trimmed(lowercased: true) }, rows: [], errors: [])
    let names = table.columns.map(\.text)
    if let twice = table.columns.first(where: { field in names.filter { $0 == field.text }.count > 1 }) {
      throw DocumentError(.duplicateKey, twice.position, "the column \"\(twice.text)\" is named twice")
    }
    while let record = reader.record() {
      guard record.count <= names.count else {
        let place = record[names.count].position
        let message = "the row has \(record.count) fields, the header \(names.count)"
        table.errors.append(
          DocumentError(.wrongFieldCount, place, message, hint: "put a field that holds a separator in quotes"))
        continue
      }
      table.rows.append(CSVRow(columns: names, fields: record.map { $0.trimmed(lowercased: false) }))
    }
    table.errors += reader.errors
    table.errors.sort { $0.position < $1.position }
    return table
  }

  package func required(_ names: [String]) throws(DocumentError) {
    for name in names where !columns.contains(where: { $0.text == name }) {
      let place = columns.first?.position ?? SourcePosition(file: "")
      throw DocumentError(
        .missingColumn, place, "the column \"\(name)\" is missing",
        hint: "the first line names the columns: \(columns.map(\.text).joined(separator: ","))")
    }
  }
}

package struct CSVField: Hashable, Sendable {
  package var text: String
  package var position: SourcePosition

  func trimmed(lowercased: Bool) -> CSVField {
    let scalars = text.unicodeScalars
    let space: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\u{3000}" || $0 == "\u{feff}" }
    guard let first = scalars.firstIndex(where: { !space($0) }), let last = scalars.lastIndex(where: { !space($0) })
    else { return CSVField(text: "", position: position) }
    let core = String(scalars[first...last])
    return CSVField(text: lowercased ? core.lowercased() : core, position: position)
  }
}

package struct CSVRow: Hashable, Sendable {
  let columns: [String]
  package var fields: [CSVField]

  package var position: SourcePosition { fields.first?.position ?? SourcePosition(file: "") }

  /// Nil when the column is not there, the row too short, or the field empty.
  package subscript(column: String) -> CSVField? {
    guard let index = columns.firstIndex(of: column), index < fields.count, !fields[index].text.isEmpty else {
      return nil
    }
    return fields[index]
  }
}

extension CSVTable {
  private struct Reader {
    private let scalars: [Unicode.Scalar]
    private let file: String
    private let limits: DocumentLimits
    private let separator: Unicode.Scalar
    private var offset = 0
    private var line = 1
    private var column = 1
    private(set) var errors: [DocumentError] = []

    init(_ text: String, _ file: String, _ limits: DocumentLimits) {
      scalars = Array(text.unicodeScalars)
      self.file = file
      self.limits = limits
      let content = text.split(separator: "\n", omittingEmptySubsequences: true).first { !$0.hasPrefix("#") } ?? ""
      let head = content.unicodeScalars
      separator = head.contains(",") ? "," : head.contains(";") ? ";" : head.contains("\t") ? "\t" : ","
    }

    private var place: SourcePosition { SourcePosition(file: file, line: line, column: column) }
    private var peek: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

    private mutating func next() -> Unicode.Scalar? {
      guard let scalar = peek else { return nil }
      offset += 1
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
      return scalar
    }

    /// The next row that is neither empty nor a comment; nil at the end.
    mutating func record() -> [CSVField]? {
      while let scalar = peek {
        if scalar == "\r" || scalar == "\n" {
          _ = next()
        } else if scalar == "#" {
          while let scalar = next(), scalar != "\n" {}
        } else {
          let fields = row()
          if fields.contains(where: { !$0.text.isEmpty }) { return fields }
        }
      }
      return nil
    }

    private mutating func row() -> [CSVField] {
      var fields: [CSVField] = []
      while true {
        fields.append(field())
        guard peek == separator else { break }
        _ = next()
      }
      while let scalar = peek, scalar == "\r" || scalar == "\n" {
        _ = next()
        if scalar == "\n" { break }
      }
      return fields
    }

    private mutating func field() -> CSVField {
      let start = place
      var text = String.UnicodeScalarView()
      if peek == "\"" {
        _ = next()
        quoted(&text, start)
        if let scalar = peek, scalar != separator, scalar != "\r", scalar != "\n" {
          errors.append(
            DocumentError(.syntax, place, "text behind a closing quote", hint: "double quotes inside quotes"))
        }
      }
      while let scalar = peek, scalar != separator, scalar != "\n" {
        if scalar == "\r", offset + 1 >= scalars.count || scalars[offset + 1] == "\n" { break }
        text.append(scalar)
        _ = next()
      }
      if text.count > limits.fieldBytes {
        errors.append(
          DocumentError(.tooLarge, start, "the field has more than \(limits.fieldBytes) characters, the limit"))
        text = String.UnicodeScalarView()
      }
      return CSVField(text: String(text), position: start)
    }

    private mutating func quoted(_ text: inout String.UnicodeScalarView, _ start: SourcePosition) {
      while let scalar = next() {
        guard scalar == "\"" else {
          text.append(scalar)
          continue
        }
        guard peek == "\"" else { return }
        text.append("\"")
        _ = next()
      }
      errors.append(DocumentError(.syntax, start, "the quote that opens here is never closed", hint: "add a \""))
    }
  }
}

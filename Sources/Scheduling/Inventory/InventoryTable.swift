internal import Documents

/// The columns of an inventory as a table: how the cell of each becomes the value that a document would have.
enum InventoryTable {
  enum Form {
    case text
    /// Parted by spaces, `;`, `|` or commas.
    case words
    /// Parted by `;`: texts that have spaces and commas in them.
    case texts
    /// `tls=12h http=1d`.
    case pairs
  }
  struct Column {
    let name: String
    let key: String
    let form: Form
    init(_ name: String, _ key: String? = nil, _ form: Form = .text) {
      self.name = name
      self.key = key ?? name
      self.form = form
    }
  }

  static let site = [
    Column("url"), Column("id"), Column("organisation"), Column("platform"), Column("criticality"),
    Column("tags", nil, .words), Column("engines", nil, .words), Column("cadence"),
    Column("engine_cadence", nil, .pairs), Column("maintenance", nil, .texts), Column("addresses", nil, .words),
    Column("proxies", nil, .words),
  ]
  static let authorisation = [
    Column("id"), Column("authorised_by", "granted_by"), Column("document"), Column("document_number"),
    Column("document_date"), Column("document_hash"), Column("hosts", nil, .words), Column("networks", nil, .words),
    Column("from"), Column("until"), Column("up_to"),
  ]
  static let organisation = [
    Column("id"), Column("name"), Column("name_zh"), Column("parent"), Column("kind"), Column("level"),
    Column("region"),
  ]
  static let contact = [
    Column("name"), Column("role"), Column("email"), Column("phone"), Column("chat"), Column("rank"),
  ]
  static let platform = [
    Column("id"), Column("name"), Column("owner"), Column("networks", nil, .words), Column("connects_per_second"),
    Column("requests_per_second"), Column("proxies", nil, .words),
  ]

  /// All columns, in the order of an export.
  static let columns: [String] = {
    var names = ["noun"]
    let parts = [site, organisation, contact, platform, authorisation].flatMap { $0.map(\.name) }
    for name in parts + ["organisation_name"] where !names.contains(name) { names.append(name) }
    return names
  }()

  /// One row by the names of its columns; empty cells are not there.
  struct Row {
    var position: SourcePosition
    private var cells: [String: CSVField] = [:]

    init(_ row: CSVRow, _ columns: [CSVField]) {
      position = row.position
      for (column, field) in zip(columns, row.fields) where !field.text.isEmpty {
        var field = field
        field.text = InventoryTable.plain(field.text)
        cells[column.text] = field
      }
    }

    subscript(name: String) -> CSVField? { cells[name] }

    /// The map that a document would have in this row's place.
    func value(_ columns: [Column], without left: Set<String> = []) throws(DocumentError) -> DocumentValue {
      var entries: [DocumentValue.Entry] = []
      for column in columns where !left.contains(column.name) {
        guard let cell = cells[column.name] else { continue }
        entries.append(
          .init(key: column.key, keyPosition: cell.position, value: try InventoryTable.value(cell, column.form)))
      }
      return DocumentValue(.map(entries), at: position)
    }
  }

  private static func value(_ cell: CSVField, _ form: Form) throws(DocumentError) -> DocumentValue {
    func scalar(_ text: some StringProtocol) -> DocumentValue {
      DocumentValue(.scalar(String(text), plain: true), at: cell.position)
    }
    switch form {
    case .text: return scalar(cell.text)
    case .words: return DocumentValue(.list(words(cell.text).map { scalar($0) }), at: cell.position)
    case .texts:
      let texts = cell.text.split(separator: ";").map { InventoryText.trimmed(String($0)) }.filter { !$0.isEmpty }
      return DocumentValue(.list(texts.map { scalar($0) }), at: cell.position)
    case .pairs:
      var entries: [DocumentValue.Entry] = []
      for word in words(cell.text) {
        let parts = word.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !entries.contains(where: { $0.key == parts[0] }) else {
          throw DocumentError(
            .badValue, cell.position, "\"\(word.prefix(40))\" is no engine's cadence, or its second",
            hint: "write tls=12h")
        }
        entries.append(.init(key: String(parts[0]), keyPosition: cell.position, value: scalar(parts[1])))
      }
      return DocumentValue(.map(entries), at: cell.position)
    }
  }

  private static func words(_ text: String) -> [Substring] {
    text.split { $0 == ";" || $0 == "|" || $0 == " " || $0 == "," }
  }

  // MARK: formulas

  /// What spreadsheets take for the beginning of a formula (OWASP, CSV injection), and the mark itself.
  private static let active: Set<Character> = ["=", "+", "-", "@", "\t", "\r", "'"]

  /// The cell with a `'` before what a spreadsheet would run; `plain` takes it away again.
  static func neutral(_ text: String) -> String {
    guard let first = text.first, active.contains(first) else { return text }
    return "'" + text
  }

  static func plain(_ cell: String) -> String {
    guard cell.first == "'", let second = cell.dropFirst().first, active.contains(second) else { return cell }
    return String(cell.dropFirst())
  }
}

internal import GRDB
internal import Records

/// A table as a list asks about it: what in SQL each field of its filter is, and each column it can be sorted by.
///
/// A new list is a value of this type and a call of `Store.page`. Expressions are this module's own text; whatever
/// comes from outside is an argument of the statement.
package struct ListTable: Sendable {
  enum Column: Sendable {
    /// Any of the expressions; NULL is the empty text.
    case text([String])
    /// NULL is no text.
    case optional(String)
    /// What is stored for each name; NULL is no name.
    case names(String, [Name])
    /// Also of ranks.
    case number(String)
    /// 0 or 1, never NULL.
    case flag(String)
    case time(String)
    /// Numbers of lines that belong to the row.
    case numbers(Lines)
    /// Values of the row itself, and of each line of subqueries (`FROM ... WHERE ...`) that belong to it.
    case each(own: [String], [Lines])
  }
  struct Name: Sendable {
    var name: String
    var stored: DatabaseValue
  }
  struct Lines: Sendable {
    var from: String
    var value: String
    var condition: String?
  }

  let name: String
  let columns: [String: Column]
  /// What free text is looked for in; NULL has none.
  let texts: [String]
  /// By the word that a request sorts by; none of them is ever NULL.
  let sorts: [String: String]
  /// Where a request names none.
  let usual: [SortKey]
  /// Of each row one, so that an order is whole.
  let identity: String
  /// What a purview that is not of everything lets through.
  let within: @Sendable (Purview) -> Store.Term

  /// Nil where everything passes.
  func term(_ purview: Purview) -> Store.Term? { purview.isAll ? nil : within(purview) }

  /// Words that can be sorted by, in their own order.
  package var sortWords: [String] { sorts.keys.sorted() }

  static func names<T: RawRepresentable & CaseIterable>(
    of type: T.Type, _ stored: (T) -> any DatabaseValueConvertible
  ) -> [Name] where T.RawValue == String {
    T.allCases.map { Name(name: $0.rawValue, stored: stored($0).databaseValue) }
  }
}

/// One step of an order.
package struct SortKey: Sendable, Hashable {
  package var word: String
  package var isDescending: Bool
  package init(_ word: String, isDescending: Bool = false) {
    self.word = word
    self.isDescending = isDescending
  }
}

/// Where a page ended: the row's places in the order, and its identity.
package enum SortPlace: Codable, Sendable, Hashable {
  case integer(Int64)
  case real(Double)
  case text(String)
}

import ControlAPI
import Records
import Wire

/// One list of the hub as panels see it: which question it is, what of the answer it is, and which columns it has.
struct Source: Sendable, Equatable {
  /// In whose words a query is.
  enum QueryLanguage: Sendable {
    /// The hub's, for this list; `sorts` are the words it sorts by itself.
    case hub(FilterSchema, sorts: [String])
    /// Ours: the hub gives the list whole, and its columns are the fields.
    case columns
  }

  let name: String
  /// One line, for the page of definitions.
  let meaning: String
  let columns: [Column]
  /// What a table shows that names none.
  let usual: [Column]
  let language: QueryLanguage
  /// Its answer changes with the queue's rows.
  let isStirred: Bool
  /// Nil while it cannot be asked: it follows a panel where nothing is selected.
  let question: @Sendable (Asked) -> Question?
  /// Nil: the answer is to another question.
  let listing: @Sendable (any Sendable) -> Listing?

  init<Request: APIRequest, Reply: Codable & Sendable>(
    _ name: String, _ meaning: String, columns: [Column], usual: [Column]? = nil, language: QueryLanguage = .columns,
    isStirred: Bool = false, asking endpoint: Endpoint<Request, Reply>,
    _ request: @escaping @Sendable (Asked) -> Request, listing: @escaping @Sendable (Reply) -> Listing
  ) {
    self.init(
      name, meaning, columns: columns, usual: usual, language: language, isStirred: isStirred,
      question: { Question(endpoint, request($0)) },
      listing: { ($0 as? Reply).map(listing) })
  }

  init(
    _ name: String, _ meaning: String, columns: [Column], usual: [Column]? = nil, language: QueryLanguage = .columns,
    isStirred: Bool = false, question: @escaping @Sendable (Asked) -> Question?,
    listing: @escaping @Sendable (any Sendable) -> Listing?
  ) {
    self.name = name
    self.meaning = meaning
    self.columns = columns
    self.usual = usual ?? columns
    self.language = language
    self.isStirred = isStirred
    self.question = question
    self.listing = listing
  }

  /// A part of the overview: it costs no question of its own.
  init(
    _ name: String, _ meaning: String, columns: [Column], usual: [Column]? = nil,
    overview: @escaping @Sendable (Overview) -> [any Listed]
  ) {
    self.init(
      name, meaning, columns: columns, usual: usual, isStirred: true, asking: API.overview, { _ in Nothing() },
      listing: { Listing(overview($0)) })
  }

  static func == (a: Source, b: Source) -> Bool { a.name == b.name }

  /// What a query may ask about.
  var schema: FilterSchema {
    switch language {
    case .hub(let schema, sorts: _): schema
    case .columns:
      // Queries' fields are read in lower case.
      FilterSchema(
        columns.map {
          FilterSchema.Field($0.rawValue, $0.form.query, $0.form.label.en, aliases: [$0.rawValue.lowercased()])
        })
    }
  }

  /// Columns that entries can be sorted by: of the hub's own its words.
  var sorts: [Column] {
    if case .hub(_, let sorts) = language, !sorts.isEmpty { return columns.filter { sorts.contains($0.hubWord) } }
    return columns
  }
  /// Whether the hub sorts, over all that it has; else we do, over what was fetched.
  var isSortedByHub: Bool { if case .hub(_, let sorts) = language { !sorts.isEmpty } else { false } }
  var isFilteredByHub: Bool { if case .hub = language { true } else { false } }
}

extension Source {
  /// Every source, in the order of the page of definitions.
  static let all: [Source] =
    queueSources + incidentSources + warningSources + deliverySources + siteSources + inventorySources
    + situationSources + postureSources + overviewSources + scanSources + dutySources + ledgerSources

  /// Another word for a source, as the design has it.
  static let aliases = ["alerts": "queue"]

  /// Sources about one entry of another panel: of which list that is.
  static let followed = ["incidentLog": "incidents", "guardChecks": "guards"]

  static func named(_ name: String) -> Source? { byName[aliases[name] ?? name] }
  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// What is of one entry only, for figures: no list.
  static let feed = "feed"
}

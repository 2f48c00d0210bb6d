/// What a filter's words stand for here and now: who asks, and which organisations there are.
package struct FilterContext: Sendable {
  /// Who asks, for `assignee:me`.
  package var me: String?
  package var organisations: OrganisationNames
  package init(me: String? = nil, organisations: OrganisationNames = OrganisationNames([])) {
    self.me = me
    self.organisations = organisations
  }
}

/// Organisations by id and name, with all below them.
package struct OrganisationNames: Sendable {
  private let all: [Organisation]
  private let children: [String: [String]]

  package init(_ organisations: [Organisation]) {
    all = organisations
    children = Dictionary(grouping: organisations.filter { $0.parent != nil }, by: { $0.parent ?? "" })
      .mapValues { $0.map(\.id) }
  }

  /// Ids of those whose id or name is of the pattern, and of all below them; empty where there are none.
  package func members(_ pattern: String) -> Set<String> {
    var found: Set<String> = []
    var waiting = all.filter { organisation in
      [organisation.id, organisation.name.en, organisation.name.zh].contains { Wildcard.matches(pattern, $0) }
    }.map(\.id)
    while let id = waiting.popLast() {
      if found.insert(id).inserted { waiting += children[id] ?? [] }
    }
    return found
  }
}

extension Filter {
  /// With `me` by name, and patterns of organisations as the ids that they stand for. A pattern that no organisation of
  /// the inventory has stays: rows outlive organisations.
  package func resolved(in context: FilterContext) -> Filter { Filter(Filter.resolved(term, context)) }

  private static func resolved(_ term: Term, _ context: FilterContext) -> Term {
    switch term {
    case .all(let terms): .all(terms.map { resolved($0, context) })
    case .any(let terms): .any(terms.map { resolved($0, context) })
    case .not(let inner): .not(resolved(inner, context))
    case .field("who", let comparison, let values):
      .field(name: "who", comparison: comparison, values: values.map { own($0, context) })
    case .field("organisation", let comparison, let values):
      .field(name: "organisation", comparison: comparison, values: values.map { members($0, context) })
    case .field, .text: term
    }
  }

  private static func own(_ value: Value, _ context: FilterContext) -> Value {
    guard value == .pattern("me"), let me = context.me else { return value }
    return .members([me])
  }

  private static func members(_ value: Value, _ context: FilterContext) -> Value {
    guard case .pattern(let pattern) = value, !pattern.isEmpty else { return value }
    let found = context.organisations.members(pattern)
    return found.isEmpty ? value : .members(found)
  }
}

import ControlAPI
import Records
import Wire

@testable import Dashboard

/// Definitions by chance that keep every rule of the format.
struct DefinitionMaker {
  var random: SeededRandom

  mutating func text() -> String {
    let names = (0..<number(1...7)).map { "p\($0)" }
    var panels = names.map { ($0, panel(names, $0)) }
    // What follows needs something to follow.
    if chance(3) { panels.append(("cases", "{kind: table, source: incidents}")) }
    if panels.last?.0 == "cases" { panels.append(("log", "{kind: table, source: incidentLog, follow: cases}")) }
    let all = panels.map(\.0)
    return """
      dashboard: 1
      id: made-\(number(0...99))
      title: {en: made, zh: 生成}
      refresh: \(number(1...3600))s
      variables: {org: "gov*", span: 48h, scope: organisation/gov}
      layouts:
      \((0..<number(0...3)).map { _ in "  - " + layout(all) }.joined(separator: "\n"))
        - {minimumColumns: 0, stack: [\(all.joined(separator: ", "))]}
      panels:
      \(panels.map { "  \($0.0): \($0.1)" }.joined(separator: "\n"))
      """
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func chance(_ of: Int) -> Bool { number(1...of) == 1 }
  private mutating func pick<T>(_ all: [T]) -> T { all[number(0...(all.count - 1))] }

  private mutating func layout(_ names: [String]) -> String {
    let rows = (0..<number(1...5)).map { _ in
      "[" + (0..<number(1...6)).map { _ in pick(names) }.joined(separator: ", ") + "]"
    }
    let weights = chance(2) ? ", weights: [\(rows.map { _ in "\(number(1...9))" }.joined(separator: ", "))]" : ""
    return
      "{minimumColumns: \(number(0...200)), minimumRows: \(number(0...60)), rows: [\(rows.joined(separator: ", "))]\(weights)}"
  }

  private mutating func panel(_ names: [String], _ name: String) -> String {
    let kind = pick(Panel.Kind.allCases)
    let source = pick(kind.sources.filter { Source.followed[$0.name] == nil })
    var keys = ["kind: \(kind.rawValue)", "source: \(source.name)"]
    if chance(2) { keys.append("title: {en: t, zh: \"\(pick(["题", "标题", "非常长的标题文字"]))\"}") }
    if chance(4) { keys.append("refresh: \(number(1...60))s") }
    if chance(4) { keys.append("limit: \(number(1...1000))") }
    if chance(4) { keys.append("window: \(pick(["$span", "1h", "400d"]))") }
    if chance(4) { keys.append("scope: \(pick(["city", "$scope", "site/x"]))") }
    if kind != .roster, kind != .state, kind != .tree, chance(2) { keys.append("query: '\(query(source))'") }
    keys += own(kind, source)
    return "{\(keys.joined(separator: ", "))}"
  }

  private mutating func query(_ source: Source) -> String {
    guard let field = source.schema.fields.randomElement(using: &random) else { return "" }
    let term: String
    switch field.form {
    case .text: term = "\(field.name):$org"
    case .choice(let names): term = "\(field.name):\(pick(names))"
    case .ordered(let names): term = "\(field.name)>=\(pick(names))"
    case .number: term = "\(field.name)<\(number(0...99))"
    case .flag: term = "\(field.name):true"
    case .time: term = "\(field.name):\(number(1...48))h"
    }
    return chance(2) ? term : "(\(term) or -\"free text\")"
  }

  private mutating func own(_ kind: Panel.Kind, _ source: Source) -> [String] {
    var keys: [String] = []
    if kind.keys.contains("columns"), kind == .table, chance(2) {
      let columns = source.columns.shuffled(using: &random).prefix(number(1...12))
      keys.append("columns: [\(columns.map(\.rawValue).joined(separator: ", "))]")
    }
    if kind.keys.contains("sort"), chance(2) {
      keys.append("sort: [\(chance(2) ? "-" : "")\(pick(source.sorts.isEmpty ? [.id] : source.sorts).rawValue)]")
      if source.sorts.isEmpty { keys.removeLast() }
    }
    if kind == .bars || kind.keys.contains("by") && chance(2) { keys.append("by: \(pick(source.columns).rawValue)") }
    let figures = source.figures
    if kind == .sparkline || kind == .gauge || kind.keys.contains("value") && !figures.isEmpty && chance(2) {
      keys.append("value: \(pick(figures).rawValue)")
    }
    if kind.keys.contains("of"), chance(2) {
      keys.append("of: \(figures.isEmpty || chance(2) ? "\(number(1...500))" : pick(figures).rawValue)")
    }
    if kind == .histogram, chance(2) { keys.append("time: \(pick(source.moments).rawValue)") }
    if kind.keys.contains("levels"), chance(2) { keys.append("levels: [{from: \(number(0...9)), as: warning}]") }
    if kind.keys.contains("group"), source.name == "groups", chance(2) {
      keys.append("group: \(pick(GroupRequest.By.allCases).rawValue)")
    }
    return keys
  }
}

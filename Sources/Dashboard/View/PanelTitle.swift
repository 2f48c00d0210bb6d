import ControlAPI
import Records
import Wire

/// What stands in the border: the panel's name, its age where it is old, its figures, its filter.
enum PanelTitle {
  static func line(_ panel: Panel, _ model: Model, _ look: Look) -> Line {
    let language = look.language
    var runs = [Run(panel.title?.text(language) ?? panel.name, .title)]
    if model.isOld(panel), let time = model.time(panel) {
      let age = Figures.age(Model.seconds(model.now, since: time), language)
      runs += [Run(" - ", .border), Run(age, .warning)]
    }
    for part in parts(panel, model, look) { runs += [Run(" - ", .border)] + part }
    return Line(runs)
  }

  private static func parts(_ panel: Panel, _ model: Model, _ look: Look) -> [[Run]] {
    let language = look.language
    var result: [[Run]] = []
    switch panel.kind {
    case .table:
      result += counts(panel, model, language)
    case .sites: result += sites(panel, model, language)
    case .feed where model.feed.isFrozen:
      let text = "\(Label.frozen.text(language)), \(model.feed.held.count) \(Label.held.text(language))"
      result.append([Run(text, .warning)])
    case .feed where model.feed.hasLagged(model.now): result.append([Run(Label.lagged.text(language), .warning)])
    case .histogram, .bars: if let count = cut(panel, model) { result.append([Run(count, .warning)]) }
    default: break
    }
    if model.held.contains(model.key(panel)) { result.append([Run(Label.frozen.text(language), .warning)]) }
    let marks = model.marks(in: panel)
    if !marks.isEmpty {
      result.append([Run("\(marks.count) \(Label.marked.text(language))", .key)])
    }
    let filter = model.filter(panel)
    if !filter.isEmpty { result.append([Run("/ \(filter)", .key)]) }
    return result
  }

  /// How many the list has; of rows of the queue that are all here, how many are new and late.
  private static func counts(_ panel: Panel, _ model: Model, _ language: Language) -> [[Run]] {
    if let cut = cut(panel, model) { return [[Run(cut)]] }
    guard let entries = model.listing(panel)?.entries, !entries.isEmpty else { return [] }
    guard panel.listsQueue else { return [[Run(Figures.grouped(entries.count))]] }
    let new = entries.compactMap { $0 as? QueueItem }.filter { $0.row.triage.state == .new }
    var runs = [Run("\(Figures.grouped(new.count)) \(TriageState.new.title.text(language))")]
    let late = new.count { $0.due.map { $0 < model.now } ?? false }
    if late > 0 { runs.append(Run(", \(Figures.grouped(late)) \(Label.overdue.text(language))", .error)) }
    return [runs]
  }

  /// `200 / 1,912`: not all that there are were fetched.
  private static func cut(_ panel: Panel, _ model: Model) -> String? {
    guard let listing = model.listing(panel), let total = listing.total, total > listing.entries.count else {
      return nil
    }
    return "\(Figures.grouped(listing.entries.count)) / \(Figures.grouped(total))\(listing.isMore ? "+" : "")"
  }

  private static func sites(_ panel: Panel, _ model: Model, _ language: Language) -> [[Run]] {
    guard let posture = model.overview?.posture else { return [] }
    var result: [[Run]] = []
    if let score = posture.score {
      let change = posture.change.map { " (\($0 > 0 ? "+" : "")\($0))" } ?? ""
      result.append([Run("\(Label.posture.text(language)) \(score)\(change)")])
    }
    if model.focusedPanel?.name == panel.name, let cell = model.selectedEntry(panel) as? SiteCell {
      let score = cell.score.map(String.init) ?? Label.neverTested.text(language)
      result.append([Run("\(cell.site) \(cell.worst?.letter ?? "-") \(score)", .key)])
    }
    return result
  }
}

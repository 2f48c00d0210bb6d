import ControlAPI
import Records
import Wire

/// What stands in the border: the panel's name, its figures, its filter, its age.
enum PanelTitle {
  static func line(_ panel: Panel, _ model: Model, _ look: Look) -> Line {
    let language = look.language
    var runs = [Run(panel.title?.text(language) ?? panel.name, .title)]
    if model.isStale, let at = model.overviewAt {
      runs += [Run(" - ", .border), Run("\(Label.asOf.text(language)) \(Figures.clock(at, look))", .warning)]
    }
    for part in parts(panel, model, look) { runs += [Run(" - ", .border)] + part }
    return Line(runs)
  }

  private static func parts(_ panel: Panel, _ model: Model, _ look: Look) -> [[Run]] {
    switch panel.kind {
    case .table where panel.listsQueue: queue(panel, model, look.language)
    case .sites: sites(panel, model, look.language)
    case .feed where model.feed.isFrozen:
      [
        [
          Run(
            "\(Label.frozen.text(look.language)), \(model.feed.held.count) \(Label.held.text(look.language))", .warning)
        ]
      ]
    default: []
    }
  }

  private static func queue(_ panel: Panel, _ model: Model, _ language: Language) -> [[Run]] {
    var result: [[Run]] = []
    if let counts = model.overview?.queue {
      var runs = [Run("\(Figures.grouped(counts.new)) \(Label.new.text(language))")]
      if counts.overdue > 0 {
        runs.append(Run(", \(Figures.grouped(counts.overdue)) \(Label.overdue.text(language))", .error))
      }
      result.append(runs)
    }
    if !model.marks.isEmpty { result.append([Run("\(model.marks.count) \(Label.marked.text(language))", .key)]) }
    if !model.filter.isEmpty { result.append([Run("/ \(model.filter)", .key)]) }
    return result
  }

  private static func sites(_ panel: Panel, _ model: Model, _ language: Language) -> [[Run]] {
    guard let posture = model.overview?.posture else { return [] }
    var result: [[Run]] = []
    if let score = posture.score {
      let change = posture.change.map { " (\($0 > 0 ? "+" : "")\($0))" } ?? ""
      result.append([Run("\(Label.posture.text(language)) \(score)\(change)")])
    }
    if model.focusedPanel?.name == panel.name, let index = model.selection(panel) {
      let cell = model.cells[index]
      let score = cell.score.map(String.init) ?? Label.neverTested.text(language)
      result.append([Run("\(cell.site) \(cell.worst?.letter ?? "-") \(score)", .key)])
    }
    return result
  }
}

import ControlAPI
import Records

/// A score as it stands and went: of each dimension, and of the last days.
struct PostureLines {
  let report: PostureReport
  let forms: DetailForms

  private static let bar = 20

  var figures: [DetailLine] { days + dimensions }

  private var days: [DetailLine] {
    let scores = report.days.map { $0.score.map(Double.init) }
    let known = scores.compactMap(\.self)
    guard let least = known.min(), let most = known.max() else { return [] }
    let graph = Graph(forms.look.capabilities).line(scores, columns: 30)
    let range = " \(Figures.plain(least))-\(Figures.plain(most))"
    return [forms.fact("\(scores.count) days", "\(scores.count) 天", [Run(graph, .low), Run(range, .dim)])]
  }

  private var dimensions: [DetailLine] {
    forms.table(
      report.dimensions.map { dimension in
        let score = dimension.score
        let bar = score.map {
          Graph(forms.look.capabilities).bar(Double($0), of: 100, columns: PostureLines.bar)
        }
        let role: Role = score.map { $0 < 60 ? .error : $0 < 80 ? .warning : .good } ?? .dim
        return .init([
          Run(dimension.title.text(forms.language)), Run(score.map { "\($0)" } ?? "-", role), Run(bar ?? "", role),
        ])
      })
  }

  /// What costs most over all sites of the scope, with what mends it.
  var deductions: [DetailLine] {
    report.deductions.prefix(20).flatMap { entry -> [DetailLine] in
      let remedy = entry.remedy.text(forms.language)
      let sites = forms.words("\(entry.sites) sites", "\(entry.sites) 个站点")
      let line = forms.line([
        Run("-\(entry.points) ", .warning), Run(forms.failed(entry.title)), Run("  \(sites)", .dim),
      ])
      return [line] + (remedy.isEmpty ? [] : [DetailLine(Line([Run("    \(remedy)", .dim)], indent: 4))])
    }
  }
}

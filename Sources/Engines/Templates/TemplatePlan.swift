internal import Records
internal import Wire

/// What a job will ask by its templates, as far as that is known before the first answer: which requests are equal, and
/// which template is the last that may need an answer.
struct TemplatePlan {
  /// By request, the index of the last template that plans it.
  private(set) var lastUse: [PlannedRequest: Int] = [:]
  /// Of all templates, equal ones counted each time.
  private(set) var planned = 0
  /// Requests whose form answers decide: values taken from one go into the next.
  private(set) var later = 0
  private(set) var redirects = 0

  /// Hops on the same host: as a visitor's, whatever a template says.
  static let hopLimit = 5

  /// Requests that are certain to be enough.
  var limit: Int { lastUse.count + later + redirects }

  /// Every template is run with no answer at all: it then says all that it would ask.
  init(_ runs: [TemplateRun]) {
    for (index, var run) in runs.enumerated() {
      var count = 0
      while let request = run.next(), count < run.template.requestCount {
        if lastUse.updateValue(index, forKey: request) == nil, request.followsRedirects {
          redirects += min(max(request.redirectLimit, 0), TemplatePlan.hopLimit)
        }
        run.failed("not asked")
        count += 1
      }
      planned += count
      later += run.template.requestCount - count
    }
  }

  /// The answers that no template after `index` needs.
  func isOver(_ request: PlannedRequest, after index: Int) -> Bool { lastUse[request].map { $0 <= index } ?? true }
}

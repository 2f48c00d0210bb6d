internal import Records

/// The question after a *yes*: does a path that nobody has get the same kind of answer? Then the server says yes to
/// everything, and nothing is known of this one.
struct TemplateControl {
  /// The same template, not yet run.
  let run: TemplateRun
  let matched: PlannedRequest

  /// Nil where there is nothing to compare with: the page itself, a redirect, a question about behaviour (heads, a
  /// body), or a template whose requests build on one another.
  init?(_ run: TemplateRun, matched: PlannedRequest) {
    let path = matched.path.prefix { $0 != "?" }
    let own = matched.headers.contains { $0.name.lowercased() != "range" }
    guard matched.method == "GET", matched.body.isEmpty, !own, path.contains(where: { $0 != "/" }),
      path.drop(while: { $0 == "/" }) != run.target.path.drop(while: { $0 == "/" }), run.template.requests.count == 1,
      run.template.requests.first?.comparesAnswers == false
    else { return nil }
    (self.run, self.matched) = (run, matched)
  }

  /// What is asked in the place of `matched`: a path of the same shape, the query as it was.
  var request: PlannedRequest {
    var request = matched
    let path = String(matched.path.prefix { $0 != "?" })
    request.path = SiteProbe.random(like: path) + matched.path.dropFirst(path.count)
    return request
  }

  /// The verdict of the template where `answer` comes in the place of the matched one, and none of the others.
  func verdict(_ answer: TemplateAsking.Answer) -> TemplateVerdict {
    var run = run
    var left = run.template.requestCount
    while let request = run.next(), left > 0 {
      left -= 1
      switch answer {
      case .success(let response) where request == matched: run.received(response)
      case .failure(let refused) where request == matched: run.failed(refused.reason)
      default: run.received(TemplateResponse(status: 404))
      }
    }
    return run.verdict
  }
}

internal import Documents
package import Records
internal import Wire

/// Web checks as data: each template of a folder is a question, what it asks and by what an answer is a *yes*.
///
///     WebTemplate -> TemplateRun.next() -> TemplateAsking (each request once) -> TemplateRun.received -> CheckAnswer
///
/// The language is in `Language`. Here a template meets a site: by the job's class and the operator's word, at the pace
/// of the context, on the site's own host.
package struct TemplateEngine: ScanEngine {
  package let name = "templates"
  package let version = "1"
  package let title = BilingualText(en: "Web checks by template", zh: "模板检测")
  package let confidence = 90
  package let library: TemplateLibrary
  /// Ids of templates that run although something stands against them.
  package let allowed: Set<String>
  package let checks: [Check]
  /// Of each class, for a site at its host's root: nearly all are, and planning costs as much as a tenth of the asking.
  private let plans: [ProbeClass: TemplatePlan]

  /// The templates that come with Vigil, under the operator's own conditions: none.
  package static let installed = TemplateEngine(.installed)

  /// Requests of a walk to the page, and what an ordinary answer takes beside its turn.
  private static let walkRequests = HTTPEngine.hopLimit
  private static let answerMilliseconds = 500
  /// Answers of *yes* that are compared with a path that nobody has; a site with more is in other trouble.
  private static let controlLimit = 30

  package init(_ library: TemplateLibrary, allowed: Set<String> = []) {
    (self.library, self.allowed) = (library, allowed)
    checks = library.templates.map(\.check)
    var plans: [ProbeClass: TemplatePlan] = [:]
    for kind in ProbeClass.allCases {
      let runs = TemplateEngine.usable(library, kind, allowed).map { TemplateEngine.dryRun($0, on: "site.invalid") }
      plans[kind] = TemplatePlan(runs)
    }
    self.plans = plans
  }

  package func applies(to target: Target) -> Bool { target.scheme == "https" || target.scheme == "http" }

  package func unasked(_ reason: String, _ job: ScanJob, _ context: ScanContext) -> EngineResult? {
    failed(reason, job: job, context)
  }

  /// By the count of distinct requests and the pace.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    let (usable, plan) = (usable(job), plans[job.probeClass] ?? TemplatePlan([]))
    let requests = plan.limit + Self.walkRequests + min(usable.count, Self.controlLimit)
    let rate = min(limits.requestsPerSecond, job.platform == nil ? .infinity : limits.requestsPerSecondAndPlatform)
    let pace = rate.isFinite ? Int(1000 / max(rate, 0.01)) : 0
    let each = (pace + Self.answerMilliseconds) * (job.options.isSlow ? 2 : 1)
    // A server may close after each answer, and each may be asked twice.
    return ScanBudget(connections: 2 * requests, milliseconds: 20_000 + requests * each)
  }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    if library.templates.isEmpty {
      let reason = library.problems.first?.description ?? "there is no template"
      return EngineResult(status: .failed, reason: reason, source: .vigil, answers: [])
    }
    switch context.resolve(job.target) {
    case .failure(let failure): return abandoned(failure, job: job)
    case .success(let endpoint): return run(job, context, endpoint)
    }
  }

  private func run(_ job: ScanJob, _ context: ScanContext, _ endpoint: Endpoint) -> EngineResult {
    var walk = HTTPWalk(target: job.target, endpoint: endpoint, exchange: HTTPExchange(context), context: context)
    walk.follow(limit: HTTPEngine.hopLimit)
    guard walk.first != nil else { return failed((walk.failure ?? .closed).sentence, job: job, context) }
    let target = TemplateEngine.target(job.target, page: walk.page)
    let (random, now) = (UInt64.random(in: 0...(.max)), context.settings.now())
    let runs = usable(job).map { run($0, target, random: random, now: now) }
    let known = target.basePath.isEmpty ? plans[job.probeClass] : nil
    var asking = TemplateAsking(SiteProbe(walk), known ?? TemplatePlan(runs))
    var answers = refusals(job)
    var controls = 0
    for (index, run) in runs.enumerated() {
      answers.append(TemplateEngine.answer(run, index, &asking, &controls))
      asking.forget(after: index)
    }
    let facts = [
      Fact("templates", "\(runs.count) run, \(answers.count { $0.answer == .yes }) matched"),
      Fact("requests", "\(asking.asked) sent, \(asking.shared) answers shared by templates"),
    ]
    return ended(answers, facts, job: job, context)
  }

  // MARK: which templates

  /// What the job's class permits and nothing stands against.
  private func usable(_ job: ScanJob) -> [WebTemplate] { TemplateEngine.usable(library, job.probeClass, allowed) }

  private static func usable(
    _ library: TemplateLibrary, _ kind: ProbeClass, _ allowed: Set<String>
  ) -> [WebTemplate] {
    library.templates.filter { $0.probeClass <= kind && $0.refusals(allowing: allowed).isEmpty }
  }

  /// Of templates that are not run for what they would do. Those above the job's class say so by their check's class.
  private func refusals(_ job: ScanJob) -> [CheckAnswer] {
    library.templates.filter { $0.probeClass <= job.probeClass }.compactMap { template in
      guard let refusal = template.refusals(allowing: allowed).first else { return nil }
      let reason = "not authorised: the template is refused: \(refusal.reason)"
      return CheckAnswer(template.check.id, .notDetermined(reason: reason))
    }
  }

  private func run(_ template: WebTemplate, _ target: TemplateTarget, random: UInt64, now: Timestamp) -> TemplateRun {
    TemplateRun(template, target: target, random: random, now: now, isAllowed: allowed.contains(template.id))
  }

  /// Scheme and port of the page that a visitor gets; the path of the site, up to the folder that a file of it is in.
  static func target(_ target: Target, page: Target) -> TemplateTarget {
    let path = target.path.prefix { $0 != "?" && $0 != "#" }
    let last = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let folder = last.contains(".") ? path.dropLast(last.count) : path
    return TemplateTarget(scheme: page.scheme, host: page.host, port: page.port, path: String(folder))
  }

  /// What the template would ask an HTTPS site of that name, as far as no answer decides it: for showing.
  package static func planned(_ template: WebTemplate, on host: String) -> [PlannedRequest] {
    var run = dryRun(template, on: host)
    var requests: [PlannedRequest] = []
    while let request = run.next(), requests.count < template.requestCount {
      requests.append(request)
      run.failed("not asked")
    }
    return requests
  }

  private static func dryRun(_ template: WebTemplate, on host: String) -> TemplateRun {
    let target = TemplateTarget(scheme: "https", host: host, port: 443)
    return TemplateRun(template, target: target, random: 0, now: Timestamp(nanoseconds: 0), isAllowed: true)
  }

  // MARK: one template

  private static func answer(
    _ fresh: TemplateRun, _ index: Int, _ asking: inout TemplateAsking, _ controls: inout Int
  ) -> CheckAnswer {
    var run = fresh
    // What comes out of answers may not make more requests than the template has.
    var left = run.template.requestCount
    while let request = run.next(), left > 0 {
      left -= 1
      switch asking.answer(request, for: index) {
      case .success(let response): run.received(response)
      case .failure(let refused): run.failed(refused.reason)
      }
    }
    let id = run.template.check.id
    switch run.verdict {
    case .notMatched: return CheckAnswer(id, .no)
    case .notDetermined(let reason): return CheckAnswer(id, .notDetermined(reason: reason))
    case .matched(let name, let extracted, let request):
      if let control = TemplateControl(fresh, matched: request), controls < controlLimit {
        controls += 1
        if let doubt = doubt(control.verdict(asking.fresh(control.request))) {
          return CheckAnswer(id, .notDetermined(reason: doubt))
        }
      }
      return CheckAnswer(id, .yes, TemplateEvidence.line(request, matcher: name, extracted))
    }
  }

  private static func doubt(_ control: TemplateVerdict) -> String? {
    switch control {
    case .notMatched: nil
    case .matched: "a path that nobody has gets the same kind of answer"
    case .notDetermined(let reason): reason
    }
  }
}

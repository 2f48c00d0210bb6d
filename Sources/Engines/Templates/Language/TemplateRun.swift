internal import Documents
package import Wire

/// One run of one template on one target, as a state machine: it says what to ask, is told what came back, and comes
/// to a verdict. The same template, target, chance and time give the same requests.
///
/// A verdict of *not matched* needs every answer that matters, whole. A request that could not be formed (a token that
/// the answer before does not hold) or that had no answer leaves the verdict *not determined*, unless another matched.
package struct TemplateRun {
  package let template: WebTemplate
  package let target: TemplateTarget
  let isAllowed: Bool

  /// Templates that were allowed by name may ask more than a look, and still not without end.
  static let requestLimit = 5000

  /// Where it stands: entry of `http:`, round of its payloads, request of that round.
  private struct Cursor {
    var block = 0
    var round = 0
    var form = 0
  }
  /// What one entry of `http:` came to so far.
  private struct BlockState {
    var hasMatched = false
    var doubt: String?
  }

  var evaluation: TemplateEvaluation
  var cookies = TemplateCookies()
  private var cursor = Cursor()
  private var block = BlockState()
  private var pending: PlannedRequest?
  private var planned = 0
  private var isOver = false
  /// Extracted in this round, for the case that it matches.
  private var roundExtracts: [String] = []
  private var match: (request: PlannedRequest, names: [String], extracted: [String])?
  private var doubt: String?

  /// `random`: the seed of everything that is drawn. `isAllowed`: the operator allowed this template by its id.
  package init(
    _ template: WebTemplate, target: TemplateTarget, random: UInt64, now: Timestamp, isAllowed: Bool = false
  ) {
    self.template = template
    self.target = target
    self.isAllowed = isAllowed
    var scope = TemplateScope(seed: random)
    scope.values = TemplateRun.values(of: target)
    var chance = TemplateChance(seed: random)
    scope.values["rand_int"] = TemplateValue(Int(chance.next() >> 33))
    evaluation = TemplateEvaluation(scope: scope, now: now, chance: chance, matching: TemplateMatching())
    for variable in template.variables { evaluation.give(variable.name, variable.value) }
    beginRound()
  }

  /// Final once `next` gives nil.
  package var verdict: TemplateVerdict {
    if let match {
      let names = match.names.joined(separator: ",")
      return .matched(name: names.isEmpty ? nil : names, extracted: match.extracted, request: match.request)
    }
    if let doubt { return .notDetermined(doubt) }
    return isOver ? .notMatched : .notDetermined("not everything was asked")
  }

  // MARK: - Events

  /// What to ask next; nil when there is nothing more to ask. Asked again before an answer came, it says the same.
  package mutating func next() -> PlannedRequest? {
    while pending == nil, let request = current {
      guard planned < TemplateRun.requestLimit else {
        doubt = doubt ?? "the template asks more than \(TemplateRun.requestLimit) requests, the limit"
        isOver = true
        break
      }
      planned += 1
      do throws(EvaluationFailure) {
        pending = try plan(request.forms[cursor.form], of: request)
      } catch {
        settle(.failed(error.reason), asked: nil)
      }
    }
    if pending == nil { isOver = true }
    return pending
  }

  /// The answer to what `next` gave last.
  package mutating func received(_ response: TemplateResponse) {
    guard let asked = pending, let request = current else { return }
    var response = response
    if let limit = request.bodyLimit, response.body.count >= limit {
      response.body = Array(response.body.prefix(limit))
      response.cut = nil
    }
    if request.keepsCookies { cookies.keep(response) }
    settle(.response(response), asked: asked)
  }

  /// What `next` gave last has no answer; `reason` is a sentence, lower case.
  package mutating func failed(_ reason: String) {
    guard let asked = pending else { return }
    settle(.failed(reason), asked: asked)
  }

  // MARK: - Inside

  private var current: TemplateRequest? {
    guard !isOver, cursor.block < template.requests.count else { return nil }
    let request = template.requests[cursor.block]
    return request.forms.indices.contains(cursor.form) ? request : nil
  }

  private mutating func settle(_ answer: TemplateAnswer, asked: PlannedRequest?) {
    guard let request = current else { return }
    pending = nil
    evaluation.scope.current = answer
    evaluation.scope.numbered.append(answer)
    let doubt = extract(request)
    if !request.comparesAnswers || cursor.form + 1 == request.forms.count {
      judge(request, asked, extractionDoubt: doubt)
    }
    advance(request)
  }

  private mutating func judge(_ request: TemplateRequest, _ asked: PlannedRequest?, extractionDoubt: String?) {
    defer { roundExtracts = [] }
    let truth: TemplateTruth
    var names: [String] = []
    if let judged = request.judged(&evaluation) {
      (truth, names) = judged
    } else if request.extractors.contains(where: { !$0.isInternal }) {
      truth = roundExtracts.isEmpty ? extractionDoubt.map { .unknown($0) } ?? .no : .yes
    } else {
      return
    }
    switch truth {
    case .no: break
    case .unknown(let reason): block.doubt = block.doubt ?? reason
    case .yes:
      block.hasMatched = true
      if !request.isCondition, let asked { found(asked, names) }
      if request.stopsAtFirstMatch, !request.isCondition { isOver = true }
    }
  }

  private mutating func found(_ asked: PlannedRequest, _ names: [String]) {
    var all = match ?? (asked, [], [])
    for name in names where !all.names.contains(name) { all.names.append(name) }
    for value in roundExtracts where !all.extracted.contains(value) && all.extracted.count < 50 {
      all.extracted.append(value)
    }
    match = all
  }

  /// Gives what was found to later requests; returns why something may be missing.
  private mutating func extract(_ request: TemplateRequest) -> String? {
    var doubt: String?
    for extractor in request.extractors {
      let extraction = extractor.taken(&evaluation)
      if let name = extractor.name {
        if let first = extraction.values.first {
          evaluation.scope.values[name] = TemplateValue(first)
        } else {
          evaluation.scope.missing[name] = extraction.doubt ?? "no answer so far holds what {{\(name)}} stands for"
        }
      }
      guard !extractor.isInternal else { continue }
      roundExtracts += extraction.values
      doubt = doubt ?? (extraction.values.isEmpty ? extraction.doubt : nil)
    }
    return doubt
  }

  private mutating func advance(_ request: TemplateRequest) {
    cursor.form += 1
    guard cursor.form >= request.forms.count else { return }
    cursor.form = 0
    cursor.round += 1
    if cursor.round >= request.roundCount || (request.isCondition && block.hasMatched) {
      endBlock(request)
    }
    beginRound()
  }

  /// A condition that was not met ends the run: what stands behind it has no meaning here.
  private mutating func endBlock(_ request: TemplateRequest) {
    if request.isCondition {
      if !block.hasMatched {
        doubt = doubt ?? block.doubt
        isOver = true
      }
    } else {
      doubt = doubt ?? block.doubt
    }
    cursor.block += 1
    cursor.round = 0
    block = BlockState()
  }

  private mutating func beginRound() {
    evaluation.scope.numbered = []
    evaluation.scope.current = nil
    roundExtracts = []
    guard let request = current else { return }
    for (name, value) in request.payloads(inRound: cursor.round) { evaluation.give(name, value) }
  }
}

extension TemplateEvaluation {
  /// Works the text out once and gives it the name; where it has no value, whoever asks is told why.
  mutating func give(_ name: String, _ text: TemplateText) {
    scope.values[name] = nil
    do throws(EvaluationFailure) {
      scope.values[name] = .text(try bytes(text))
    } catch {
      scope.missing[name] = error.reason
    }
  }
}

extension TemplateRequest {
  /// The values of one round, by name. The first name changes slowest.
  func payloads(inRound round: Int) -> [(name: String, value: TemplateText)] {
    var rest = round
    var result: [(name: String, value: TemplateText)] = []
    for payload in payloads.reversed() where !payload.values.isEmpty {
      let count = payload.values.count
      let index = attack == .clusterbomb ? rest % count : min(round, count - 1)
      if attack == .clusterbomb { rest /= count }
      result.append((payload.name, payload.values[index]))
    }
    return result.reversed()
  }
}

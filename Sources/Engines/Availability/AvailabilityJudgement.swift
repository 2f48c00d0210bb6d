internal import Records
internal import Wire

/// A look as a state and as answers.
struct AvailabilityJudgement {
  let state: AvailabilityMemory.State
  /// Why, in a line.
  let reason: String
  private let look: AvailabilityLook
  private let verdict: PageVerdict?
  private let isSlow: Bool

  init(_ look: AvailabilityLook) {
    self.look = look
    isSlow = look.microseconds > AvailabilityEngine.slowMilliseconds * 1000
    switch look.outcome {
    case .success(let response):
      let verdict = PageVerdict(response)
      self.verdict = verdict
      if case .blocked(let by) = verdict {
        (state, reason) = (.blocked, "blocked by \(by)")
      } else if response.status < 200 {
        (state, reason) = (.notDetermined, "the server talks something that is not HTTP")
      } else if response.status == 403 || response.status == 406 {
        (state, reason) = (.blocked, "status \(response.status)")
      } else if response.status >= 500, look.failures.count < 2 {
        (state, reason) = (.notDetermined, "status \(response.status), asked once")
      } else if response.status >= 500 {
        (state, reason) = (.down, look.failures.joined(separator: ", then "))
      } else {
        (state, reason) = (isSlow ? .slow : .up, "status \(response.status)")
      }
    case .failure(let failure):
      verdict = nil
      (state, reason) = AvailabilityJudgement.state(look, failure)
    }
  }

  private static func state(
    _ look: AvailabilityLook, _ failure: ConnectionFailure
  ) -> (AvailabilityMemory.State, String) {
    if look.target.address == nil, let problem = look.lookup?.failure {
      return unnamed(problem, look.second)
    }
    if look.isOurs { return (.notDetermined, "no way from here: \(failure.sentence)") }
    // A visitor's browser may speak what our library does not: GB/T 38636, say.
    if failure == .handshake { return (.notDetermined, failure.sentence) }
    guard look.failures.count == 2, failure.isWorthASecondLook else { return (.notDetermined, failure.sentence) }
    return (
      .down, Set(look.failures).count == 1 ? "\(failure.sentence), twice" : look.failures.joined(separator: ", then ")
    )
  }

  func answers(_ memory: AvailabilityMemory, planned: Timestamp? = nil) -> [CheckAnswer] {
    let story = memory.sentences.joined(separator: "; ")
    if let planned {
      return open(AvailabilityChecks.all.map(\.id), "in its maintenance window until \(planned.text): \(reason)")
    }
    if memory.state == .suspected {
      return open(AvailabilityChecks.all.map(\.id), "failed once, a second look follows: \(reason)")
    }
    switch state {
    case .down, .suspected:
      return [CheckAnswer("availability.down", .yes, "\(reason); \(story)"), CheckAnswer("availability.blocked", .no)]
        + open(["availability.slow", "availability.error"], "does not apply: the site is down")
    case .blocked:
      return [CheckAnswer("availability.blocked", .yes, reason)]
        + open(["availability.down", "availability.slow", "availability.error"], "blocked us: \(reason)")
    case .notDetermined: return open(AvailabilityChecks.all.map(\.id), reason)
    case .up, .slow:
      let seconds = "\(look.microseconds / 1_000_000).\(look.microseconds / 100_000 % 10) s"
      return [
        CheckAnswer("availability.down", .no, story), CheckAnswer("availability.blocked", .no),
        CheckAnswer("availability.slow", isSlow ? .yes : .no, isSlow ? "\(seconds), more than 3 s" : seconds), error,
      ]
    }
  }

  private var error: CheckAnswer {
    switch verdict {
    case .error(let sentence), .parking(let sentence): CheckAnswer("availability.error", .yes, sentence)
    case .empty: CheckAnswer("availability.error", .yes, "the page is empty")
    default: CheckAnswer("availability.error", .no, reason)
    }
  }

  private func open(_ ids: [String], _ reason: String) -> [CheckAnswer] {
    ids.map { CheckAnswer($0, .notDetermined(reason: reason)) }
  }
}

package import Wire

/// One run of one template on one target, as a state machine: it says what to ask, is told what came back, and comes
/// to a verdict. The same template, target, chance and time give the same requests.
package struct TemplateRun {
  package let template: WebTemplate
  package let target: TemplateTarget

  /// `random`: the seed of everything that is drawn. `isAllowed`: the operator allowed this template by its id.
  package init(
    _ template: WebTemplate, target: TemplateTarget, random: UInt64, now: Timestamp, isAllowed: Bool = false
  ) {
    self.template = template
    self.target = target
  }

  /// What to ask next; nil when there is nothing more to ask. Asked again before an answer came, it says the same.
  package mutating func next() -> PlannedRequest? { nil }

  /// The answer to what `next` gave last.
  package mutating func received(_ response: TemplateResponse) {}

  /// What `next` gave last has no answer; `reason` is a sentence, lower case.
  package mutating func failed(_ reason: String) {}

  /// Final once `next` gives nil.
  package var verdict: TemplateVerdict { .notDetermined("nothing was asked yet") }
}

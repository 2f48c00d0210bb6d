/// Services: what an event, an act or a passing minute changes, as pure state machines.
///
/// Situation, the queue: `AlertFold` folds alerts into rows, `FindingFold` observations into findings, `TriageMachine`
/// says what a person may do to a row. Posture, the scores: `IndicatorTree` is what they are made of, `PostureBoard`
/// folds the posture log into scores of now, `PostureHistory` and `Ranking` into days and tables. Delivery: `DeliveryLane` is
/// one receiver, `RetryRule` says when a message is tried again, `DispatchCheck` what must not leave. OwnerPage: what comes
/// in behind a notice's link, and how often. Nothing here reads a clock, a file or a socket; the hub hands
/// `QueueRules.standard` to the store, which calls it inside its transactions.
package import Records

extension QueueRules {
  package static let standard = QueueRules(
    absorbAlert: AlertFold.absorb, absorbObservation: FindingFold.absorb, apply: TriageMachine.apply,
    elapse: TriageMachine.elapse)
}

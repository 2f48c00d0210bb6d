/// Services: what an event, an act or a passing minute changes, as pure state machines.
///
/// Situation, the queue: `AlertFold` folds alerts into rows, `OutcomeJudge` and `FollowUpMachine` say what came of the
/// attacks, `GatherMachine` folds rows under one, `SuppressionRules` says what is hidden, `FindingFold` folds
/// observations into findings, `TriageMachine` says what a person may do to a row; `RiskRanking` and `EarlyPicture` say
/// what is gravest and what may come. Response, the cases: `IncidentMachine` says what a person may do to an incident,
/// `GradingGuide` proposes its level, `IncidentClocks` runs its clocks. Warning, what organisations are told:
/// `NoticeMachine` takes a notice from draft to closure, `FindingLife` a finding to its proof. Duty, the watch:
/// `RosterTable` says who has it, `Escalation` whom to call, `ZeroReport` when nothing may be called nothing. People:
/// who is who and may what. Posture, the scores: `IndicatorTree` is what they are made of, `PostureBoard` folds the
/// posture log into scores of now, `PostureHistory` and `Ranking` into days and tables. Delivery: `DeliveryLane` is one
/// receiver, `RetryRule` says when a message is tried again, `DispatchCheck` what must not leave. OwnerPage: what comes
/// in behind a notice's link, and how often. Nothing here reads a clock, a file or a socket; the hub hands
/// `QueueRules.standard` to the store, which calls it inside its transactions.
package import Records

extension QueueRules {
  package static let standard = QueueRules(
    absorbAlert: AlertFold.absorb, absorbObservation: FindingFold.absorb, apply: TriageMachine.apply,
    elapse: TriageMachine.elapse, gather: GatherMachine(), follow: FollowUpMachine())
}

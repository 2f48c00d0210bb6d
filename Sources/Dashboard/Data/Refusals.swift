import ControlAPI
import Records

extension BilingualText {
  /// Why the hub did not do or say it, or why there is no hub.
  init(_ error: any Error) {
    switch error {
    case let problem as APIProblem: self = problem.words
    case let mistake as OperatorMistake: self = mistake.words
    default: self.init("\(error)")
    }
  }
}

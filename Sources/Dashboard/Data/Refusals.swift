import ControlAPI
import Records

extension BilingualText {
  /// Why the hub did not do or say it, or why there is no hub.
  init(_ error: any Error) {
    switch error {
    case let problem as APIProblem: self = problem.words
    case let mistake as OperatorMistake: self.init(en: "\(mistake)", zh: BilingualText.chinese(mistake) ?? "\(mistake)")
    default: self.init("\(error)")
    }
  }

  /// Of the connection; what else an operator may have mistaken is in English.
  private static func chinese(_ mistake: OperatorMistake) -> String? {
    let why: String? =
      switch mistake.code {
      case "client.noHub": "中枢未应答"
      case "client.untrusted": "中枢证书不可信"
      case "client.broken": "与中枢的连接中断"
      case "client.ended": "中枢结束了数据流"
      case "client.answer": "中枢版本与本程序不一致"
      default: nil
      }
    return why.map { (mistake.place.map { "\($0)：" } ?? "") + $0 + (mistake.hint.map { "；\($0)" } ?? "") }
  }
}

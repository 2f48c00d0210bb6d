import Engines
import Records

/// What became of the truths of one zone: each found, or not determined with a right reason; and what was said that is
/// not true.
struct NamesLedger: Sendable {
  let zone: NameZone
  private(set) var found = 0
  private(set) var notDetermined = 0
  private(set) var missed: [String] = []
  private(set) var invented: [String] = []
  /// Checks that were rightly answered yes.
  private(set) var moved: Set<String> = []
  private(set) var unmapped: [String] = []
  var truths: Int { found + notDetermined + missed.count }

  init(_ zone: NameZone) { self.zone = zone }

  mutating func judge(_ result: EngineResult) {
    for answer in result.answers {
      if let truth = NamesQuestions.truth(of: answer.check, zone) {
        judge(answer, truth)
      } else {
        unmapped.append(answer.check)
      }
    }
    for (name, truth) in NamesQuestions.facts(of: zone).sorted(by: { $0.key < $1.key }) {
      switch result.facts.first(where: { $0.name == name })?.value {
      case truth: found += 1
      case nil: missed.append("the fact \(name): \(truth)")
      case let other?: invented.append("the fact \(name): \(other), it is \(truth)")
      }
    }
  }

  private mutating func judge(_ answer: CheckAnswer, _ truth: Expected) {
    let line = "\(answer.check): "
    switch (answer.answer, truth) {
    case (_, .untold): break
    case (.notDetermined(let reason), _): judge(answer.check, reason, truth)
    case (.yes, _) where zone.sees == .nothing, (.no, _) where zone.sees == .nothing:
      invented.append(line + "an answer where nothing can be seen, \(answer.evidence)")
    case (.yes, .yes), (.no, .no):
      found += 1
      if truth == .yes { moved.insert(answer.check) }
    case (.no, .yes): missed.append(line + "no, \(answer.evidence)")
    case (.yes, _): invented.append(line + "yes, \(answer.evidence)")
    case (.no, _): invented.append(line + "no, \(answer.evidence)")
    }
  }

  private mutating func judge(_ check: String, _ reason: String, _ truth: Expected) {
    let isRight =
      switch truth {
      case .notApplicable: reason.hasPrefix("does not apply")
      case .open(let part): reason.contains(part)
      default: false
      }
    // What does not validate is no answer; a zone that shows nothing may be let be for any reason but *does not apply*.
    let isUnseen = zone.sees == .nothing && !reason.hasPrefix("does not apply")
    let isBogus = zone.isBogus && reason.contains("does not validate") && check != "dns.dnssec.bogus"
    switch truth {
    case .notApplicable where isRight: found += 1
    case _ where isRight || isUnseen || isBogus || zone.reasons.contains(where: reason.contains): notDetermined += 1
    default: missed.append("\(check): not determined, \(reason)")
    }
  }

  /// A line of the table, and one for everything that is wrong.
  var lines: [String] {
    let numbers = [truths, found, notDetermined, missed.count, invented.count]
    return [NamesLedger.line(zone.zone, numbers)] + missed.map { "  missed    \($0)" }
      + invented.map { "  invented  \($0)" }
  }

  static func line(_ name: String, _ numbers: [Int]) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    return padded(name, 36) + numbers.map { padded("\($0)", 9) }.joined()
  }
  static let head = "zone                                truths   found    not det  missed   invented"
}

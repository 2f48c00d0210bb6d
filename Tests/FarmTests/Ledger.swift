import Engines
import Records

/// What became of the truths of one server: each found, or not determined with a right reason; and what was said that
/// is not true.
struct Ledger: Sendable {
  let server: FarmServer
  private(set) var found = 0
  private(set) var notDetermined = 0
  private(set) var missed: [String] = []
  private(set) var invented: [String] = []
  /// Those of the row's reasons that an answer gave.
  private(set) var used: Set<String> = []
  /// Checks that no question maps: listed, so that somebody adds them.
  private(set) var unasked: Set<String> = []

  init(_ server: FarmServer) { self.server = server }

  mutating func judge(_ result: EngineResult, of engine: String) {
    for answer in result.answers {
      if let question = Questions.all[answer.check] {
        judge(answer, question.truth(server))
      } else {
        unasked.insert(answer.check)
        if server.sees == .nothing { judge(answer, .untold) }
      }
    }
    for question in Questions.facts where question.engine == engine { judge(result.facts, question) }
  }

  /// What was planted to be found may stand nowhere in what is told or kept.
  mutating func search(_ result: EngineResult) {
    let told = "\(result)"
    for (number, secret) in (server.planted ?? []).enumerated() where told.contains(secret) {
      invented.append("planted secret \(number) is told in clear")
    }
  }

  private mutating func judge(_ answer: CheckAnswer, _ truth: Expected) {
    switch answer.answer {
    case .notDetermined(let reason):
      if case .unless(let usual, let others) = truth {
        guard !others.contains(where: reason.contains) else { return notDetermined += 1 }
        judge(answer.check, reason, usual)
      } else {
        judge(answer.check, reason, truth)
      }
    case .yes, .no:
      var truth = truth
      if case .unless(let usual, _) = truth { truth = usual }
      let said = Expected(answer.answer == .yes)
      // A server that shows nothing may only be said not to answer.
      if server.sees == .nothing, answer.check != "http.unavailable" {
        invented.append("\(answer.check): \(said) where nothing can be seen")
      } else if truth == said {
        found += 1
      } else if truth != .yes, truth != .untold {
        invented.append("\(answer.check): \(said), \(answer.evidence)")
      } else if truth == .yes {
        missed.append("\(answer.check): \(said), \(answer.evidence)")
      }
    }
  }

  private mutating func judge(_ check: String, _ reason: String, _ truth: Expected) {
    let known = server.reasons.filter { reason.contains($0) }
    used.formUnion(known)
    let isKnown = !known.isEmpty
    switch (reason.hasPrefix("does not apply"), truth) {
    case (true, .notApplicable): found += 1
    case (false, _) where isKnown: notDetermined += 1
    case (false, .open(let why)) where reason.contains(why): notDetermined += 1
    case (_, .untold): break
    default: missed.append("\(check): not determined, \(reason)")
    }
  }

  private mutating func judge(_ facts: [Fact], _ question: FactQuestion) {
    let truth = server.sees == .nothing ? [] : question.truth(server) ?? []
    let said = Set(
      facts.first { $0.name == question.fact }?.value.split(separator: question.separator).map(String.init) ?? [])
    for word in said.subtracting(truth).sorted() { invented.append("\(question.fact): \(word)") }
    found += said.intersection(truth).count
    let left = truth.subtracting(said)
    guard question.isWhole(server), !left.isEmpty else { return }
    if server.sees == .some {
      notDetermined += left.count
    } else {
      missed += left.sorted().map { "\(question.fact): \($0)" }
    }
  }

  /// A line of the table, and one for everything that is wrong.
  var lines: [String] {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    let numbers = [found + notDetermined + missed.count, found, notDetermined, missed.count, invented.count]
    let line = padded(server.name, 36) + padded(server.software, 9) + numbers.map { padded("\($0)", 8) }.joined()
    return [line] + missed.map { "  missed    \($0)" } + invented.map { "  invented  \($0)" }
  }

  /// Reasons that the row allows and nothing needed: on a quiet machine it allows too much.
  var unused: [String] { server.reasons.filter { !used.contains($0) } }

  /// Servers, truths, found, not determined, missed, invented.
  static func sums(_ ledgers: [Ledger]) -> String {
    let sums = ledgers.reduce(into: [0, 0, 0, 0]) { sums, ledger in
      let numbers = [ledger.found, ledger.notDetermined, ledger.missed.count, ledger.invented.count]
      for (index, number) in numbers.enumerated() { sums[index] += number }
    }
    return "\(ledgers.count) servers, \(sums[0] + sums[1] + sums[2]) truths, \(sums[0]) found, "
      + "\(sums[1]) not determined, \(sums[2]) missed, \(sums[3]) invented"
  }

  static let head = "server                              software truths  found   not det missed  invented"
}

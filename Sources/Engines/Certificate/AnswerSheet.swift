internal import Records

/// Answers about several chains, folded to one a check: a weakness of any chain is one of the site's, and *no* needs
/// each chain that the check applies to.
struct AnswerSheet {
  private struct Entry {
    var label: String
    var answer: CheckAnswer
  }
  private var entries: [Entry] = []
  /// The chain that is being judged, as evidence names it; empty where there is one.
  var label = ""

  mutating func add(_ id: String, _ isWeak: Bool, _ evidence: String = "") {
    entries.append(Entry(label: label, answer: CheckAnswer("certificate." + id, isWeak ? .yes : .no, evidence)))
  }

  mutating func leaveOpen(_ id: String, _ reason: String) {
    entries.append(Entry(label: label, answer: CheckAnswer("certificate." + id, .notDetermined(reason: reason))))
  }

  mutating func skip(_ id: String, _ reason: String) { leaveOpen(id, "does not apply: " + reason) }

  var answers: [CheckAnswer] {
    var order: [String] = []
    var groups: [String: [Entry]] = [:]
    for entry in entries {
      if groups[entry.answer.check] == nil { order.append(entry.answer.check) }
      groups[entry.answer.check, default: []].append(entry)
    }
    return order.compactMap { groups[$0].flatMap(Self.fold) }
  }

  private static func fold(_ entries: [Entry]) -> CheckAnswer? {
    let weak = entries.filter { $0.answer.answer == .yes }
    if let first = weak.first {
      let lines = weak.map { $0.label.isEmpty ? $0.answer.evidence : "\($0.label): \($0.answer.evidence)" }
      return CheckAnswer(first.answer.check, .yes, lines.joined(separator: "; "))
    }
    let open = entries.first { entry in
      guard case .notDetermined(let reason) = entry.answer.answer else { return false }
      return !reason.hasPrefix("does not apply")
    }
    return (open ?? entries.first { $0.answer.answer == .no } ?? entries.first)?.answer
  }
}

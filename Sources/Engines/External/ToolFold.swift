package import Records

/// A report's statements as answers to checks.
package struct ToolFold {
  private let tool: String
  private let mapping: [String: [String]]
  private let probeClass: ProbeClass
  /// Ids of a tool's own in one run; a report that names more names something else.
  package static let ownLimit = 500

  package init(_ tool: any ExternalTool) {
    (self.tool, mapping, probeClass) = (tool.name, tool.mapping, tool.probeClass)
  }

  package init(tool: String, mapping: [String: [String]], probeClass: ProbeClass = .probe) {
    (self.tool, self.mapping, self.probeClass) = (tool, mapping, probeClass)
  }

  /// The checks that a statement answers: ours where they ask the same, else one of the tool's own.
  package func checks(of statement: ToolStatement) -> [Check] {
    let ours = (mapping[statement.id] ?? []).compactMap { ToolFold.byID[$0] }
    if !ours.isEmpty { return ours }
    return ownID(statement).map { [Check($0, statement.severity, statement.title, statement.title, probeClass)] } ?? []
  }

  /// Whether the statement is of the tool's own, and so has its place in the key.
  package func isOwn(_ statement: ToolStatement) -> Bool {
    !(mapping[statement.id] ?? []).contains { ToolFold.byID[$0] != nil }
  }

  private func ownID(_ statement: ToolStatement) -> String? { ToolText.slug(statement.id).map { "\(tool).\($0)" } }

  private static let byID = Dictionary(
    EngineRegistry.all.flatMap(\.checks).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })

  package struct Folded: Sendable {
    package var answers: [CheckAnswer] = []
    /// The tool's own checks among them.
    package var found: [Check] = []
  }

  private struct Place: Hashable { var check: String, path: String?, parameter: String? }

  /// Of several statements on one check a *yes* counts before a *no*, a *no* before silence. With a doubt no *no* counts.
  package func answers(_ report: ToolReport, doubt: String?) -> Folded {
    var folded = Folded()
    var known: [Place: Int] = [:]
    var own: Set<String> = []
    for statement in report.statements {
      let isOwn = isOwn(statement)
      for check in checks(of: statement) {
        if isOwn, own.insert(check.id).inserted {
          guard own.count <= ToolFold.ownLimit else { continue }
          folded.found.append(check)
        }
        let place = Place(
          check: check.id, path: isOwn ? statement.place.path : nil, parameter: isOwn ? statement.parameter : nil)
        let answer = made(statement, check.id, place.path, place.parameter, doubt)
        if let index = known[place] {
          ToolFold.join(answer, into: &folded.answers[index])
        } else {
          known[place] = folded.answers.count
          folded.answers.append(answer)
        }
      }
    }
    return folded
  }

  private func made(
    _ statement: ToolStatement, _ check: String, _ path: String?, _ parameter: String?, _ doubt: String?
  ) -> CheckAnswer {
    var answer = CheckAnswer(check, statement.answer, statement.evidence, parameter: parameter)
    if let doubt, statement.answer == .no { answer.answer = .notDetermined(reason: doubt) }
    answer.path = path
    return answer
  }

  private static func weight(_ answer: Observation.Answer) -> Int {
    switch answer {
    case .yes: 2
    case .no: 1
    case .notDetermined: 0
    }
  }

  private static func join(_ new: CheckAnswer, into old: inout CheckAnswer) {
    let (heavier, lighter) = (weight(new.answer), weight(old.answer))
    if heavier > lighter {
      old = new
    } else if heavier == lighter, !new.evidence.isEmpty, !old.evidence.contains(new.evidence),
      old.evidence.utf8.count < 800
    {
      old.evidence += (old.evidence.isEmpty ? "" : "; ") + new.evidence
    }
  }
}

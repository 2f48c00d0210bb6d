/// `classification.config`: `config classification: name,description,priority`.
package struct RuleClass: Hashable, Sendable {
  package var name: String
  package var description: String
  package var priority: UInt8
}

/// The classes by name.
package struct Classification: Sendable {
  package private(set) var classes: [String: RuleClass] = [:]

  package init() {}

  /// What rules without a class, or with an unknown one, count as.
  package static let defaultPriority: UInt8 = 3

  /// Adds the classes of a file; a name that is there already keeps its first meaning.
  package mutating func read(_ file: [UInt8], name: String) -> [RuleDiagnostic] {
    var diagnostics: [RuleDiagnostic] = []
    ConfigurationLines.each(in: file, name: name, word: "classification", &diagnostics) { text throws(RuleProblem) in
      let parts = text.pieces(ASCII.comma)
      guard parts.count >= 3, parts[0].isName, let priority = parts[parts.count - 1].number(as: UInt8.self),
        priority > 0
      else {
        throw RuleProblem(
          .badValue, at: text.startIndex,
          "a class needs a name, a description and a priority from 1 to 255, not "
            + text.quoted)
      }
      let description = text[parts[1].startIndex..<parts[parts.count - 2].endIndex].string
      let entry = RuleClass(name: parts[0].string, description: description, priority: priority)
      if classes[entry.name] == nil { classes[entry.name] = entry }
    }
    return diagnostics
  }

  package func priority(of rule: Rule) -> UInt8 {
    rule.priority ?? rule.classtype.flatMap { classes[$0]?.priority } ?? Classification.defaultPriority
  }

  /// What EVE calls `alert.category`; empty for none.
  package func category(of rule: Rule) -> String { rule.classtype.flatMap { classes[$0]?.description } ?? "" }

  /// A warning for each rule whose class is not known.
  package func check(_ rules: [Rule], file: String) -> [RuleDiagnostic] {
    let known = classes.keys.sorted()
    return rules.compactMap { rule in
      guard let name = rule.classtype, classes[name] == nil else { return nil }
      return RuleDiagnostic(
        severity: .warning, code: .badValue, file: file, line: rule.line, column: 1, sid: rule.sid,
        sentence: "the class '\(name)' is not in classification.config: priority \(Self.defaultPriority) is taken",
        hint: Spelling.nearest(to: name, in: known).map { "did you mean '\($0)'?" })
    }
  }
}

/// `reference.config`: `config reference: system prefix`.
package struct ReferenceSystems: Sendable {
  package private(set) var prefixes: [String: String] = [:]

  package init() {}

  package mutating func read(_ file: [UInt8], name: String) -> [RuleDiagnostic] {
    var diagnostics: [RuleDiagnostic] = []
    ConfigurationLines.each(in: file, name: name, word: "reference", &diagnostics) { text throws(RuleProblem) in
      let (system, prefix) = text.wordAndRest()
      guard system.isName, !prefix.isEmpty else {
        throw RuleProblem(.badValue, at: text.startIndex, "a reference needs a system and a prefix, not \(text.quoted)")
      }
      prefixes[system.string.lowercased()] = prefix.string
    }
    return diagnostics
  }

  /// The whole link; nil for a system that is not known.
  package func link(_ reference: RuleReference) -> String? {
    prefixes[reference.system.lowercased()].map { $0 + reference.value }
  }
}

/// Lines `config WORD: ...`, comments and empty ones left out.
enum ConfigurationLines {
  static func each(
    in file: [UInt8], name: String, word: String, _ diagnostics: inout [RuleDiagnostic],
    _ body: (Text) throws(RuleProblem) -> Void
  ) {
    var found: [RuleDiagnostic] = []
    LogicalLine.each(in: file) { line in
      let text = line.bytes[...].trimmed()
      guard let first = text.first, first != ASCII.hash else { return }
      do throws(RuleProblem) {
        guard let colon = text.firstIndex(of: ASCII.colon),
          text[..<colon].split(whereSeparator: ASCII.isSpace).map(\.string) == ["config", word]
        else {
          throw RuleProblem(.badValue, at: text.startIndex, "a line is 'config \(word): ...', not \(text.quoted)")
        }
        try body(text[(colon + 1)...].trimmed())
      } catch {
        found.append(RuleDiagnostic(error, line, file: name))
      }
    }
    diagnostics += found
  }
}

extension RuleDiagnostic {
  init(_ problem: RuleProblem, _ line: LogicalLine, file: String, sid: UInt32 = 0) {
    let place = line.position(max(0, problem.place))
    self.init(
      severity: .error, code: problem.code, file: file, line: place.line, column: place.column, sid: sid,
      sentence: problem.sentence, hint: problem.hint)
  }
}

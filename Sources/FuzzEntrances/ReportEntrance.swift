internal import Documents
internal import Engines
internal import Records

/// A report of an external tool, by the first byte: read, folded, and what comes of it held against its bounds.
enum ReportEntrance {
  static func run(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let formats = ReportFormat.allCases
    guard let parts = try? formats[Int(first) % formats.count].read(Array(bytes.dropFirst()), file: "report") else {
      return
    }
    for part in parts {
      precondition(part.report.statements.count <= ToolReport.statementLimit, "statements are bounded")
      precondition(EngineRegistry.named(part.engine) == nil, "a file does not speak for an engine of ours")
      let folded = part.fold.answers(part.report, doubt: nil)
      precondition(folded.found.count <= ToolFold.ownLimit, "a tool's own checks are bounded")
      for answer in folded.answers {
        precondition(!answer.evidence.contains { $0.isNewline }, "evidence is a line")
        precondition(answer.evidence.utf8.count < 8192, "evidence is short")
        precondition(!answer.check.isEmpty && answer.check.utf8.count < 200, "an id is short")
      }
      for answer in part.fold.answers(part.report, doubt: "cut off").answers {
        precondition(answer.answer != .no, "what is doubted denies nothing")
      }
    }
  }
}

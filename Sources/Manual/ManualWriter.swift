/// Lines of mdoc. Every text goes through `word` or `phrase`, so that nothing of a help is read as a request or a macro.
struct ManualWriter {
  private(set) var text = ""

  mutating func raw(_ line: String) { text += line + "\n" }

  mutating func head(_ name: String, _ edition: Manual.Edition) {
    raw(".\\\" Made from the commands' own help by vigil manual.")
    raw(".Dd \(ManualWriter.phrase(edition.date))")
    raw(".Dt \(ManualWriter.word(name.uppercased())) 1")
    raw(".Os vigil \(ManualWriter.word(edition.version))")
  }

  mutating func section(_ title: String) { raw(".Sh \(title)") }

  mutating func macro(_ macro: String, _ text: String) { raw(".\(macro) \(ManualWriter.word(text))") }

  /// Running text, a sentence a line: the formatter then parts sentences rightly.
  mutating func text(_ text: String) {
    for line in text.split(separator: "\n") where !line.allSatisfy({ $0 == " " }) {
      var rest = Substring(line)
      while let end = ManualWriter.sentenceEnd(rest) {
        raw(ManualWriter.line(String(rest[..<end])))
        rest = rest[end...].drop { $0 == " " }
      }
      if !rest.isEmpty { raw(ManualWriter.line(String(rest.drop { $0 == " " }))) }
    }
  }

  /// Paragraphs. One whose lines are calls, each with its own end, keeps them.
  mutating func discussion(_ text: String) {
    var paragraph: [Substring] = []
    func isCalls(_ lines: [Substring]) -> Bool {
      lines.contains { $0.hasPrefix(" ") || $0.hasPrefix("vigil ") }
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) + [Substring()] {
      guard line.allSatisfy({ $0 == " " }) else {
        paragraph.append(line)
        continue
      }
      guard !paragraph.isEmpty else { continue }
      if isCalls(paragraph) {
        raw(".Bd -literal -offset indent")
        paragraph.forEach { raw(ManualWriter.line(String($0))) }
        raw(".Ed")
      } else {
        raw(".Pp")
        self.text(paragraph.joined(separator: " "))
      }
      paragraph = []
    }
  }

  // MARK: arguments

  mutating func synopsis(_ argument: HelpedArgument) {
    let more = argument.isRepeating ? " ..." : ""
    let body: String
    switch argument.kind {
    case .positional: body = "Ar \(ManualWriter.word(argument.valueName ?? "value"))\(more)"
    case .flag: body = ManualWriter.flag(argument.preferredName)
    case .option:
      let value = " Ar \(ManualWriter.word(argument.valueName ?? "value"))\(more)"
      body = ManualWriter.flag(argument.preferredName) + value
    }
    raw("." + (argument.isOptional ? "Op " : "") + body)
  }

  mutating func item(_ argument: HelpedArgument) {
    let value = "Ar \(ManualWriter.word(argument.valueName ?? "value"))" + (argument.isRepeating ? " ..." : "")
    switch argument.kind {
    case .positional: raw(".It \(value)")
    case .flag: raw(".It " + argument.sortedNames.map { ManualWriter.flag($0) }.joined(separator: " , "))
    case .option:
      raw(".It " + argument.sortedNames.map { ManualWriter.flag($0) + " " + value }.joined(separator: " , "))
    }
    text(argument.abstract ?? "")
    argument.discussion.map { text($0) }
    let values = argument.allValues ?? []
    if !values.isEmpty, argument.abstract?.contains(values[0]) != true {
      raw(ManualWriter.line("One of \(values.joined(separator: ", "))."))
    }
    if let usual = argument.defaultValue, !usual.isEmpty { raw(ManualWriter.line("Without it: \(usual).")) }
  }

  /// The macro writes the first dash itself.
  private static func flag(_ name: HelpedArgument.Name?) -> String {
    guard let name else { return "Fl" }
    return "Fl " + escaped(String(name.dashed.dropFirst())).replacing("-", with: "\\-")
  }

  // MARK: texts

  /// One argument of a macro, whatever is in it.
  static func word(_ text: String) -> String {
    let plain = escaped(text.replacing("\n", with: " "))
    return plain.contains(" ") || plain.isEmpty ? "\"\(plain.replacing("\"", with: "\\(dq"))\"" : "\\&" + plain
  }

  /// The rest of a macro's line: no end of a sentence, no word that is a macro.
  static func phrase(_ text: String) -> String {
    let line = text.split(separator: "\n").joined(separator: " ")
    let whole = line.hasSuffix(".") && !line.hasSuffix("..") ? String(line.dropLast()) : line
    return "\"\(escaped(whole).replacing("\"", with: "\\(dq"))\""
  }

  /// A line of text: a dot or an apostrophe at its begin would be a request.
  static func line(_ text: String) -> String {
    let plain = escaped(text)
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\e").replacing("`", with: "\\(ga")
  }

  /// Behind `. ` and before a capital.
  private static func sentenceEnd(_ text: Substring) -> Substring.Index? {
    var index = text.startIndex
    while let stop = text[index...].firstIndex(where: { ".!?".contains($0) }) {
      let after = text.index(after: stop)
      let next = text[after...].prefix { $0 == " " }.endIndex
      if next > after, next < text.endIndex, text[next].isUppercase { return after }
      index = after
    }
    return nil
  }
}

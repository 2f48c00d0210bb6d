/// What the house does not write: traps, promises of later work, console output below the executable, and files
/// that are no longer one idea.
struct StyleRule {
  /// Ceiling of a file; the aim is 250.
  static let lineCeiling = 400

  private static let banned: [(text: String, why: String)] = [
    ("try!", "a throw would end the process: handle it"),
    (" as!", "a wrong type would end the process: use as?"),
    ("fatal" + "Error(", "no stack traces for operators: make it an error value"),
    ("TO" + "DO", "no promises in the code: do it, or put it in the note"),
    ("FIX" + "ME", "no promises in the code: mend it"),
  ]

  func faults(in file: SourceFile) -> [Fault] {
    file.isTest || file.module == "HouseCheck" ? [] : length(of: file) + words(in: file) + output(in: file)
  }

  private func length(of file: SourceFile) -> [Fault] {
    guard file.lines.count > Self.lineCeiling else { return [] }
    return [
      Fault(
        file: file.path, line: Self.lineCeiling,
        sentence: "\(file.lines.count) lines, over \(Self.lineCeiling): is it still one idea?")
    ]
  }

  private func words(in file: SourceFile) -> [Fault] {
    file.lines.enumerated().flatMap { index, line -> [Fault] in
      Self.banned.filter { Self.code(line).contains($0.text) }.map {
        Fault(file: file.path, line: index + 1, sentence: "\($0.text.filter { $0 != " " }): \($0.why)")
      }
    }
  }

  private func output(in file: SourceFile) -> [Fault] {
    let executables: Set<String> = ["vigil", "Benchmarks", "DemoCity"]
    guard !executables.contains(file.module), !file.module.hasPrefix("Fuzz") else { return [] }
    return file.lines.enumerated().compactMap { index, line in
      guard Self.code(line).drop(while: { $0 == " " }).hasPrefix("print(") else { return nil }
      return Fault(file: file.path, line: index + 1, sentence: "print: only the executable talks to the console")
    }
  }

  /// The line without its comment.
  private static func code(_ line: Substring) -> String {
    String(line).split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
  }
}

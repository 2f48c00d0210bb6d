import Foundation

/// One Swift file of a target: `Sources/<module>/...` or `Tests/<module>Tests/...`.
struct SourceFile {
  var path: String
  var module: String
  var isTest: Bool
  var lines: [Substring]

  init?(path: String, text: String) {
    let parts = path.split(separator: "/")
    guard path.hasSuffix(".swift"), parts.count >= 3, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
    self.path = path
    isTest = parts[0] == "Tests"
    module = String(parts[1])
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  static func all(under root: URL) -> [SourceFile] {
    ["Sources", "Tests"].flatMap { top -> [SourceFile] in
      let names = (try? FileManager.default.subpathsOfDirectory(atPath: root.appending(path: top).path)) ?? []
      return names.sorted().compactMap { name in
        let path = "\(top)/\(name)"
        guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else { return nil }
        return SourceFile(path: path, text: text)
      }
    }
  }

  /// The modules that the file imports, with line numbers counted from 1.
  var imports: [(line: Int, module: String)] {
    lines.enumerated().compactMap { index, line in
      var words = line.split(separator: " ")
      while let first = words.first, first.hasPrefix("@") || Self.levels.contains(String(first)) { words.removeFirst() }
      guard words.first == "import", words.count >= 2 else { return nil }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
      return (index + 1, String(name.prefix { $0 != "." }))
    }
  }

  private static let levels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
}

/// A text with `$name` where a variable's value goes; `$$` is a dollar.
struct Template: Sendable, Equatable {
  let text: String
  init(_ text: String) { self.text = text }

  /// The names that it has, in order.
  var names: [String] { parts.compactMap { if case .name(let name) = $0 { name } else { nil } } }

  /// A name without a value stays as it is written: a definition that has one is refused.
  func filled(_ variables: [String: String]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .name(let name): variables[name] ?? "$" + name
      }
    }.joined()
  }

  private enum Part {
    case text(String)
    case name(String)
  }

  private var parts: [Part] {
    var result: [Part] = []
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result.append(.text(String(rest[..<dollar])))
      let behind = rest[rest.index(after: dollar)...]
      if behind.first == "$" {
        result.append(.text("$"))
        rest = behind.dropFirst()
        continue
      }
      let name = behind.prefix { Template.isNameCharacter($0) }
      result.append(name.isEmpty ? .text("$") : .name(String(name)))
      rest = behind.dropFirst(name.count)
    }
    return result + [.text(String(rest))]
  }

  static func isNameCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "_")
  }
}

import ControlAPI
import Records
import Wire

/// Something that can be done to a target, with what must be said first.
struct Action: Sendable {
  /// As commands call it.
  let name: String
  /// In the menu of the target.
  let letter: Character
  let title: BilingualText
  /// Who may at least; the hub has the last word.
  let role: PersonRole
  var fields: [Field] = []
  /// Asked once more before it is done.
  var confirms = false
  /// Nil: what was given makes no request.
  let deed: @Sendable (Given) -> Deed?

  struct Choice: Sendable, Equatable {
    var letter: Character
    var value: String
    var title: BilingualText
  }

  struct Field: Sendable {
    enum Form: Sendable {
      case text
      /// Not empty.
      case needed
      /// Seconds, as `2h`. Empty where that is usual.
      case span(most: Double)
      case number
      case choice([Choice])
    }
    var name: BilingualText
    var form: Form
    var usual = ""

    static func text(_ en: String, _ zh: String, usual: String = "") -> Field {
      Field(name: BilingualText(en: en, zh: zh), form: .text, usual: usual)
    }
    static func needed(_ en: String, _ zh: String, usual: String = "") -> Field {
      Field(name: BilingualText(en: en, zh: zh), form: .needed, usual: usual)
    }
    static func span(_ en: String, _ zh: String, most: Double, usual: String) -> Field {
      Field(name: BilingualText(en: en, zh: zh), form: .span(most: most), usual: usual)
    }
    static func choice<T: Titled>(_ en: String, _ zh: String, _: T.Type) -> Field {
      let cases = Array(T.allCases)
      return choice(en, zh, cases.map { ($0.rawValue, $0.title) })
    }
    /// Each gets the first letter of its name that is free.
    static func choice(_ en: String, _ zh: String, _ values: [(String, BilingualText)]) -> Field {
      var taken: Set<Character> = []
      let choices = values.enumerated().map { index, value in
        let own = value.0.lowercased().first { $0.isLetter && !taken.contains($0) }
        let letter = own ?? Character("\(index % 10)")
        taken.insert(letter)
        return Choice(letter: letter, value: value.0, title: value.1)
      }
      return Field(name: BilingualText(en: en, zh: zh), form: .choice(choices))
    }

    /// Why the text will not do; nil: it will.
    func problem(_ text: String) -> BilingualText? {
      switch form {
      case .text: return nil
      case .needed: return text.isEmpty ? BilingualText(en: "it wants a text", zh: "不能为空") : nil
      case .number:
        let isNumber = Double(text).map { $0.isFinite && $0 >= 0 } ?? false
        return isNumber ? nil : BilingualText(en: "\"\(text)\" is no number", zh: "“\(text)”不是数字")
      case .span(let most):
        if text.isEmpty, usual.isEmpty { return nil }
        let limit = TimeSpan.short(seconds: Int64(most))
        let isSpan = TimeSpan.seconds(text).map { $0 <= most } ?? false
        return isSpan
          ? nil : BilingualText(en: "\"\(text)\" is no time up to \(limit)", zh: "“\(text)”不是 \(limit) 以内的时长")
      case .choice(let choices):
        return choices.contains { $0.value == text }
          ? nil
          : BilingualText(
            en: "one of \(choices.map(\.value).joined(separator: ", "))",
            zh: "可选：\(choices.map(\.value).joined(separator: "、"))")
      }
    }
  }

  /// What was said, a text a field.
  struct Given: Sendable {
    var texts: [String]
    var now: Timestamp

    func text(_ place: Int) -> String { texts.indices.contains(place) ? texts[place] : "" }
    /// Nil where nothing was said.
    func said(_ place: Int) -> String? { text(place).isEmpty ? nil : text(place) }
    func later(_ place: Int) -> Timestamp? { TimeSpan.seconds(text(place)).map { now.advanced(seconds: $0) } }
    func earlier(_ place: Int) -> Timestamp? { TimeSpan.seconds(text(place)).map { now.advanced(seconds: -$0) } }
  }
}

extension Action {
  /// An act through one endpoint whose request is made of what was given.
  static func through<Request: APIRequest, Answer>(
    _ name: String, _ letter: Character, _ en: String, _ zh: String, on target: ActSubject,
    _ endpoint: Endpoint<Request, Answer>, id: String? = nil, _ fields: [Field] = [], confirms: Bool = false,
    opens: Bool = false, _ request: @escaping @Sendable (Given) -> Request?
  ) -> Action {
    let title = BilingualText(en: "\(en) \(target.title.en)", zh: "\(zh) \(target.title.zh)")
    return Action(
      name: name, letter: letter, title: BilingualText(en: en, zh: zh), role: endpoint.role, fields: fields,
      confirms: confirms
    ) { given in
      request(given).map { Deed(title, endpoint, id: id, $0, opens: opens) }
    }
  }
}

extension Severity: Titled { var title: BilingualText { label.words } }
extension Outcome: Titled {
  var title: BilingualText { label?.words ?? BilingualText(en: "not determined", zh: "未判定") }
}
extension IncidentMeasure: Titled {}
extension IncidentMark.Kind: Titled {}

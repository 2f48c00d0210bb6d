import Records

/// The line at the foot while something is typed or chosen.
struct Prompt: Sendable {
  enum Purpose: Sendable {
    case filter, command
    /// One letter chooses.
    case verdict([Int64])
    case shelve([Int64])
    case assign([Int64])
    case comment([Int64])
    /// One letter chooses what is done to the target.
    case menu([Action], ActSubject)
    case form(Form)
    /// `y` does it.
    case confirm(Effect, BilingualText)
  }
  var purpose: Purpose
  var text = ""
  var problem: BilingualText?
  /// What `tab` found that may stand here.
  var options: [String] = []
  /// Which of them stands there, after several `tab`s; and what stood before it.
  var chosen: Int?
  var start = ""
  /// Of a command: what acts were on when it was begun.
  var about: ActSubject?

  init(purpose: Purpose, text: String = "") {
    self.purpose = purpose
    self.text = text
  }

  /// As long as a filter may be.
  static let longest = 1000

  static let verdicts: [(letter: Character, verdict: Verdict)] = [
    ("t", .truePositive), ("f", .falsePositive), ("b", .benign), ("d", .duplicate), ("e", .expected), ("x", .fixed),
  ]

  var isChoice: Bool {
    switch purpose {
    case .verdict, .menu, .confirm: true
    case .form(let form):
      if case .choice? = form.field?.form { true } else { false }
    case .filter, .command, .shelve, .assign, .comment: false
    }
  }

  /// What is asked, without the choices.
  func heading(_ language: Language) -> String {
    switch purpose {
    case .filter: "/"
    case .command: ":"
    case .verdict(let ids): Prompt.about(.close, ids, language)
    case .shelve(let ids):
      Prompt.about(.shelve, ids, language) + (language == .zh ? "时长（30m、2h，至多 24h）: " : "for (30m, 2h, at most 24h): ")
    case .assign(let ids):
      Prompt.about(.assign, ids, language) + (language == .zh ? "给（- 为无人）: " : "to (- nobody): ")
    case .comment(let ids): Prompt.about(.comment, ids, language)
    case .menu(_, let subject): subject.title.text(language) + ": "
    case .form(let form):
      form.title(language) + (form.field.map { ", \($0.name.text(language)): " } ?? "")
    case .confirm(_, let title): title.text(language) + "? "
    }
  }

  /// The letters that may be pressed, with what each means.
  func choices(_ language: Language) -> [(letter: Character, text: String)] {
    switch purpose {
    case .verdict: Prompt.verdicts.map { ($0.letter, $0.verdict.title.text(language)) }
    // In English as the commands are called: there they are short.
    case .menu(let actions, _): actions.map { ($0.letter, language == .en ? $0.name : $0.title.zh) }
    case .confirm: [("y", Label.yes.text(language)), ("n", Label.no.text(language))]
    case .form(let form):
      if case .choice(let choices)? = form.field?.form {
        choices.map { ($0.letter, $0.title.text(language)) }
      } else {
        []
      }
    case .filter, .command, .shelve, .assign, .comment: []
    }
  }

  private static func about(_ act: Label, _ ids: [Int64], _ language: Language) -> String {
    let rows = ids.count == 1 ? "\(ids[0])" : "\(ids.count) \(language == .zh ? "行" : "rows")"
    return "\(act.text(language)) \(rows): "
  }

  mutating func edit(_ key: Key) {
    problem = nil
    (options, chosen) = ([], nil)
    switch key {
    case .character(let character) where text.count < Prompt.longest: text.append(character)
    case .pasted(let pasted): text += pasted.prefix(max(Prompt.longest - text.count, 0))
    case .backspace: _ = text.popLast()
    case .control("u"): text = ""
    case .control("w"):
      while text.last == " " { text.removeLast() }
      while let last = text.last, last != " " { text.removeLast() }
    default: break
    }
  }
}

/// Spans of time as officers type them.
enum TimeSpan {
  /// Seconds of `90s`, `30m`, `2h`, `1d`; nil for anything else.
  static func seconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last, let factor = units[unit], let number = Double(text.dropLast()), number > 0,
      number < 1_000_000
    else { return nil }
    return number * factor
  }

  /// `11m`, `-2m`: the largest unit alone.
  static func short(seconds: Int64) -> String {
    let size = abs(seconds)
    let text =
      size < 60 ? "\(size)s" : size < 3600 ? "\(size / 60)m" : size < 86_400 ? "\(size / 3600)h" : "\(size / 86_400)d"
    return seconds < 0 ? "-" + text : text
  }
}

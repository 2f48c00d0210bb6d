import Records

/// What one question said for a section of a detail, and how that stands.
struct Part<Value: Sendable>: Sendable {
  /// Nil: nothing yet.
  var value: Value?
  /// Why it has nothing newer.
  var problem: BilingualText?
  /// Seconds since it was said, where that is too long ago.
  var age: Double?

  func map<Other: Sendable>(_ change: (Value) -> Other?) -> Part<Other> {
    Part<Other>(value: value.flatMap(change), problem: problem, age: age)
  }
}

extension Model {
  func part<Value: Sendable>(_ question: Question, _: Value.Type = Value.self) -> Part<Value> {
    let answer = answers[question]
    // Without the hub the whole detail is old, and its title says so.
    let every = detailWants.first { $0.question == question }?.every
    let time = link == .connected ? answer?.at : nil
    let age = time.flatMap { time in every.flatMap { isOld(time, every: $0) ? Model.seconds(now, since: time) : nil } }
    return Part(value: answer?.value as? Value, problem: answer?.problem, age: age)
  }
}

extension DetailForms {
  /// Lines that another question answers: of what is late its age, and dim; of what was refused why.
  func section<Value>(
    _ en: String, _ zh: String, _ part: Part<Value>, none: BilingualText? = nil, _ lines: (Value) -> [DetailLine]
  ) -> [DetailLine] {
    guard let value = part.value else {
      return section(en, zh, problem(part) ?? [line(Label.waiting.text(language), .dim)])
    }
    var said = section(en, zh, lines(value), none: none)
    if let age = part.age {
      said = said.map(\.faded)
      if said.count > 1 { said[1].line.runs += [Run(" - ", .dim), Run(Figures.age(age, language), .warning)] }
    }
    return said + (problem(part) ?? [])
  }

  /// The same in a section that has other lines too: while nothing came, nothing stands.
  func lines<Value>(_ part: Part<Value>, _ lines: (Value) -> [DetailLine]) -> [DetailLine] {
    let said = part.value.map(lines) ?? []
    let age = part.age.map { [line(Figures.age($0, language), .warning)] } ?? []
    return (part.age == nil ? said : said.map(\.faded)) + age + (problem(part) ?? [])
  }

  private func problem<Value>(_ part: Part<Value>) -> [DetailLine]? {
    part.problem.map { [line("! \($0.text(language))", .error)] }
  }
}

extension DetailLine {
  fileprivate var faded: DetailLine {
    var faded = self
    faded.line.runs = line.runs.map { Run($0.text, .dim) }
    return faded
  }
}

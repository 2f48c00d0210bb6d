package import ControlAPI
import Records
import Wire

/// What the dashboard shows of one thing that is opened, as a command prints it: wrapped to the terminal's width, in a
/// pipe each line whole.
package struct DetailReport {
  package enum Subject: Sendable {
    case row(Int64)
    case site(String)
    case incident(String)
    case notice(Int64)

    fileprivate var place: Model.Place {
      switch self {
      case .row(let id): .row(id)
      case .site(let id): .site(id)
      case .incident(let id): .incident(id)
      case .notice(let id): .notice(id)
      }
    }
  }

  let client: Client
  let ink: Ink

  /// Tables of a pipe are laid out for so many columns; no line is wrapped there.
  private static let usual = 120

  package init(_ client: Client, _ ink: Ink) {
    self.client = client
    self.ink = ink
  }

  /// Asks for all that the dashboard asks for. What one of the further questions refuses stands where its lines would.
  ///
  /// - Throws: `APIProblem`: there is no such thing, it is not for this person, or no hub.
  package func lines(_ subject: Subject) async throws -> [String] {
    var model = Model(me: "", size: Size(columns: 0, rows: 0), now: Environment.now, definitions: [])
    model.walk = Walk(subject.place)
    guard let main = model.question(of: subject.place) else { return [] }
    model.answers[main] = Answer(value: try await main.ask(client), at: model.now)
    if case .site = subject { model.overview = try await client.call(API.overview, Nothing()) }
    for want in model.detailWants where want.question != main {
      do {
        model.answers[want.question] = Answer(value: try await want.question.ask(client), at: model.now)
      } catch let problem as APIProblem {
        model.answers[want.question] = Answer(problem: problem.words)
      }
    }
    return printed(model)
  }

  private func printed(_ model: Model) -> [String] {
    let lines = DetailLines.all(model, columns: ink.columns ?? Self.usual, ink.look).map(\.line)
    guard let columns = ink.columns else { return lines.map(ink.whole) }
    return lines.flatMap { $0.wrapped(columns, ink.look) }.map { row in
      var canvas = Canvas(Size(columns: columns, rows: 1), ink.look)
      canvas.put(row: row, x: 0, y: 0, columns: columns)
      return ink.line(canvas)
    }
  }
}

extension Ink {
  fileprivate func whole(_ line: Line) -> String {
    let text = line.runs.map { run in
      let harmless = Ink.harmless(run.text)
      return run.role == .text ? harmless : paint(harmless, run.role)
    }.joined()
    return isColored ? text : String(text.reversed().drop { $0 == " " }.reversed())
  }
}

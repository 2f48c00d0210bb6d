import ArgumentParser
import ControlAPI
import Dashboard
import Records

struct TailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Alerts and findings as they come, a line each, until interrupted.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @Flag(help: "Ring the terminal's bell for high and worse.") var bell = false
  @Option(help: "Begin so long ago (10m), or at a moment.") var since: String?
  @Option(help: "A query in the filter language; words behind the command hold besides.", completion: .query(.stream))
  var query: String?
  @Argument(help: "For example: severity>=high site:tax*", completion: .query(.stream)) var filter: [String] = []

  /// Goes on behind the last line that was printed when the hub is restarted: nothing is lost, nothing said twice.
  func run() async throws {
    let text = ListLines.query(query, filter)
    do { _ = try Filter(text, .stream) } catch { throw error.mistake }
    var cursor = since
    let lines = FeedLines(look.ink(tongue.words(hub).language))
    var wasConnected = false
    while true {
      do {
        for try await item in try hub.client().stream(StreamRequest(since: cursor, filter: text)) {
          wasConnected = true
          cursor = item.cursor
          try show(item, lines)
        }
        return
      } catch let mistake as OperatorMistake where wasConnected && mistake.code.hasPrefix("client.") {
        Console.error.line("vigil: \(mistake.sentence); trying again")
        try await Task.sleep(for: .milliseconds(300))
      }
    }
  }

  private func show(_ item: StreamItem, _ lines: FeedLines) throws {
    if item.kind == .lagged { Console.error.line("vigil: lines were lost because this reader is too slow") }
    guard let said = lines.line(item, columns: Console.out.columns) else { return }
    if look.json { return try look.objects([item]) }
    Console.out.line(said.text)
    if bell, said.severity >= .high { Console.error.write("\u{7}") }
  }
}

extension FilterError {
  /// As a command says it.
  var mistake: OperatorMistake {
    OperatorMistake("filter.\(code.rawValue)", at: "filter:\(column)", sentence, hint: hint)
  }
}

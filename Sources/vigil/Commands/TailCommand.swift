import ArgumentParser
import ControlAPI
import Records

struct TailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Alerts and findings as they come, a line each, until interrupted.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Flag(help: "Ring the terminal's bell for high and worse.") var bell = false
  @Option(help: "Begin so long ago (10m), or at a moment.") var since: String?
  @Argument(help: "For example: severity>=high site:tax*") var filter: [String] = []

  /// Goes on behind the last line that was printed when the hub is restarted: nothing is lost, nothing said twice.
  func run() async throws {
    let text = filter.joined(separator: " ")
    _ = try Filter(text, .stream)
    var cursor = since
    let style = look.style
    var wasConnected = false
    while true {
      do {
        for try await item in try hub.client().stream(StreamRequest(since: cursor, filter: text)) {
          wasConnected = true
          cursor = item.cursor
          try show(item, style)
        }
        return
      } catch let mistake as OperatorMistake where wasConnected && mistake.code.hasPrefix("client.") {
        Console.error.line("vigil: \(mistake.sentence); trying again")
        try await Task.sleep(for: .milliseconds(300))
      }
    }
  }

  private func show(_ item: StreamItem, _ style: Style) throws {
    let isFinding = item.row?.row.wing == .scanner && (item.change == .made || item.change == .returned)
    switch item.kind {
    case .alert,
      .row where isFinding:
      if look.json { return try look.objects([item]) }
      let severity = item.alert?.signature.severity ?? item.row?.row.severity ?? .info
      Console.out.line(style.isColored ? style.paint(line(item), Style.code(severity)) : line(item))
      if bell, severity >= .high { Console.error.write("\u{7}") }
    case .lagged: Console.error.line("vigil: lines were lost because this reader is too slow")
    case .row, .sensor, .scanner, .beat: break
    }
  }

  private func line(_ item: StreamItem) -> String {
    if let alert = item.alert { return QueueLines.alert(alert) }
    guard let row = item.row?.row else { return "" }
    return "\(row.lastSeen.text) \(QueueLines.letter(row.severity)) [\(row.check)] \(Table.harmless(row.title.en)) "
      + "\(Table.harmless(row.site ?? row.subject)) \(row.findingState?.rawValue ?? "")"
  }
}

extension FilterError {
  /// As a command says it.
  var mistake: OperatorMistake {
    OperatorMistake("filter.\(code.rawValue)", at: "filter:\(column)", sentence, hint: hint)
  }
}

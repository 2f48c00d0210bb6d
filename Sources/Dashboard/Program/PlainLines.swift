import ControlAPI
import Glibc
import Records

/// Without a terminal, or with `--plain`: how things stand, then every alert and finding as a line, as
/// `vigil tail` has it; with `--json` the objects of those lines. Ends when nobody reads them any more (`| head`).
struct PlainLines {
  let client: Client
  let look: Look
  var isJSON = false

  /// Whoever read the lines is gone.
  private struct NobodyReads: Error {}

  func run() async -> Int32 {
    var cursor = LiveFeed.since
    var wasThere = true
    while !Task.isCancelled {
      do {
        let overview = try await client.call(API.overview)
        if !isJSON, !wasThere || cursor == LiveFeed.since { try state(overview) }
        wasThere = true
        for try await item in client.stream(StreamRequest(since: cursor)) {
          cursor = item.cursor
          try show(item)
        }
      } catch is NobodyReads {
        return 0
      } catch {
        if wasThere { lost(error) }
        wasThere = false
      }
      guard Terminal.isRead(1) else { return 0 }
      try? await Task.sleep(for: .seconds(1))
    }
    return 0
  }

  private func lost(_ error: any Error) {
    let line = Line("\(Label.disconnected.text(look.language)): \(error)")
    // Objects are read by a program: what is said to people goes beside them.
    Terminal.write(bytes(line), to: isJSON ? 2 : 1)
  }

  private func state(_ overview: Overview) throws {
    for warning in overview.warnings { try put(bytes(Line("! \(warning.text(look.language))"))) }
    for line in StateLines.all(overview, look) { try put(bytes(line)) }
  }

  private func show(_ item: StreamItem) throws {
    // A beat has no line: it may be the first to find the reader gone.
    guard Terminal.isRead(1) else { throw NobodyReads() }
    guard let said = FeedLines(Ink(look)).line(item, columns: nil) else { return }
    try put(isJSON ? Array((try RecordJSON.line(item) + "\n").utf8) : bytes(Line(said.text)))
  }

  private func put(_ bytes: [UInt8]) throws(NobodyReads) {
    if !Terminal.write(bytes, to: 1) { throw NobodyReads() }
  }

  private func bytes(_ line: Line) -> [UInt8] {
    let text = line.pieces(look).map { piece in
      look.capabilities.isUTF8 || piece.piece.text.utf8.allSatisfy { $0 < 0x80 } ? piece.piece.text : "?"
    }.joined()
    return Array((text + "\n").utf8)
  }
}

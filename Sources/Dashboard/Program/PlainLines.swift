import ControlAPI
import Glibc
import Records

/// Without a terminal, or with `--plain`: how things stand, then every alert and finding as a line, as
/// `vigil tail` has it.
struct PlainLines {
  let client: Client
  let look: Look

  func run() async -> Int32 {
    var cursor = LiveFeed.since
    var wasThere = true
    while !Task.isCancelled {
      do {
        let overview = try await client.call(API.overview)
        if !wasThere || cursor == LiveFeed.since { state(overview) }
        wasThere = true
        for try await item in client.stream(StreamRequest(since: cursor)) {
          cursor = item.cursor
          show(item)
        }
      } catch {
        if wasThere { put(Line("\(Label.disconnected.text(look.language)): \(error)")) }
        wasThere = false
      }
      try? await Task.sleep(for: .seconds(1))
    }
    return 0
  }

  private func state(_ overview: Overview) {
    for warning in overview.warnings { put(Line("! \(warning)")) }
    for line in StateLines.all(overview, look) { put(line) }
  }

  private func show(_ item: StreamItem) {
    if let said = FeedLines(Ink(look)).line(item, columns: nil) { put(Line(said.text)) }
  }

  private func put(_ line: Line) {
    let text = line.pieces(look).map { piece in
      look.capabilities.isUTF8 || piece.piece.text.utf8.allSatisfy { $0 < 0x80 } ? piece.piece.text : "?"
    }.joined()
    Terminal.write(Array((text + "\n").utf8), to: 1)
  }
}

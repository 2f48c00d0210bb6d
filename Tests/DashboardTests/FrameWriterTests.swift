import Testing

@testable import Dashboard

/// Terminals that count the columns of a character otherwise than we do.
@Suite("Cells of uncertain width")
struct FrameWriterTests {
  private func grid(_ text: String, ambiguousIsWide: Bool) -> Grid {
    var grid = Grid(Size(columns: 12, rows: 1))
    let pieces = HarmlessText.pieces(text, ambiguousIsWide: ambiguousIsWide)
    grid.write(pieces, x: 0, y: 0, limit: 12, .plain)
    return grid
  }

  /// What such a terminal shows after both frames.
  private func seen(_ old: String, _ new: String, weSayWide: Bool) -> String {
    let (before, after) = (grid(old, ambiguousIsWide: weSayWide), grid(new, ambiguousIsWide: weSayWide))
    let bytes = FrameWriter.bytes(from: nil, to: before) + FrameWriter.bytes(from: before, to: after)
    let screen = VirtualScreen(nil, bytes, size: after.size, ambiguousIsWide: !weSayWide)
    #expect(!screen.isConfused)
    return screen.text(0)
  }

  @Test("one that the terminal draws narrower leaves nothing of what stood there", arguments: ["①", "“", "·", "…"])
  func narrower(_ character: String) {
    #expect(seen("abcdef", "a\(character)def", weSayWide: true) == "a\(character) def      ")
  }

  @Test("one that the terminal draws wider eats no neighbour that did not change", arguments: ["①", "“", "·", "…"])
  func wider(_ character: String) {
    #expect(seen("abcdef", "a\(character)cdef", weSayWide: false) == "a\(character)cdef      ")
    // A run of them to its end, and the neighbour behind.
    #expect(seen("a──def", "①──def", weSayWide: false) == "①──def      ")
  }

  @Test("the ellipsis of a cut text is one of them")
  func ellipsis() {
    var canvas = Canvas(Size(columns: 4, rows: 1), Night.look())
    canvas.put("abcdef", x: 0, y: 0, columns: 4)
    #expect(canvas.grid[3, 0].text == "…")
    #expect(canvas.grid[3, 0].isUncertain)
  }
}

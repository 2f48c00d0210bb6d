import Glibc
import Testing

@testable import Dashboard

/// A screen as a small text: the rows as people see them, then the looks of each row as lengths.
///
/// Long runs of one rule or bar are written `{─ 40}`. `a12 b3` is twelve columns of the look `a`, three of `b`; the looks
/// stand below as SGR parameters. Rows of one plain look are left out. With a coloured screen of the same text, its looks
/// follow.
enum Golden {
  private static let folder = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Golden"

  static func compare(
    _ grid: Grid, colored: Grid? = nil, _ name: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    var text = rows(grid) + looks(grid, "plain")
    if let colored {
      #expect(rows(colored) == rows(grid), "colour changes the text of \(name)", sourceLocation: location)
      text += looks(colored, "color")
    }
    try compare(whole: text, name, location)
  }

  static func compare(whole text: String, _ name: String, _ location: SourceLocation = #_sourceLocation) throws {
    let path = "\(folder)/\(name).txt"
    let isRecording = unsafe getenv("VIGIL_RECORD_GOLDEN") != nil
    guard !isRecording, let wanted = read(path) else {
      _ = unsafe mkdir(folder, 0o755)
      write(text, path)
      if !isRecording { Issue.record("wrote \(name).txt: look at it, and run again", sourceLocation: location) }
      return
    }
    #expect(text == wanted, "\(name).txt differs", sourceLocation: location)
  }

  static func rows(_ grid: Grid) -> String {
    (0..<grid.size.rows).map { shortened(grid.text($0)) + "\n" }.joined()
  }

  /// A run of this many is written by its length.
  private static let longRun = 12

  private static func shortened(_ line: String) -> String {
    var (result, rest) = ("", Substring(line))
    while let first = rest.first {
      let run = rest.prefix { $0 == first }
      result += run.count >= longRun ? "{\(first) \(run.count)}" : String(run)
      rest = rest.dropFirst(run.count)
    }
    return result
  }

  private static func looks(_ grid: Grid, _ title: String) -> String {
    var names: [Style: String] = [:]
    var order: [Style] = []
    var lines = ""
    for y in 0..<grid.size.rows {
      let cells = Array(grid.row(y))
      guard cells.contains(where: { $0.style != .plain }) else { continue }
      var (line, x) = ("\(y):", 0)
      while x < cells.count {
        let (start, style) = (x, cells[x].style)
        while x < cells.count, cells[x].style == style { x += 1 }
        if names[style] == nil {
          names[style] = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(order.count % 26)))
          if order.count >= 26 { names[style, default: ""] += "\(order.count / 26)" }
          order.append(style)
        }
        if x < cells.count || style != .plain { line += " \(names[style] ?? "")\(x - start)" }
      }
      lines += line + "\n"
    }
    let legend = order.map { "\(names[$0] ?? "")=\($0.parameters)" }.joined(separator: " ")
    return "-- \(title): \(legend)\n\(lines)"
  }

  private static func read(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
    return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  private static func write(_ text: String, _ path: String) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    Terminal.write(Array(text.utf8), to: descriptor)
    _ = close(descriptor)
  }
}

import ControlAPI
import Records
import Testing

@testable import Dashboard

@Suite("Progress of what takes its time")
struct ProgressTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var unit = Progress.Unit.bytes
    var total: UInt64? = 29_000_000
    /// Counts second by second from the first on.
    var counts: [UInt64]
    var every = 1.0
    var columns = 200
    var language = Language.en
    var more: [BilingualText] = []
    var line: String
    var testDescription: String { line }
  }
  private static let jobs = Progress.Unit.things(BilingualText(en: "jobs", zh: "任务"))
  private static let running = [BilingualText(en: "4 running", zh: "4 个进行中")]
  private static let full = "████████████████████████████████"

  static let cases = [
    Case(counts: [], line: "reading  [                              ]  0 %  0 B of 29 MB"),
    Case(
      counts: [3_000_000, 6_000_000],
      line: "reading  [██████▏                       ]  20 %  6.0 MB of 29 MB  3.0 MB/s  about 8 s left"),
    Case(
      counts: [3_000_000, 6_000_000], columns: 60,
      line: "reading  20 %  6.0 MB of 29 MB  3.0 MB/s  about 8 s left"),
    Case(counts: [3_000_000, 6_000_000], columns: 40, line: "reading  [█▍     ]  20 %  about 8 s left"),
    Case(counts: [3_000_000, 6_000_000], columns: 14, line: "reading  20 %"),
    Case(counts: [3_000_000, 6_000_000], columns: 5, line: "read…"),
    Case(counts: [3_000_000, 6_000_000], columns: 0, line: ""),
    Case(
      counts: [3_000_000, 6_000_000], language: .zh,
      line: "读取  [######........................]  20 %  6.0 MB / 29 MB  3.0 MB/秒  约剩 8 秒"),
    Case(counts: [3_000_000, 6_000_000], columns: 24, language: .zh, line: "读取  20 %  约剩 8 秒"),
    Case(counts: [3_000_000, 6_000_000], columns: 3, language: .zh, line: "读~"),
    Case(total: nil, counts: [812, 1624], line: "reading  1.6 kB  812 B/s  2 s"),
    Case(
      unit: jobs, total: 30, counts: [2, 4, 6, 8, 10, 12], more: running,
      line: "reading  [████████████                  ]  40 %  12 of 30 jobs  4 running  2/s  about 9 s left"),
    Case(
      unit: jobs, total: 3000, counts: [1, 2, 3], every: 10, language: .zh, more: running,
      line: "读取  [..............................]  0 %  任务 3 / 3,000  4 个进行中  6/分  约剩 8 小时 19 分"),
    Case(unit: .nothing, total: nil, counts: [0, 0, 0], every: 40, line: "reading  2 min 0 s"),
    Case(
      unit: jobs, total: 30, counts: [20] + [UInt64](repeating: 20, count: 20),
      line: "reading  [████████████████████          ]  66 %  20 of 30 jobs  0/s"),
    Case(
      unit: jobs, total: 30, counts: [10, 20, 30],
      line: "reading  [██████████████████████████████]  100 %  30 of 30 jobs  10/s"),
    Case(unit: jobs, total: 0, counts: [0, 0], line: "reading  0 of 0 jobs  0/s"),
    Case(
      unit: jobs, total: 2, counts: [9, 9], line: "reading  [██████████████████████████████]  100 %  9 of 2 jobs  4.5/s"
    ),
  ]

  private static func progress(_ test: Case) -> Progress {
    var progress = Progress(BilingualText(en: "reading", zh: "读取"), test.unit, total: test.total)
    progress.more = test.more
    for (index, count) in test.counts.enumerated() { progress.note(count, at: Double(index + 1) * test.every) }
    return progress
  }

  @Test("count, total and time make a line that fits, in both languages", arguments: cases)
  func line(_ test: Case) {
    let line = Self.progress(test).line(Printed.ink(test.columns, test.language), columns: test.columns)
    #expect(line == test.line)
  }

  @Test("no line is wider than asked for, whatever the counts", arguments: cases)
  func everyWidth(_ test: Case) {
    let progress = Self.progress(test)
    for language in Language.allCases {
      let ink = Printed.ink(80, language)
      for columns in 0...140 { #expect(ink.width(progress.line(ink, columns: columns)) <= columns) }
    }
  }

  @Test("what was done before this began is no pace of it")
  func goesOn() {
    var progress = Progress(BilingualText("reading"), .bytes, total: 1000, begun: 800)
    progress.note(820, at: 2)
    #expect(
      progress.line(Printed.ink(56), columns: 56) == "reading  82 %  820 B of 1.0 kB  10 B/s  about 18 s left")
  }

  @Test("numbers from outside never trap: no order of time, any count")
  func anyNumbers() {
    var progress = Progress(BilingualText("x"), .bytes, total: 1)
    for (count, seconds) in [(UInt64.max, 0), (0, 5), (7, 3), (UInt64.max, 1e300), (1, .infinity)] {
      progress.note(count, at: seconds)
      #expect(!progress.line(Printed.ink(80), columns: 79).isEmpty)
    }
  }

  @Test("the line is drawn over itself, and a terminal made narrower loses every row that it was broken into")
  func drawnOverItself() {
    let ink = Printed.ink(80)
    var progress = Progress(BilingualText("reading"), .nothing)
    progress.note(0, at: 3)
    var line = ProgressLine()
    #expect(line.erase(columns: 80) == "")
    #expect(line.draw(progress, ink, columns: 80) == "reading  3 s")
    #expect(line.draw(progress, ink, columns: 80) == "", "the same again is not sent")
    progress.note(0, at: 4)
    #expect(line.draw(progress, ink, columns: 80) == "\r\u{1b}[Jreading  4 s")
    #expect(line.draw(progress, ink, columns: 5) == "\u{1b}[2A\r\u{1b}[Jrea…")
    #expect(line.draw(progress, ink, columns: 1) == "\u{1b}[3A\r\u{1b}[J")
    #expect(line.erase(columns: 80) == "")
    #expect(line.draw(progress, ink, columns: 0) == "")
  }
}

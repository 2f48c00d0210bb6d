import Scanner
import Testing

@Suite struct ScanProgressTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var done: Int
    var of: Int
    var seconds: Double
    var columns = 200
    var line: String
    var testDescription: String { "\(done) of \(of) after \(seconds) s in \(columns) columns" }
  }

  @Test(
    "the line says what is done, how fast, and how long the rest takes, as far as that can be known",
    arguments: [
      Case(done: 0, of: 30, seconds: 0, line: "0 of 10 targets, 0 of 30 jobs, 4 running"),
      Case(done: 2, of: 30, seconds: 1, line: "0 of 10 targets, 2 of 30 jobs, 4 running"),
      Case(
        done: 12, of: 30, seconds: 6, line: "4 of 10 targets, 12 of 30 jobs, 4 running, 2.0 jobs/s, about 9 s left"),
      Case(
        done: 3, of: 30, seconds: 60,
        line: "1 of 10 targets, 3 of 30 jobs, 4 running, 3.0 jobs/min, about 9 min 0 s left"),
      Case(
        done: 3, of: 3000, seconds: 30,
        line: "1 of 10 targets, 3 of 3000 jobs, 4 running, 6.0 jobs/min, about 8 h 19 min left"),
      Case(done: 30, of: 30, seconds: 15, line: "10 of 10 targets, 30 of 30 jobs, 4 running, 2.0 jobs/s"),
      Case(done: 12, of: 30, seconds: 6, columns: 54, line: "4 of 10 targets, 12 of 30 jobs, 4 running, 2.0 jobs/s"),
      Case(done: 12, of: 30, seconds: 6, columns: 20, line: "4 of 10 targets"),
      Case(done: 12, of: 30, seconds: 6, columns: 4, line: "4 of"),
      Case(done: 12, of: 30, seconds: 6, columns: 0, line: ""),
    ])
  func line(_ test: Case) {
    var progress = ScanProgress(targets: 10, jobs: test.of)
    progress.jobsDone = test.done
    progress.targetsDone = min(test.done / 3, 10)
    progress.running = 4
    progress.elapsedNanoseconds = Int64(test.seconds * 1e9)
    #expect(progress.line(columns: test.columns) == test.line)
  }
}

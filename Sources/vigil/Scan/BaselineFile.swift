import ArgumentParser
import ControlAPI
import Records
import Scanner
import Wire

/// `--baseline FILE`: without `--diff` the scan's results are written to it; with `--diff` they are compared with it and
/// it stays, unless there is none yet.
struct BaselineFile: ParsableArguments {
  @Option(help: ArgumentHelp("Results and memories of a scan: written, or with --diff compared.", valueName: "file"))
  var baseline: String?
  @Flag(help: "Only what is new, back, changed or gone since the baseline.") var diff = false

  func validate() throws {
    if diff, baseline == nil { throw ValidationError("--diff needs --baseline FILE: what to compare with") }
  }

  func read() throws -> ScanBaseline? {
    guard let baseline else { return nil }
    do throws(BaselineError) { return try ScanBaseline.read(baseline) } catch { throw mistake(error, baseline) }
  }

  /// What is written, if anything is.
  func write(_ seen: [SeenTarget], over earlier: ScanBaseline?, at time: Timestamp) throws {
    guard let baseline, !diff || earlier == nil else { return }
    var renewed = earlier ?? ScanBaseline(written: time)
    renewed.renew(seen, at: time)
    do throws(BaselineError) { try renewed.write(baseline) } catch { throw mistake(error, baseline) }
  }

  private func mistake(_ error: BaselineError, _ file: String) -> OperatorMistake {
    OperatorMistake("scan.baseline", at: file, error.sentence, hint: error.hint)
  }
}

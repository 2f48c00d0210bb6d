package import Records

/// Analysts' verdicts as measured precision, of each (engine, check) and of each rule. Only *true positive* and *false
/// positive* speak of the engine; the other verdicts speak of the work. Computed anew from the same rows each time.
package enum Precision {
  private struct Key: Hashable {
    var engine: String?
    var check: String
  }

  /// The most judged first.
  package static func table(_ rows: some Sequence<JudgedRow>) -> [MeasuredPrecision] {
    var lines: [Key: MeasuredPrecision] = [:]
    for row in rows where row.verdict == .truePositive || row.verdict == .falsePositive {
      let engines =
        row.wing == .sensor ? [(String?.none, Int?.none)] : row.engines.map { (.some($0.key), .some($0.value)) }
      for (engine, confidence) in engines {
        let key = Key(engine: engine, check: row.check)
        var line = lines[key] ?? MeasuredPrecision(engine: engine, check: row.check)
        if row.verdict == .truePositive { line.truePositives += 1 } else { line.falsePositives += 1 }
        line.declared = confidence ?? line.declared
        lines[key] = line
      }
    }
    return lines.values.sorted {
      ($1.verdicts, $0.engine ?? "", $0.check) < ($0.verdicts, $1.engine ?? "", $1.check)
    }
  }
}

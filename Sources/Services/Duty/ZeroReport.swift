package import Records
package import Wire

/// What a zero report (零报告) may say. Zero is a claim that everything was looked at and nothing was there: where
/// something was not seen it is refused, whatever the queue says.
package enum ZeroReport {
  package static func verdict(events: [Int64], unsettled: [Int64], blind: [BlindSpan]) -> DutyReport.Verdict {
    if !events.isEmpty { return .notZero }
    return unsettled.isEmpty && blind.isEmpty ? .zero : .notDetermined
  }

  /// What in a span speaks against zero: an attack that went through, or what an analyst called a true positive of high
  /// severity or worse. Drills are none.
  package static func isEvent(_ row: QueueRow) -> Bool {
    guard !row.isDrill, !isOfVigil(row), row.severity >= DutyClocks.leastSeverity || row.outcome >= .succeeded else {
      return false
    }
    switch row.triage.verdict {
    case .truePositive?: return true
    case .falsePositive?, .benign?, .duplicate?, .expected?, .fixed?: return false
    case nil: return row.wing == .sensor && row.outcome >= .succeeded || row.triage.state == .escalated
    }
  }

  /// What the hub says of Vigil itself: it makes blind, and is told as that.
  private static func isOfVigil(_ row: QueueRow) -> Bool { row.wing == .sensor && row.check.hasPrefix("9000:") }

  /// Nobody has said what it is.
  package static func isUnsettled(_ row: QueueRow) -> Bool {
    !row.isDrill && !isOfVigil(row) && row.wing == .sensor && row.severity >= DutyClocks.leastSeverity
      && row.triage.verdict == nil
      && !isEvent(row)
  }

  /// The spans cut to the report's own.
  package static func cut(_ spans: [BlindSpan], from: Timestamp, until: Timestamp) -> [BlindSpan] {
    BlindSpan.joined(
      spans.map { span in
        var span = span
        span.from = max(span.from, from)
        span.until = min(span.until, until)
        return span
      })
  }
}

extension BlindSpan {
  /// Those of one source that touch become one: a sensor's silence as it was heard, and as the sensor states it when it
  /// is back. Empty ones go.
  package static func joined(_ spans: [BlindSpan]) -> [BlindSpan] {
    var result: [BlindSpan] = []
    for span in spans.sorted(by: { ($0.source, $0.from) < ($1.source, $1.from) }) where span.from < span.until {
      if let last = result.last, last.source == span.source, last.cause == span.cause, last.until >= span.from {
        result[result.count - 1].until = max(last.until, span.until)
        result[result.count - 1].packets = last.packets.map { $0 &+ (span.packets ?? 0) } ?? span.packets
      } else {
        result.append(span)
      }
    }
    return result.sorted { ($0.from, $0.source) < ($1.from, $1.source) }
  }
}

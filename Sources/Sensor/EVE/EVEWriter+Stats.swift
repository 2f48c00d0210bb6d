internal import Records
package import Wire

/// EVE's `stats` record.
extension EVEWriter {
  /// - Parameter uptime: seconds since the program started.
  package mutating func stats(_ counters: CounterTree, rules: RuleTotals, uptime: Int, at time: Timestamp) {
    begin("stats", at: time, flow: nil, number: 0)
    json.beginObject("stats")
    json.field("uptime", uptime)
    counters.write(to: &json, nullValues: settings.stats.nullValues)
    json.beginObject("rules")
    json.field("loaded", rules.loaded)
    json.field("failed", rules.failed)
    json.field("skipped", rules.skipped)
    json.endObject()
    json.endObject()
    end()
  }

  /// The capture itself is broken here; no packet stands behind it.
  package mutating func captureAnomaly(_ name: String, _ sentence: String, at time: Timestamp) {
    begin("anomaly", at: time, flow: nil, number: 0)
    json.beginObject("anomaly")
    json.field("type", literal: "capture")
    json.field("event", name)
    json.field("reason", sentence)
    json.endObject()
    end()
  }

  package struct RuleTotals: Sendable {
    package var loaded = 0
    package var failed = 0
    package var skipped = 0
    package init(loaded: Int = 0, failed: Int = 0, skipped: Int = 0) {
      self.loaded = loaded
      self.failed = failed
      self.skipped = skipped
    }
  }
}

internal import Store

/// What came in since the hub began.
struct IngestMeter: Sendable {
  var stored: UInt64 = 0
  var refused: UInt64 = 0
  var alerts: UInt64 = 0
  var observations: UInt64 = 0
  var duplicates: UInt64 = 0
  var unreadable: UInt64 = 0
  var missing: UInt64 = 0

  mutating func took(_ result: IngestResult) {
    stored &+= 1
    alerts &+= UInt64(result.alerts)
    observations &+= UInt64(result.observations)
    duplicates &+= UInt64(result.duplicates)
    unreadable &+= UInt64(result.unreadable)
    missing &+= result.missing
  }
}

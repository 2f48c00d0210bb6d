/// What kind of record travels in a batch. Unknown kinds are kept as numbers, counted and acknowledged.
package struct RecordKind: RawRepresentable, Codable, Sendable, Hashable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  /// One EVE alert line, JSON, masked.
  package static let alert = RecordKind(rawValue: 1)
  /// One `Observation`, JSON.
  package static let observation = RecordKind(rawValue: 2)
  /// One `ScanOutcome`, JSON.
  package static let outcome = RecordKind(rawValue: 3)
  /// One `EngineCoverage`, JSON.
  package static let coverage = RecordKind(rawValue: 4)
  /// One `BlindInterval`, JSON.
  package static let blindness = RecordKind(rawValue: 5)
  /// One `IngestCursor`, JSON: the last record of a batch of a followed eve.json, stored with what stands before it.
  package static let cursor = RecordKind(rawValue: 6)
  /// One `EngineMemory`, JSON: the newest of a (site, engine) replaces the one before.
  package static let memory = RecordKind(rawValue: 7)
  /// One `Sighting`, JSON: what may be part of a site.
  package static let sighting = RecordKind(rawValue: 8)
  /// One `RuleText`, JSON: the newest of a (gid, sid, rev) replaces the one before.
  package static let rule = RecordKind(rawValue: 9)
  /// One `OwnConnection`, JSON.
  package static let connection = RecordKind(rawValue: 20)
}

package struct BatchRecord: Sendable, Hashable {
  package var kind: RecordKind
  package var bytes: [UInt8]
  package init(kind: RecordKind, bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }
}

/// Records on their way to the hub. Record `i` has sequence `first + i`; (source, boot, sequence) names it for
/// ever, so that the store refuses what it already has.
package struct RecordBatch: Sendable, Hashable {
  package var source: String
  package var boot: UInt64
  package var first: UInt64
  package var records: [BatchRecord]
  package init(source: String, boot: UInt64, first: UInt64, records: [BatchRecord]) {
    self.source = source
    self.boot = boot
    self.first = first
    self.records = records
  }
  /// The sequence of the last record; `first - 1` of an empty batch.
  package var last: UInt64 { first &+ UInt64(records.count) &- 1 }
}

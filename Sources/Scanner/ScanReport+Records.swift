package import Records

/// A report as the hub takes it.
extension ScanReport {
  /// In the order in which they are sent: the outcome last, so that whoever has it has what was seen.
  package var records: [BatchRecord] {
    var records = observations.compactMap { record(.observation, $0) }
    if let word = EngineCoverage(coverage), let record = record(.coverage, word) { records.append(record) }
    if let memory, memory.body.utf8.count <= EngineMemory.bodyLimit, let record = record(.memory, memory) {
      records.append(record)
    }
    records += sightings.compactMap { record(.sighting, $0) }
    if let record = record(.outcome, outcome) { records.append(record) }
    return records
  }

  /// Nil for what is no JSON, which no value of ours is.
  private func record(_ kind: RecordKind, _ value: some Encodable) -> BatchRecord? {
    (try? RecordJSON.encode(value)).map { BatchRecord(kind: kind, bytes: $0) }
  }
}

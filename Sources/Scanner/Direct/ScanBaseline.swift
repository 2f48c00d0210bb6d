package import Records
package import Wire

/// What an earlier scan found, and what its engines wanted to find again: the file of `vigil scan --baseline`.
///
/// A finding that is gone stays in it as gone, so that one that comes back is told from a new one. What a scan did not
/// ask, or could not determine, is left as it was.
package struct ScanBaseline: Codable, Sendable, Hashable {
  package static let type = "vigil.baseline"
  package static let schema = 1

  package enum State: String, Codable, Sendable { case present, gone }

  package struct Finding: Codable, Sendable, Hashable {
    /// The target as `SeenTarget.key` has it.
    package var target: String
    package var check: String
    package var parameter: String?
    package var severity: Severity
    package var evidence: String
    package var first: Timestamp
    package var last: Timestamp
    package var state: State

    var key: FindingKey { FindingKey(target: target, check: check, parameter: parameter) }
  }

  package struct Memory: Codable, Sendable, Hashable {
    package var target: String
    package var engine: String
    package var time: Timestamp
    package var body: String
  }

  package var type = ScanBaseline.type
  package var schema = ScanBaseline.schema
  package var written: Timestamp
  package var findings: [Finding] = []
  package var memories: [Memory] = []

  /// Findings that are gone and still remembered; the oldest are forgotten first.
  package static let goneLimit = 20_000

  package init(written: Timestamp) { self.written = written }

  /// Bodies by target and engine.
  package var memoryByTarget: [String: [String: String]] {
    memories.reduce(into: [:]) { $0[$1.target, default: [:]][$1.engine] = $1.body }
  }

  /// Takes in what was seen now.
  package mutating func renew(_ seen: [SeenTarget], at time: Timestamp) {
    written = time
    var known = Dictionary(findings.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    for target in seen {
      for (key, observation) in target.found {
        let first = known[key]?.first ?? time
        known[key] = Finding(
          target: key.target, check: key.check, parameter: key.parameter, severity: observation.severity,
          evidence: observation.evidence, first: first, last: time, state: .present)
      }
    }
    let fates = Dictionary(seen.map { ($0.key, $0.fates) }, uniquingKeysWith: { first, _ in first })
    for key in known.keys where fates[key.target]?(key) == .gone { known[key]?.state = .gone }
    let gone = known.values.filter { $0.state == .gone }.sorted { $0.last > $1.last }
    for finding in gone.dropFirst(ScanBaseline.goneLimit) { known[finding.key] = nil }
    findings = known.values.sorted { $0.key < $1.key }
    remember(seen, at: time)
  }

  private mutating func remember(_ seen: [SeenTarget], at time: Timestamp) {
    struct Place: Hashable { let target: String, engine: String }
    var known = Dictionary(
      memories.map { (Place(target: $0.target, engine: $0.engine), $0) }, uniquingKeysWith: { first, _ in first })
    for target in seen {
      for (engine, body) in target.memories where body.utf8.count <= EngineMemory.bodyLimit {
        known[Place(target: target.key, engine: engine)] = Memory(
          target: target.key, engine: engine, time: time, body: body)
      }
    }
    memories = known.values.sorted { ($0.target, $0.engine) < ($1.target, $1.engine) }
  }
}

/// What makes two findings of two scans the same.
package struct FindingKey: Hashable, Sendable, Comparable {
  package var target: String
  package var check: String
  package var parameter: String?

  package static func < (a: FindingKey, b: FindingKey) -> Bool {
    (a.target, a.check, a.parameter ?? "") < (b.target, b.check, b.parameter ?? "")
  }
}

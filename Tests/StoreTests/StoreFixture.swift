import Records
import Services
import Wire

@testable import Store

/// Values of the store's tests, and a store in a folder of its own.
enum Sample {
  static let start = Timestamp(seconds: 1_795_000_000)
  static let actor = Actor(name: "li", origin: "test")

  static func line(
    sid: Int = 1, source: Int = 1, severity: Int = 2, after seconds: Double = 0, host: String = "a.example"
  ) -> [UInt8] {
    Array(
      """
      {"timestamp":"\(start.advanced(seconds: seconds).text)","event_type":"alert","src_ip":"10.0.\(source >> 8 & 255).\(source & 255)",\
      "src_port":4000,"dest_ip":"192.0.2.1","dest_port":80,"proto":"TCP","alert":{"action":"allowed","gid":1,\
      "signature_id":\(sid),"rev":1,"signature":"rule \(sid)","category":"c","severity":\(severity)},\
      "http":{"hostname":"\(host)","url":"/x"},"app_proto":"http"}
      """.utf8)
  }
  static func alerts(_ lines: [[UInt8]], first: UInt64 = 1, boot: UInt64 = 1, source: String = "s1") -> RecordBatch {
    RecordBatch(source: source, boot: boot, first: first, records: lines.map { BatchRecord(kind: .alert, bytes: $0) })
  }
  static func observation(_ answer: Observation.Answer = .yes, check: String = "w", day: Double = 0) -> Observation {
    Observation(
      time: start.advanced(seconds: day * 86_400), engine: "tls", check: check,
      title: BilingualText(en: "old", zh: "旧"),
      severity: .critical, site: "a", target: Target(scheme: "https", host: "a.example", port: 443), answer: answer)
  }
  static func observations(_ values: [Observation], first: UInt64) throws -> RecordBatch {
    RecordBatch(
      source: "scanner", boot: 1, first: first,
      records: try values.map { BatchRecord(kind: .observation, bytes: try RecordJSON.encode($0)) })
  }
  static let policy = IngestPolicy(
    ownerOfAlert: {
      SiteAttribution(
        site: $0.requestedHost, organisation: "o", subject: $0.requestedHost ?? "-", remote: $0.source)
    },
    ownerOfObservation: { SiteAttribution(site: $0.site, organisation: "o", subject: $0.target.host) },
    notices: { change in
      guard change.kind == .made, change.row.severity == .critical else { return [] }
      return [OutboxEntry(channel: "webhook", body: "row \(change.row.id)", created: start, due: start)]
    })
}

extension Store {
  static func open(_ folder: TemporaryFolder, beforeWrite: @escaping @Sendable () throws -> Void = {}) throws -> Store {
    try Store(folder: folder.path + "/data", rules: .standard, beforeWrite: beforeWrite)
  }
  @discardableResult func take(_ batch: RecordBatch, at now: Timestamp = Sample.start) throws -> IngestResult {
    try ingest(batch, policy: Sample.policy, now: now)
  }
}

import Glibc
import Records
import Services
import Store
import Wire

/// What an entry of the audit log costs: to be appended with its hash, and to be walked over.
enum WalkOfTheAudit {
  static func run(entries: Int) throws {
    let folder = "/tmp/vigil-benchmark-audit-\(getpid())"
    let store = try Store(folder: folder, rules: .standard)
    defer {
      store.close()
      for name in ["vigil.sqlite", "vigil.sqlite-wal", "vigil.sqlite-shm", "audit.head", "store.lock"] {
        unsafe unlink("\(folder)/\(name)")
      }
      unsafe rmdir(folder)
    }
    let before = try store.usedBytes()
    let (appending, appended) = (Measurement.processorTime(), entries)
    for first in stride(from: 0, to: entries, by: 1000) {
      try store.append((first..<min(first + 1000, entries)).map(entry))
    }
    let walking = Measurement.processorTime()
    let verdict = try store.verifyAudit()
    let end = Measurement.processorTime()
    guard verdict.fault == nil, verdict.entries == appended else { throw Mistake("the log is not whole: \(verdict)") }
    let bytes = try store.usedBytes() - before
    print(
      "\(entries) entries of the audit: appended in \((walking - appending) / Int64(entries)) ns each, verified in "
        + "\((end - walking) / 1_000_000) ms, \((end - walking) / Int64(entries)) ns each; \(bytes / Int64(entries)) bytes each"
    )
  }

  /// As an act on a row leaves it.
  private static func entry(_ number: Int) -> AuditEntry {
    AuditEntry(
      time: Timestamp(seconds: 1_790_000_000 + Int64(number)),
      actor: Actor(name: "li", origin: "unix uid 1000, pid 4711"),
      act: "acknowledge", subject: "queue/\(number)", before: #"{"comments":0,"state":"new"}"#,
      after:
        #"{"acknowledgedAt":"2026-09-21T14:13:20Z","changedBy":{"name":"li","origin":"unix uid 1000"},"state":"acknowledged"}"#
    )
  }
}

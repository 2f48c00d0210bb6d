package import Documents
internal import Records
internal import Wire

/// Tables of dates and products that answers are held against. They are files, because they grow older than the
/// program: read once, at a role's start, and handed to every job with its settings.
package struct ReferenceTables: Hashable, Sendable {
  package var endOfSupport = EndOfSupport()
  package var lifetimes = LifetimeLimits()
  package var profiles = TLSProfiles()

  /// Without any table: what needs one says that it does not apply, or was not determined.
  package init() {}

  /// `endOfSupport` is the folder with `products.yaml`, `grading` that with the limits and profiles; nil leaves a part
  /// empty. The first mistake ends it, with its file, line and column.
  package static func read(endOfSupport: String?, grading: String?) throws(DocumentError) -> ReferenceTables {
    var tables = ReferenceTables()
    if let endOfSupport {
      tables.endOfSupport = try EndOfSupport(DocumentFile.value(path: endOfSupport + "/products.yaml"))
    }
    if let grading {
      tables.lifetimes = try LifetimeLimits(DocumentFile.value(path: grading + "/certificate-lifetime.yaml"))
      tables.profiles = try TLSProfiles(DocumentFile.value(path: grading + "/tls-profiles.yaml"))
    }
    return tables
  }
}

extension DocumentValue {
  /// A day such as `2026-03-15`; its text, and the second that it begins at (UTC).
  func day() throws(DocumentError) -> (text: String, second: Int64) {
    let text = try string()
    guard text.utf8.count == 10, let time = Timestamp(text: text + "T00:00:00Z") else {
      throw DocumentError(.badValue, position, "\(kind) is no day", hint: "for example 2026-03-15")
    }
    return (text, time.seconds)
  }

  func refuseUnknown(besides known: [String]) throws(DocumentError) {
    _ = try map()
    if let first = unknownKeys(besides: known).first { throw first }
  }
}

extension ReferenceTables {
  /// What is in them, in numbers.
  package var summary: String {
    var parts: [String] = []
    if !endOfSupport.entries.isEmpty { parts.append("\(endOfSupport.entries.count) branches of products") }
    if !profiles.all.isEmpty { parts.append("\(profiles.all.count) TLS profiles") }
    if !lifetimes.isEmpty { parts.append("limits of certificate lifetime") }
    return parts.joined(separator: ", ")
  }
}

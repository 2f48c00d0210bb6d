internal import ControlAPI
internal import Records

/// The live stream as server-sent events (the form `text/event-stream` of the HTML standard): `id` is the cursor, so
/// that a client which was cut off goes on behind it by `Last-Event-ID`, without loss and without doubling.
enum EventStream {
  static let mediaType = "text/event-stream"
  /// The header by which a client says where it stands.
  static let lastID = "Last-Event-ID"
  /// Milliseconds that a client waits before it comes again.
  static let retry = 2000

  /// Whether the client wants it rather than lines: it names the type, and does not give it the weight 0.
  static func isAsked(_ accept: [String]) -> Bool {
    accept.flatMap { $0.split(separator: ",") }.contains { range in
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard parts.first == mediaType else { return false }
      return !parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
    }
  }

  static let opening = Array("retry: \(retry)\n\n".utf8)

  /// A beat is a comment, which wakes no listener, with the id that moves the client's place on past what its filter
  /// left out. JSON has no line end of its own, so one `data` line holds an item.
  static func bytes(_ item: StreamItem) throws -> [UInt8] {
    if item.kind == .beat { return Array(": beat\nid: \(item.cursor)\n\n".utf8) }
    var bytes = Array("id: \(item.cursor)\nevent: \(item.kind.rawValue)\ndata: ".utf8)
    bytes += try RecordJSON.encode(item)
    bytes += [UInt8(ascii: "\n"), UInt8(ascii: "\n")]
    return bytes
  }
}

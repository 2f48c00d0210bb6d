/// Signed certificate timestamps (RFC 6962 section 3.3) as certificates, OCSP answers and the TLS extension carry them.
/// Nothing is verified: that needs the logs' keys.
public struct SignedTimestampList: Sendable, Hashable {
  public struct Timestamp: Sendable, Hashable {
    /// SHA-256 of the log's key.
    public let log: [UInt8]
    /// Milliseconds since 1970.
    public let milliseconds: UInt64
    public let hashAlgorithm: UInt8
    public let signatureAlgorithm: UInt8
  }
  public private(set) var timestamps: [Timestamp] = []
  /// Those of a version that RFC 6962 does not define.
  public private(set) var unknownVersions = 0

  /// Real lists have two to five.
  public static let countLimit = 64

  public var logs: Set<[UInt8]> { Set(timestamps.map(\.log)) }

  /// Nil unless the bytes are one list, not empty, whose every member is whole and nothing more.
  public init?(_ bytes: RawSpan) {
    var outer = SpanReader(bytes)
    guard let list = outer.takeCounted(2), outer.isAtEnd, list.byteCount > 0 else { return nil }
    var reader = SpanReader(list)
    while !reader.isAtEnd {
      guard let item = reader.takeCounted(2), item.byteCount > 0,
        timestamps.count + unknownVersions < Self.countLimit
      else { return nil }
      guard item.byte(0) == 0 else {
        unknownVersions += 1
        continue
      }
      guard let timestamp = Self.timestamp(item) else { return nil }
      timestamps.append(timestamp)
    }
  }

  private static func timestamp(_ item: RawSpan) -> Timestamp? {
    var reader = SpanReader(item)
    guard reader.skip(1), let log = reader.take(32), let time = reader.take(8), reader.takeCounted(2) != nil,
      let hash = reader.u8(), let algorithm = reader.u8(), let signature = reader.takeCounted(2),
      signature.byteCount > 0, reader.isAtEnd
    else { return nil }
    return Timestamp(
      log: log.array(), milliseconds: time.u64(0), hashAlgorithm: hash, signatureAlgorithm: algorithm)
  }
}

/// The extensions of a hello, in order; those that fingerprints and inspection ask for are read.
public struct TLSExtensions: Sendable, Equatable {
  /// Types in the order sent, GREASE included.
  public private(set) var types: [UInt16] = []
  public private(set) var serverName: [UInt8]?
  public private(set) var applicationProtocols: [[UInt8]] = []
  /// Offered by a client; one, the selected, from a server.
  public private(set) var versions: [UInt16] = []
  public private(set) var groups: [UInt16] = []
  public private(set) var pointFormats: [UInt8] = []
  public private(set) var signatureSchemes: [UInt16] = []
  /// Groups of the key shares; in a HelloRetryRequest the group asked for.
  public private(set) var keyShareGroups: [UInt16] = []
  public private(set) var hasSessionTicket = false
  /// A server that confirms a ticket or a key resumes.
  public private(set) var selectsPreSharedKey = false
  public private(set) var cookie: [UInt8] = []
  /// RFC 5746, in an answer: the peer knows secure renegotiation.
  public var hasRenegotiationInfo: Bool { types.contains(TLSNumber.Extension.renegotiationInfo) }
  public private(set) var faults: Faults = []

  public struct Faults: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let malformed = Faults(rawValue: 1)
    public static let manyServerNames = Faults(rawValue: 2)
    public static let serverNameType = Faults(rawValue: 4)
    public static let serverNameLength = Faults(rawValue: 8)
    /// An extension runs past the block's end: those after it are lost. Always with `malformed`.
    public static let cut = Faults(rawValue: 16)
  }

  init() {}
  init(_ bytes: RawSpan, isServer: Bool) {
    var reader = SpanReader(bytes)
    while !reader.isAtEnd {
      guard let type = reader.u16(), let body = reader.takeCounted(2) else {
        faults.formUnion([.malformed, .cut])
        return
      }
      types.append(type)
      if !read(type, body, isServer) { faults.insert(.malformed) }
    }
  }

  private mutating func read(_ type: UInt16, _ body: RawSpan, _ isServer: Bool) -> Bool {
    var reader = SpanReader(body)
    switch type {
    case TLSNumber.Extension.serverName: return isServer || readServerName(body)
    case TLSNumber.Extension.alpn: return readProtocols(body)
    case TLSNumber.Extension.supportedVersions:
      if body.byteCount == 2 {
        versions = [body.u16(0)]
        return true
      }
      guard let list = reader.takeCounted(1) else { return false }
      versions = TLSExtensions.words(list)
    case TLSNumber.Extension.supportedGroups:
      guard let list = reader.takeCounted(2) else { return false }
      groups = TLSExtensions.words(list)
    case TLSNumber.Extension.ecPointFormats:
      guard let list = reader.takeCounted(1) else { return false }
      pointFormats = list.array()
    case TLSNumber.Extension.signatureAlgorithms:
      guard let list = reader.takeCounted(2) else { return false }
      signatureSchemes = TLSExtensions.words(list)
    case TLSNumber.Extension.keyShare: return readKeyShares(body, isServer)
    case TLSNumber.Extension.sessionTicket: hasSessionTicket = true
    case TLSNumber.Extension.preSharedKey: selectsPreSharedKey = true
    case TLSNumber.Extension.cookie: cookie = reader.takeCounted(2)?.array() ?? []
    default: break
    }
    return true
  }

  private mutating func readServerName(_ body: RawSpan) -> Bool {
    if serverName != nil { faults.insert(.manyServerNames) }
    if body.byteCount == 0 { return true }
    var outer = SpanReader(body)
    guard let list = outer.takeCounted(2) else {
      faults.insert(.serverNameLength)
      return true
    }
    var names = SpanReader(list)
    guard let kind = names.u8() else { return true }
    if kind != 0 { faults.insert(.serverNameType) }
    guard let name = names.takeCounted(2), name.byteCount > 0 else {
      faults.insert(.serverNameLength)
      return true
    }
    if serverName == nil, kind == 0 { serverName = name.array() }
    return true
  }
  private mutating func readProtocols(_ body: RawSpan) -> Bool {
    var outer = SpanReader(body)
    guard let list = outer.takeCounted(2) else { return false }
    var names = SpanReader(list)
    while !names.isAtEnd {
      guard let name = names.takeCounted(1) else { return false }
      applicationProtocols.append(name.array())
    }
    return true
  }
  private mutating func readKeyShares(_ body: RawSpan, _ isServer: Bool) -> Bool {
    var reader = SpanReader(body)
    if isServer {
      guard let group = reader.u16() else { return false }
      keyShareGroups = [group]
      return true
    }
    guard let list = reader.takeCounted(2) else { return false }
    var shares = SpanReader(list)
    while !shares.isAtEnd {
      guard let group = shares.u16(), shares.takeCounted(2) != nil else { return false }
      keyShareGroups.append(group)
    }
    return true
  }

  static func words(_ span: RawSpan) -> [UInt16] {
    (0..<span.byteCount / 2).map { span.u16($0 * 2) }
  }
}

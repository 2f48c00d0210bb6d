/// A name that a certificate is for (RFC 5280 section 4.2.1.6).
public enum SubjectAltName: Hashable, Sendable, CustomStringConvertible {
  case dns(String)
  case address(IPAddress)
  case email(String)
  case uri(String)
  case directory(String)
  case other(tag: UInt8)

  public var description: String {
    switch self {
    case .dns(let text), .email(let text), .uri(let text), .directory(let text): text
    case .address(let address): address.description
    case .other(let tag): "other(\(tag))"
    }
  }

  /// The names in a `GeneralNames` element's content, up to a limit that the largest real certificates keep.
  static func names(_ bytes: RawSpan, _ range: Range<Int>) -> [SubjectAltName]? {
    var out: [SubjectAltName] = []
    var reader = DERReader(bytes, range)
    while !reader.isAtEnd {
      guard let element = reader.next() else { return nil }
      guard out.count < 2048 else { return out }
      out.append(name(bytes, element))
    }
    return out
  }

  private static func name(_ bytes: RawSpan, _ element: DERElement) -> SubjectAltName {
    let content = bytes.clamped(element.content.lowerBound, element.content.upperBound).array()
    switch element.tag {
    case 0x81: return .email(String(decoding: content, as: UTF8.self))
    case 0x82: return .dns(String(decoding: content, as: UTF8.self))
    case 0x86: return .uri(String(decoding: content, as: UTF8.self))
    case 0x87: return IPAddress(bytes: content).map { .address($0) } ?? .other(tag: element.tag)
    case 0xa4:
      var inner = DERReader(bytes, element.content)
      guard let sequence = inner.next(DERTag.sequence), let name = DistinguishedName(bytes, sequence.content) else {
        return .other(tag: element.tag)
      }
      return .directory(name.description)
    default: return .other(tag: element.tag)
    }
  }
}

/// A subject or issuer: its attributes in the order of the certificate.
public struct DistinguishedName: Hashable, Sendable, CustomStringConvertible {
  public struct Attribute: Hashable, Sendable {
    public let type: OID
    public let value: String
    /// Whether it shares its set with the attribute before it.
    public let isJoined: Bool
  }
  public private(set) var attributes: [Attribute] = []

  /// Real names have under 20 attributes.
  public static let attributeLimit = 64

  /// From a `Name`'s element content.
  init?(_ bytes: RawSpan, _ range: Range<Int>) {
    var sets = DERReader(bytes, range)
    while !sets.isAtEnd {
      guard let set = sets.next(DERTag.set) else { return nil }
      var members = DERReader(bytes, set.content)
      var isFirst = true
      while !members.isAtEnd {
        guard let member = members.next(DERTag.sequence), attributes.count < Self.attributeLimit else { return nil }
        var parts = DERReader(bytes, member.content)
        guard let type = parts.next(DERTag.objectIdentifier), let oid = OID(bytes, type.content),
          let value = parts.next()
        else { return nil }
        attributes.append(
          Attribute(type: oid, value: DistinguishedName.text(bytes, value), isJoined: !isFirst))
        isFirst = false
      }
    }
  }

  public var commonName: String? { attributes.last { $0.type.description == "2.5.4.3" }?.value }
  /// `C=US, O=Example, CN=example.com`.
  public var description: String {
    var out = ""
    for attribute in attributes {
      if !out.isEmpty { out += attribute.isJoined ? " + " : ", " }
      out += (attribute.type.attributeName ?? attribute.type.description) + "=" + attribute.value
    }
    return out
  }

  /// Whether both name the same (RFC 5280 section 7.1): encodings, case and runs of spaces do not matter.
  public func matches(_ other: DistinguishedName) -> Bool {
    if self == other { return true }
    return attributes.count == other.attributes.count
      && zip(attributes, other.attributes).allSatisfy { a, b in
        a.type == b.type && a.isJoined == b.isJoined && Self.folded(a.value) == Self.folded(b.value)
      }
  }
  private static func folded(_ value: String) -> String {
    value.lowercased().split(separator: " ").joined(separator: " ")
  }
  /// The last value of the attribute of this type.
  public func value(of type: String) -> String? { attributes.last { $0.type.description == type }?.value }

  static func text(_ bytes: RawSpan, _ element: DERElement) -> String {
    guard element.tag == DERTag.bmpString else {
      return String(
        decoding: bytes.clamped(element.content.lowerBound, element.content.upperBound).array(), as: UTF8.self)
    }
    var units: [UInt16] = []
    var at = element.content.lowerBound
    while at + 2 <= element.content.upperBound {
      units.append(bytes.u16(at))
      at += 2
    }
    return String(decoding: units, as: UTF16.self)
  }
}

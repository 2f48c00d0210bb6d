/// Writes one question, as a resolver's client asks it.
public enum DNSQueryWriter {
  /// Nil when the name has an empty or overlong label or is over 255 bytes. A trailing dot is allowed.
  /// `payloadSize` adds an EDNS record; `isDNSSECWanted` sets its DO bit.
  public static func query(
    name: String, type: DNSType, id: UInt16, recursionDesired: Bool = true, payloadSize: UInt16? = 1232,
    isDNSSECWanted: Bool = false
  ) -> [UInt8]? {
    guard let encoded = encode(name: name) else { return nil }
    var out: [UInt8] = []
    func put(_ value: UInt16) { out += [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
    for word in [id, recursionDesired ? 0x0100 : 0, 1, 0, 0, payloadSize == nil ? 0 : 1] { put(word) }
    out += encoded
    put(type.rawValue)
    put(1)
    guard let payloadSize else { return out }
    out.append(0)
    for word in [DNSType.opt.rawValue, payloadSize, 0, isDNSSECWanted ? 0x8000 : 0, 0] { put(word) }
    return out
  }

  public static func encode(name: String) -> [UInt8]? {
    var labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if labels.last?.isEmpty == true { labels.removeLast() }
    var out: [UInt8] = []
    for label in labels {
      guard (1...63).contains(label.count) else { return nil }
      out.append(UInt8(label.count))
      out += label
    }
    out.append(0)
    return out.count <= 255 ? out : nil
  }
}

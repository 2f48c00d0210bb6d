/// Addresses and networks as text: dotted quads (RFC 791), RFC 4291 section 2.2 in, RFC 5952 out, CIDR.
extension IPAddress: CustomStringConvertible {
  /// Nil unless the whole text is one address. No zone, no brackets, no leading zeros in IPv4, no shorthand.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 45 else { return nil }
    if bytes.contains(UInt8(ascii: ":")) {
      guard let (high, low) = IPAddress.parseV6(bytes) else { return nil }
      self.init(high: high, low: low)
    } else {
      guard let v4 = IPAddress.parseV4(bytes[...]) else { return nil }
      self.init(v4: v4)
    }
  }

  static func parseV4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
      var octet: UInt32 = 0
      for digit in part {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
        octet = octet * 10 + UInt32(digit - UInt8(ascii: "0"))
      }
      guard octet <= 255 else { return nil }
      value = value << 8 | octet
    }
    return value
  }

  private static func parseV6(_ bytes: [UInt8]) -> (UInt64, UInt64)? {
    guard let (head, tail) = splitAtDoubleColon(bytes) else { return nil }
    guard let front = groups(head), let back = tail.map({ groups($0) }) ?? .some([]) else { return nil }
    let missing = 8 - front.count - back.count
    guard tail == nil ? missing == 0 : missing >= 1 else { return nil }
    let all = front + [UInt16](repeating: 0, count: missing) + back
    func fold(_ part: ArraySlice<UInt16>) -> UInt64 { part.reduce(0) { $0 << 16 | UInt64($1) } }
    return (fold(all[0..<4]), fold(all[4..<8]))
  }

  /// The parts around the one `::`; the second is nil where there is none; nil where there are two.
  private static func splitAtDoubleColon(_ bytes: [UInt8]) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?)? {
    let colon = UInt8(ascii: ":")
    let places = bytes.indices.dropLast().filter { bytes[$0] == colon && bytes[$0 + 1] == colon }
    guard let first = places.first else { return (bytes[...], nil) }
    guard places.count == 1 else { return nil }
    return (bytes[..<first], bytes[(first + 2)...])
  }

  private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
    if bytes.isEmpty { return [] }
    var result: [UInt16] = []
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if part.contains(UInt8(ascii: ".")) {
        guard index == parts.count - 1, let v4 = parseV4(part) else { return nil }
        result += [UInt16(truncatingIfNeeded: v4 >> 16), UInt16(truncatingIfNeeded: v4)]
        continue
      }
      guard (1...4).contains(part.count), part.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
        let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
      else { return nil }
      result.append(group)
    }
    return result.count <= 8 ? result : nil
  }

  public var description: String {
    guard isV6 else { return (0..<4).map { String(low >> UInt64(24 - 8 * $0) & 255) }.joined(separator: ".") }
    let groups = (0..<8).map { index -> UInt16 in
      UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index % 4)))
    }
    let text = { (range: Range<Int>) in groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
    guard let zeros = IPAddress.longestZeroRun(groups) else { return text(0..<8) }
    return text(0..<zeros.lowerBound) + "::" + text(zeros.upperBound..<8)
  }

  /// The first longest run of at least two zero groups (RFC 5952 section 4.2).
  private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
    var best: Range<Int>?
    var start = 0
    for index in 0...groups.count where index == groups.count || groups[index] != 0 {
      if index - start >= 2, index - start > (best?.count ?? 0) { best = start..<index }
      start = index + 1
    }
    return best
  }
}

extension IPPrefix: CustomStringConvertible {
  /// `address/length`, or a bare address for the network of that one host.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first), parts.count <= 2 else { return nil }
    guard parts.count == 2 else {
      self.init(address, length: address.width)
      return
    }
    guard let length = Int(parts[1]), parts[1].allSatisfy(\.isNumber) else { return nil }
    self.init(address, length: length)
  }

  public var description: String { "\(address)/\(length)" }
}

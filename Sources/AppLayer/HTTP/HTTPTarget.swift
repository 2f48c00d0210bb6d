internal import Wire

/// A request target in its parts.
struct HTTPTarget {
  private(set) var host = Bytes.empty
  /// The path; for CONNECT the whole target.
  private(set) var path = Bytes.empty
  /// With its question mark.
  private(set) var query = Bytes.empty
  /// With its hash.
  private(set) var fragment = Bytes.empty

  init() {}
  init(_ target: Bytes, isConnect: Bool) {
    var rest = target
    if isConnect {
      host = target
      path = target
      return
    }
    if let colon = target.firstIndex(of: 58), colon + 2 < target.count, target[colon + 1] == 47,
      target[colon + 2] == 47,
      !target.prefix(colon).contains(47), !target.prefix(colon).contains(63), colon > 0
    {
      let authority = target.from(colon + 3)
      var end = 0
      while end < authority.count, authority[end] != 47, authority[end] != 63, authority[end] != 35 { end += 1 }
      host = authority.prefix(end)
      if let at = host.firstIndex(of: 64) { host = host.from(at + 1) }
      rest = authority.from(end)
    }
    if let hash = rest.firstIndex(of: 35) {
      fragment = rest.from(hash)
      rest = rest.prefix(hash)
    }
    if let mark = rest.firstIndex(of: 63) {
      query = rest.from(mark)
      rest = rest.prefix(mark)
    }
    path = rest
  }
}

/// A host and its port.
struct HTTPHost {
  private(set) var name: Bytes
  private(set) var port: UInt16?
  private(set) var isValid = true

  init(_ text: Bytes) {
    var host = text.trimmed
    var portText: Bytes?
    if !host.isEmpty, host[0] == 91, let close = host.firstIndex(of: 93) {
      if close + 1 < host.count, host[close + 1] == 58 { portText = host.from(close + 2) }
      name = host.prefix(close + 1)
    } else {
      if let colon = host.firstIndex(of: 58) {
        portText = host.from(colon + 1)
        host = host.prefix(colon)
      }
      name = host.trimmed
      isValid = Self.isValid(name)
    }
    if let digits = portText?.trimmed, !digits.isEmpty {
      var value = 0
      for index in 0..<digits.count {
        guard isDigit(digits[index]), value < 65536 else {
          isValid = false
          return
        }
        value = value * 10 + Int(digits[index] - 48)
      }
      port = UInt16(exactly: value)
      if port == nil || value == 0 { isValid = false }
    }
  }

  /// Letters, digits and what resolvers have met; labels of 1 to 63 bytes.
  private static func isValid(_ name: Bytes) -> Bool {
    guard !name.isEmpty, name.count <= 255 else { return false }
    var label = 0
    for index in 0..<name.count {
      let byte = name[index]
      if byte == 46 {
        if label == 0 || label > 63 { return false }
        label = 0
        continue
      }
      guard isDigit(byte) || (97...122).contains(lowercased(byte)) || byte == 45 || byte == 95 || byte >= 128 else {
        return false
      }
      label += 1
    }
    return label <= 63
  }
}

/// What `http.uri` is made by: percent-decoding, `%u`, backslashes, repeated slashes and dot segments undone.
enum HTTPURINormaliser {
  /// Appends the decoded bytes; `isPath` also turns backslashes and drops repeated slashes.
  static func decode(_ text: Bytes, isPath: Bool, decodesPlus: Bool, into out: inout [UInt8]) {
    var at = 0
    while at < text.count {
      var byte = text[at]
      at += 1
      if byte == 37 {
        (byte, at) = percent(text, at)
      } else if byte == 43, decodesPlus {
        byte = 32
      }
      if isPath {
        if byte == 92 { byte = 47 }
        if byte == 47, out.last == 47 { continue }
      }
      out.append(byte)
    }
  }
  /// Behind a percent sign: the byte and where to go on. What is no code stays a percent sign.
  private static func percent(_ text: Bytes, _ at: Int) -> (UInt8, Int) {
    if at + 2 <= text.count, let high = hexValue(text[at]), let low = hexValue(text[at + 1]) {
      return (high << 4 | low, at + 2)
    }
    guard at + 5 <= text.count, text[at] | 32 == 117, let a = hexValue(text[at + 1]), let b = hexValue(text[at + 2]),
      let c = hexValue(text[at + 3]), let d = hexValue(text[at + 4])
    else { return (37, at) }
    let code = UInt16(a) << 12 | UInt16(b) << 8 | UInt16(c) << 4 | UInt16(d)
    // Full-width forms stand for ASCII; anything else beyond a byte has no better fit.
    if (0xff01...0xff5e).contains(code) { return (UInt8(code - 0xff01 + 0x21), at + 5) }
    return (code < 256 ? UInt8(code) : 63, at + 5)
  }

  /// RFC 3986 section 5.2.4, in place.
  static func removeDotSegments(_ path: inout [UInt8]) {
    guard path.contains(46) else { return }
    var out: [UInt8] = []
    out.reserveCapacity(path.count)
    var at = 0
    while at < path.count {
      let end = path[at...].dropFirst(path[at] == 47 ? 1 : 0).firstIndex(of: 47) ?? path.count
      let segment = path[(path[at] == 47 ? at + 1 : at)..<end]
      if segment.elementsEqual([46]) {
        if end == path.count { out.append(47) }
      } else if segment.elementsEqual([46, 46]) {
        while let last = out.popLast(), last != 47 {}
        if end == path.count { out.append(47) }
      } else {
        out.append(contentsOf: path[at..<end])
      }
      at = end
    }
    path = out
  }

  /// Whether decoding once leaves a percent code.
  static func isDoubleEncoded(_ text: Bytes) -> Bool {
    guard let first = text.firstIndex(of: 37) else { return false }
    var out: [UInt8] = []
    decode(text.from(first), isPath: false, decodesPlus: false, into: &out)
    guard out.count >= 3 else { return false }
    for index in 0..<(out.count - 2)
    where out[index] == 37 && hexValue(out[index + 1]) != nil && hexValue(out[index + 2]) != nil { return true }
    return false
  }
}

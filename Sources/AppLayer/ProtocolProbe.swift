internal import Wire

/// Tells a protocol by its first bytes.
enum ProtocolProbe {
  enum Verdict {
    case more
    case nothing
    /// The protocol, and the direction that such bytes travel in.
    case found(AppProtocol, Direction)
  }

  static func stream(
    _ bytes: RawSpan, _ direction: Direction, _ state: ProbeState, _ settings: AppLayerSettings
  ) -> Verdict {
    let verdicts = [
      settings.tls.isEnabled ? tls(bytes, direction) : .nothing, settings.http.isEnabled ? http(bytes) : .nothing,
      settings.dns.isEnabled ? dnsStream(bytes, state) : .nothing,
    ]
    var needsMore = false
    for verdict in verdicts {
      if case .found = verdict { return verdict }
      if case .more = verdict { needsMore = true }
    }
    return needsMore ? .more : .nothing
  }

  private static func tls(_ bytes: RawSpan, _ direction: Direction) -> Verdict {
    let first = bytes.byte(0)
    if first & 0x80 != 0 {
      guard bytes.byteCount >= 5 else { return bytes.byteCount < 3 || bytes.byte(2) == 1 ? .more : .nothing }
      let version = bytes.u16(3)
      guard bytes.byte(2) == 1, version == 2 || (0x0300...0x0303).contains(version) else { return .nothing }
      guard bytes.byteCount >= 11 else { return .more }
      return SSLv2ClientHello(bytes) == nil ? .nothing : .found(.tls, .toServer)
    }
    guard first == 22 || first == 21 || first == 20 else { return .nothing }
    guard bytes.byteCount < 2 || bytes.byte(1) == 3 else { return .nothing }
    guard bytes.byteCount >= 6 else { return .more }
    guard bytes.byte(2) <= 4, bytes.u16(3) <= TLSRecordHeader.lengthLimit else { return .nothing }
    guard first == 22 else { return first == 21 && bytes.u16(3) == 2 ? .found(.tls, .toClient) : .nothing }
    switch bytes.byte(5) {
    case TLSNumber.Handshake.clientHello: return .found(.tls, .toServer)
    case TLSNumber.Handshake.serverHello: return .found(.tls, .toClient)
    // The pattern is enough when nothing else speaks: a damaged hello is still one.
    default: return bytes.byte(2) <= 3 ? .found(.tls, direction) : .nothing
    }
  }

  static let methods: [StaticString] = [
    "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL",
    "COPY", "MOVE", "LOCK", "UNLOCK", "CHECKOUT", "REPORT", "UPDATE", "MKACTIVITY", "MERGE", "SEARCH", "SUBSCRIBE",
    "NOTIFY", "BPROPFIND", "BPROPPATCH", "BCOPY", "BDELETE", "BMOVE", "POLL", "UNSUBSCRIBE", "X-MS-ENUMATTS", "LABEL",
    "MKWORKSPACE", "VERSION-CONTROL", "UNCHECKOUT", "CHECKIN", "BASELINE-CONTROL", "RPC_IN_DATA", "RPC_OUT_DATA",
    "INVALID", "SOURCE", "ACL", "BIND", "REBIND", "UNBIND", "LINK", "UNLINK", "ORDERPATCH", "MKREDIRECTREF",
    "UPDATEREDIRECTREF", "MKCALENDAR", "DESCRIBE", "PURGE", "TRACK", "DEBUG", "SSTP_DUPLEX_POST", "CCM_POST",
  ]

  /// A method and a space, after line ends that browsers and attackers put before; or a status line.
  private static func http(_ bytes: RawSpan) -> Verdict {
    var at = 0
    while at < bytes.byteCount, at < 64, bytes.byte(at) == 13 || bytes.byte(at) == 10 || bytes.byte(at) == 32 {
      at += 1
    }
    let rest = bytes.from(at)
    guard rest.byteCount > 0 else { return at < 64 ? .more : .nothing }
    if isPrefix(rest, "HTTP/") || isPrefix(rest, "http/") {
      return rest.byteCount >= 5 ? .found(.http, .toClient) : .more
    }
    var needsMore = false
    for method in methods where isPrefix(rest, method) {
      let length = method.utf8CodeUnitCount
      if rest.byteCount <= length {
        needsMore = true
      } else if rest.byte(length) == 32 || rest.byte(length) == 9 {
        return .found(.http, .toServer)
      }
    }
    if needsMore { return .more }
    return otherMethod(rest)
  }

  /// An unknown method is believed when its line ends in a protocol.
  private static func otherMethod(_ bytes: RawSpan) -> Verdict {
    var at = 0
    while at < bytes.byteCount, at < 32, bytes.byte(at) > 32, bytes.byte(at) < 127 { at += 1 }
    guard at < bytes.byteCount else { return at < 32 ? .more : .nothing }
    guard at > 0, bytes.byte(at) == 32 else { return .nothing }
    for index in at..<min(bytes.byteCount, 1024) {
      if bytes.byte(index) == 10 { return .nothing }
      guard bytes.byte(index) == UInt8(ascii: "H"), index + 8 <= bytes.byteCount else { continue }
      if isPrefix(bytes.from(index), "HTTP/1."), bytes.byte(index - 1) == 32 { return .found(.http, .toServer) }
    }
    return bytes.byteCount < 1024 && isText(bytes) ? .more : .nothing
  }
  private static func isText(_ bytes: RawSpan) -> Bool {
    for index in 0..<bytes.byteCount where bytes.byte(index) < 32 || bytes.byte(index) == 127 { return false }
    return true
  }

  /// Whether one is the beginning of the other.
  private static func isPrefix(_ bytes: RawSpan, _ word: StaticString) -> Bool {
    let length = min(bytes.byteCount, word.utf8CodeUnitCount)
    for index in 0..<length where unsafe bytes.byte(index) != word.utf8Start[index] { return false }
    return true
  }

  private static func dnsStream(_ bytes: RawSpan, _ state: ProbeState) -> Verdict {
    let onPort = state.destinationPort == 53 || state.sourcePort == 53
    guard bytes.byteCount >= 14 else {
      return onPort && (bytes.byteCount < 2 || bytes.u16(0) >= 12) ? .more : .nothing
    }
    let length = Int(bytes.u16(0))
    guard length >= 12, let header = DNSHeader(bytes.from(2)), onPort || looksLike(header) else { return .nothing }
    guard looksSound(bytes.clamped(2, 2 + length), header, isWhole: length + 2 <= bytes.byteCount) else {
      return .nothing
    }
    return .found(.dns, header.isResponse ? .toClient : .toServer)
  }

  static func dnsDatagram(_ bytes: RawSpan, _ state: ProbeState) -> (isResponse: Bool, Void)? {
    let onPort = [53, 5353, 5355].contains(state.destinationPort) || [53, 5353, 5355].contains(state.sourcePort)
    // NetBIOS names look the same and are not.
    let isNetBIOS = [137, 138].contains(state.destinationPort) || [137, 138].contains(state.sourcePort)
    guard let header = DNSHeader(bytes), !isNetBIOS, onPort || looksLike(header),
      onPort && header.opcode > 6 || looksSound(bytes, header, isWhole: true)
    else { return nil }
    return (header.isResponse, ())
  }

  /// Away from its port, only the plainest of messages.
  private static func looksLike(_ header: DNSHeader) -> Bool {
    header.opcode == 0 && !header.z && header.questionCount == 1 && header.responseCode <= 5
      && (header.isResponse || header.answerCount == 0 && header.authorityCount == 0 && header.additionalCount <= 2)
      && header.answerCount + header.authorityCount + header.additionalCount < 256
  }
  /// The first name can be read.
  private static func looksSound(_ bytes: RawSpan, _ header: DNSHeader, isWhole: Bool) -> Bool {
    guard header.questionCount > 0 else { return header.answerCount > 0 || header.authorityCount > 0 }
    var at = DNSHeader.length
    while at < bytes.byteCount {
      let length = Int(bytes.byte(at))
      if length == 0 { return at + 5 <= bytes.byteCount || !isWhole }
      if length & 0xc0 == 0xc0 { return true }
      guard length < 64 else { return false }
      at += 1 + length
    }
    return !isWhole
  }
}

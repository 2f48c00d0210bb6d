internal import Wire

/// An EVE line of ours or of Suricata's to an `AlertRecord`. Other event types and broken lines are told apart, so
/// that the reader can count them.
extension AlertRecord {
  package enum Reading: Sendable, Hashable {
    case alert(AlertRecord)
    /// A whole record of another type (`flow`, `stats`, ...).
    case other(eventType: String)
    /// Not JSON, or an alert without time or signature: a sentence.
    case broken(String)
  }

  /// Reads one line (without its end). The raw line is kept where it is not over the limit; mask it before.
  ///
  /// - Parameter rule: gets the rule's text of an alert that carries it (Suricata's `metadata: rule: raw`).
  package static func read(
    eve line: UnsafeRawBufferPointer, keepsRaw: Bool = true, rule: (RuleText) -> Void = { _ in }
  ) -> Reading {
    let text = unsafe ByteText(line)
    var reader = EVEAlertReader()
    var cursor = JSONCursor(text)
    cursor.object { reader.member(&$0, named: $1.text) }
    guard !cursor.isBroken else { return .broken("not a JSON object") }
    guard reader.eventType == "alert" else { return .other(eventType: reader.eventType) }
    guard let time = reader.time else { return .broken("an alert without a readable timestamp") }
    guard reader.sid > 0 else { return .broken("an alert without a signature_id") }
    if let text = reader.ruleText { rule(RuleText(gid: reader.gid, sid: reader.sid, rev: reader.rev, text: text)) }
    return .alert(reader.record(at: time, raw: keepsRaw && text.count <= rawLimit ? text.text : nil))
  }

  package static func read(eve line: String) -> Reading {
    unsafe Array(line.utf8).withUnsafeBytes { unsafe read(eve: $0) }
  }
}

private struct EVEAlertReader {
  var eventType = ""
  var time: Timestamp?
  var flowID: UInt64 = 0
  var source: IPAddress?
  var destination: IPAddress?
  var sourcePort: UInt16 = 0
  var destinationPort: UInt16 = 0
  var transport = ""
  var appProtocol: String?
  var action = "allowed"
  var gid: UInt32 = 1
  var sid: UInt32 = 0
  var rev: UInt32 = 0
  var message = ""
  var category = ""
  var severity = 3
  var signatureSeverity: String?
  var ruleText: String?
  var context = AlertRecord.Context()

  mutating func member(_ cursor: inout JSONCursor, named name: String) {
    switch name {
    case "event_type": eventType = cursor.string() ?? ""
    case "timestamp": time = cursor.string().flatMap { Timestamp(text: $0) }
    case "flow_id": flowID = cursor.unsigned() ?? 0
    case "src_ip": source = cursor.string().flatMap { IPAddress($0) }
    case "dest_ip": destination = cursor.string().flatMap { IPAddress($0) }
    case "src_port": sourcePort = port(&cursor)
    case "dest_port": destinationPort = port(&cursor)
    case "proto": transport = cursor.string(limit: 32) ?? ""
    case "app_proto": appProtocol = cursor.string(limit: 32)
    case "host": context.sensor = cursor.string(limit: 128)
    case "alert": nested(&cursor) { $0.alertMember(&$1, $2) }
    case "http": nested(&cursor) { $0.httpMember(&$1, $2) }
    case "tls": nested(&cursor) { $0.tlsMember(&$1, $2) }
    case "dns": nested(&cursor) { $0.dnsMember(&$1, $2) }
    case "flow": nested(&cursor) { $0.flowMember(&$1, $2) }
    case "tcp": nested(&cursor) { $0.tcpMember(&$1, $2) }
    case "direction": context.isToClient = direction(&cursor)
    case "files": files(&cursor)
    default: break
    }
  }

  private func direction(_ cursor: inout JSONCursor) -> Bool? {
    switch cursor.string(limit: 16) {
    case "to_client": true
    case "to_server": false
    default: nil
    }
  }

  private mutating func flowMember(_ cursor: inout JSONCursor, _ name: String) {
    func count(_ cursor: inout JSONCursor) -> Int64 { max(cursor.integer() ?? 0, 0) }
    var facts = context.flow ?? AlertRecord.FlowFacts()
    switch name {
    case "pkts_toserver": facts.packetsToServer = count(&cursor)
    case "pkts_toclient": facts.packetsToClient = count(&cursor)
    case "bytes_toserver": facts.bytesToServer = count(&cursor)
    case "bytes_toclient": facts.bytesToClient = count(&cursor)
    case "src_ip": facts.initiator = cursor.string(limit: 64).flatMap { IPAddress($0) }
    default: break
    }
    context.flow = facts
  }

  /// `tcp_flags_tc`, hexadecimal: what the client got.
  private mutating func tcpMember(_ cursor: inout JSONCursor, _ name: String) {
    guard name == "tcp_flags_tc", let text = cursor.string(limit: 8), let flags = UInt8(text, radix: 16) else { return }
    var facts = context.flow ?? AlertRecord.FlowFacts()
    facts.isReset = flags & 0x04 != 0
    context.flow = facts
  }

  /// Of more files than these the first are kept: names are the attacker's.
  private static let fileLimit = 8

  private mutating func files(_ cursor: inout JSONCursor) {
    guard cursor.isArray else { return }
    var names: [String] = []
    cursor.array(limit: EVEAlertReader.fileLimit) { element in
      guard element.isObject else { return }
      element.object {
        guard $1.text == "filename", let name = $0.string(limit: 1024) else { return }
        names.append(String((name.split { $0 == "/" || $0 == "\\" }.last ?? "").prefix(128)))
      }
    }
    let kept = names.filter { !$0.isEmpty }
    context.files = kept.isEmpty ? nil : kept
  }

  private mutating func nested(
    _ cursor: inout JSONCursor, _ member: (inout EVEAlertReader, inout JSONCursor, String) -> Void
  ) {
    guard cursor.isObject else { return }
    cursor.object { member(&self, &$0, $1.text) }
  }

  private func port(_ cursor: inout JSONCursor) -> UInt16 { cursor.integer().flatMap { UInt16(exactly: $0) } ?? 0 }
  private func number(_ cursor: inout JSONCursor) -> UInt32 { cursor.integer().flatMap { UInt32(exactly: $0) } ?? 0 }

  private mutating func alertMember(_ cursor: inout JSONCursor, _ name: String) {
    switch name {
    case "action": action = cursor.string(limit: 32) ?? action
    case "gid": gid = number(&cursor)
    case "signature_id": sid = number(&cursor)
    case "rev": rev = number(&cursor)
    case "signature": message = cursor.string(limit: 1024) ?? ""
    case "category": category = cursor.string(limit: 256) ?? ""
    case "severity": severity = Int(number(&cursor))
    case "metadata": nested(&cursor) { $0.metadataMember(&$1, $2) }
    case "rule": ruleText = cursor.string(limit: RuleText.limit + 1)
    default: break
    }
  }

  private mutating func metadataMember(_ cursor: inout JSONCursor, _ name: String) {
    guard name == "signature_severity" || name == "attack_target", cursor.isArray else { return }
    var value: String?
    cursor.array(limit: 1) { value = $0.string(limit: 32) }
    if name == "attack_target" { context.attackTarget = value } else { signatureSeverity = value }
  }

  private mutating func httpMember(_ cursor: inout JSONCursor, _ name: String) {
    switch name {
    case "hostname": context.hostname = cursor.string(limit: 256)
    case "url": context.url = cursor.string(limit: 1024)
    case "http_method": context.method = cursor.string(limit: 32)
    case "http_user_agent": context.userAgent = cursor.string(limit: 256)
    case "status": context.status = cursor.integer().flatMap { Int(exactly: $0) }
    case "length": context.responseLength = cursor.integer()
    case "xff", "x_forwarded_for": context.forwardedFor = context.forwardedFor ?? cursor.string(limit: 1024)
    case "forwarded": context.forwarded = cursor.string(limit: 1024)
    case "request_headers": requestHeaders(&cursor)
    default: break
    }
  }

  /// `[{name, value}]`: a header that comes more than once is one list (RFC 9110, 5.3).
  private mutating func requestHeaders(_ cursor: inout JSONCursor) {
    guard cursor.isArray else { return }
    var chains: [String: [String]] = [:]
    cursor.array(limit: 128) { element in
      guard element.isObject else { return }
      var (name, value) = ("", "")
      element.object {
        if $1.text == "name" { name = $0.string(limit: 64)?.lowercased() ?? "" }
        if $1.text == "value" { value = $0.string(limit: 1024) ?? "" }
      }
      if name == "x-forwarded-for" || name == "forwarded" { chains[name, default: []].append(value) }
    }
    if let chain = chains["x-forwarded-for"] { context.forwardedFor = chain.joined(separator: ", ") }
    if let chain = chains["forwarded"] { context.forwarded = chain.joined(separator: ", ") }
  }

  private mutating func tlsMember(_ cursor: inout JSONCursor, _ name: String) {
    switch name {
    case "sni": context.serverName = cursor.string(limit: 256)
    case "ja4": context.ja4 = cursor.string(limit: 64)
    default: break
    }
  }

  /// Version 2 (`rrname` in `dns`), version 3 (`queries`) and the older `query` list.
  private mutating func dnsMember(_ cursor: inout JSONCursor, _ name: String) {
    switch name {
    case "rrname": context.queryName = cursor.string(limit: 256)
    case "query", "queries":
      guard cursor.isArray else { return }
      cursor.array(limit: 1) { element in
        guard element.isObject else { return }
        element.object { if $1.text == "rrname" { context.queryName = $0.string(limit: 256) } }
      }
    default: break
    }
  }

  func record(at time: Timestamp, raw: String?) -> AlertRecord {
    AlertRecord(
      timestamp: time, flowID: flowID, source: source, destination: destination, sourcePort: sourcePort,
      destinationPort: destinationPort, transport: transport, appProtocol: appProtocol,
      signature: AlertRecord.Signature(
        gid: gid, sid: sid, rev: rev, message: message, category: category,
        severity: Severity(eve: severity, signatureSeverity: signatureSeverity)),
      action: action, context: context, raw: raw)
  }
}

package import AppLayer
package import Flow
internal import Records
package import Wire

/// EVE's `dns` record in version 3 (one record a message) and version 2 (`query` and `answer`).
extension EVEWriter {
  package mutating func dns(
    _ transaction: DNSTransaction, _ flow: borrowing FlowRecord, at time: Timestamp, number: UInt64
  ) {
    guard transaction.isResponse ? settings.dns.responses : settings.dns.requests else { return }
    guard isWanted(transaction.message) else { return }
    if settings.dns.version == 2, !transaction.isResponse {
      for (index, question) in transaction.message.questions.enumerated() {
        begin("dns", at: time, flow: flow.id, number: number)
        ends(of: flow)
        community(flow)
        oldQuery(transaction, question, index)
        end()
      }
      return
    }
    begin("dns", at: time, flow: flow.id, number: number)
    // An answer goes from whom was asked to whom asked; version 2 had all from the flow's side.
    ends(of: flow, direction: settings.dns.version == 3 && transaction.isResponse ? .toClient : .toServer)
    community(flow)
    dnsObject(transaction)
    end()
  }

  /// A message whose questions, or where it has none whose answers, are of a wanted type.
  private func isWanted(_ message: DNSMessage) -> Bool {
    guard !settings.dns.types.isEmpty else { return true }
    let types = message.questions.isEmpty ? message.records.map(\.type) : message.questions.map(\.type)
    return types.contains { settings.dns.types.contains(DNSNames.type($0)) }
  }

  mutating func dnsObject(_ transaction: DNSTransaction) {
    json.beginObject("dns")
    if settings.dns.version == 2 { oldAnswer(transaction) } else { message(transaction) }
    json.endObject()
  }

  // MARK: version 3

  private mutating func message(_ transaction: DNSTransaction) {
    let message = transaction.message
    json.field("version", 3)
    json.field("type", literal: transaction.isResponse ? "response" : "request")
    json.field("tx_id", transaction.eveID)
    json.field("id", message.header.id)
    flags(message.header)
    json.field("opcode", message.header.opcode)
    json.field("rcode", DNSNames.responseCode(message.extendedResponseCode))
    if !message.questions.isEmpty {
      json.beginArray("queries")
      for question in message.questions { query(question, message) }
      json.endArray()
    }
    if settings.dns.detailed || !transaction.isResponse {
      section("answers", .answer, message)
    }
    section("authorities", .authority, message)
    section("additionals", .additional, message)
    if settings.dns.grouped, transaction.isResponse { grouped(message) }
  }

  private mutating func flags(_ header: DNSHeader) {
    if header.isResponse { json.field("qr", true) }
    let bytes = [UInt8(header.flags >> 8), UInt8(header.flags & 255)]
    json.field("flags", hex: unsafe bytes.span.bytes)
    if header.isAuthoritative { json.field("aa", true) }
    if header.isTruncated { json.field("tc", true) }
    if header.recursionDesired { json.field("rd", true) }
    if header.recursionAvailable { json.field("ra", true) }
    if header.z { json.field("z", true) }
  }

  private mutating func query(_ question: DNSQuestion, _ message: DNSMessage) {
    json.beginObject()
    json.field("rrname", message.name(question.name))
    if question.isTruncated { json.field("rrname_truncated", true) }
    json.field("rrtype", DNSNames.type(question.type))
    json.endObject()
  }

  // MARK: version 2

  private mutating func oldQuery(_ transaction: DNSTransaction, _ question: DNSQuestion, _ index: Int) {
    let message = transaction.message
    json.beginObject("dns")
    json.field("version", 2)
    json.field("type", literal: "query")
    json.field("id", message.header.id)
    json.field("rrname", message.name(question.name))
    if question.isTruncated { json.field("rrname_truncated", true) }
    json.field("rrtype", DNSNames.type(question.type))
    json.field("tx_id", transaction.eveID)
    if message.header.z { json.field("z", true) }
    json.field("opcode", message.header.opcode)
    json.endObject()
  }

  private mutating func oldAnswer(_ transaction: DNSTransaction) {
    let message = transaction.message
    json.field("version", 2)
    json.field("type", literal: transaction.isResponse ? "answer" : "query")
    json.field("id", message.header.id)
    flags(message.header)
    json.field("opcode", message.header.opcode)
    if let question = message.questions.first {
      json.field("rrname", message.name(question.name))
      if question.isTruncated { json.field("rrname_truncated", true) }
      json.field("rrtype", DNSNames.type(question.type))
    }
    if transaction.isResponse { json.field("rcode", DNSNames.responseCode(message.extendedResponseCode)) }
    json.field("tx_id", transaction.eveID)
    if settings.dns.detailed { section("answers", .answer, message) }
    section("authorities", .authority, message)
    if settings.dns.grouped { grouped(message) }
  }

  // MARK: records

  private mutating func section(_ name: StaticString, _ section: DNSSection, _ message: DNSMessage) {
    guard message.records.contains(where: { $0.section == section }) else { return }
    json.beginArray(name)
    for record in message.records where record.section == section { self.record(record, message) }
    json.endArray()
  }

  private mutating func record(_ record: DNSRecord, _ message: DNSMessage) {
    json.beginObject()
    json.field("rrname", message.name(record.name))
    if record.isNameTruncated { json.field("rrname_truncated", true) }
    json.field("rrtype", DNSNames.type(record.type))
    json.field("ttl", record.timeToLive)
    content(record.data, message)
    json.endObject()
  }

  private mutating func content(_ data: DNSRecordContent, _ message: DNSMessage) {
    switch data {
    case .soa(let primary, let mailbox, let serial, let refresh, let retry, let expire, let minimum):
      json.beginObject("soa")
      json.field("mname", message.name(primary))
      json.field("rname", message.name(mailbox))
      json.field("serial", serial)
      json.field("refresh", refresh)
      json.field("retry", retry)
      json.field("expire", expire)
      json.field("minimum", minimum)
      json.endObject()
    case .srv(let priority, let weight, let port, let target):
      json.beginObject("srv")
      json.field("priority", priority)
      json.field("weight", weight)
      json.field("port", port)
      json.field("name", message.name(target))
      json.endObject()
    case .sshfp(let algorithm, let kind, let fingerprint):
      json.beginObject("sshfp")
      json.field("fingerprint", colons(message.name(fingerprint)))
      json.field("algo", algorithm)
      json.field("type", kind)
      json.endObject()
    default: if let text = DNSNames.text(data, message) { json.field("rdata", text) }
    }
  }

  private func colons(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }

  /// Answers of the common types by type: names and addresses alone.
  private mutating func grouped(_ message: DNSMessage) {
    let answers = message.records.filter { $0.section == .answer }
    let types: [(DNSType, StaticString)] = [
      (.a, "A"), (.aaaa, "AAAA"), (.cname, "CNAME"), (.mx, "MX"), (.ns, "NS"), (.ptr, "PTR"), (.txt, "TXT"),
    ]
    guard types.contains(where: { type, _ in answers.contains { $0.type == type } }) else { return }
    json.beginObject("grouped")
    for (type, name) in types {
      let values = answers.filter { $0.type == type }.compactMap { DNSNames.text($0.data, message) }
      guard !values.isEmpty else { continue }
      json.beginArray(name)
      for value in values { json.element(unsafe value.span.bytes) }
      json.endArray()
    }
    json.endObject()
  }
}

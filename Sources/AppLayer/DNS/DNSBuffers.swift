internal import Wire

extension DNSTransaction {
  /// Names are lent as copies in the arena, made when first asked for.
  func value(_ buffer: AppBuffer, _ instance: Int) -> Bytes? {
    switch buffer {
    case .dnsQuery: isResponse ? nil : question(instance)
    case .dnsQueriesName: question(instance)
    case .dnsAnswersName: record(instance, in: .answer)
    case .dnsAuthoritiesName: record(instance, in: .authority)
    case .dnsAdditionalsName: record(instance, in: .additional)
    case .dnsResponseName: isResponse ? responseName(instance) : nil
    default: nil
    }
  }

  private func question(_ instance: Int) -> Bytes? {
    guard instance < message.questions.count else { return nil }
    return lend(message.questions[instance].name, key: instance)
  }
  private func record(_ instance: Int, in section: DNSSection) -> Bytes? {
    var left = instance
    for (index, record) in message.records.enumerated() where record.section == section {
      if left == 0 { return lend(record.name, key: 1000 + index) }
      left -= 1
    }
    return nil
  }
  /// Every name of a response, then the names that its data hold.
  private func responseName(_ instance: Int) -> Bytes? {
    if instance < message.questions.count { return question(instance) }
    var left = instance - message.questions.count
    for (index, record) in message.records.enumerated() {
      if left == 0 { return lend(record.name, key: 1000 + index) }
      left -= 1
      guard let inner = Self.innerName(record.data) else { continue }
      if left == 0 { return lend(inner, key: 200_000 + index) }
      left -= 1
    }
    return nil
  }
  private static func innerName(_ data: DNSRecordContent) -> Range<Int>? {
    switch data {
    case .name(let name), .mx(_, let name), .srv(_, _, _, let name), .soa(let name, _, _, _, _, _, _): name
    default: nil
    }
  }
  private func lend(_ range: Range<Int>, key: Int) -> Bytes {
    if let known = lent[key] { return known }
    let copy = arena.copy(Array(message.text[range]))
    lent[key] = copy
    return copy
  }
}

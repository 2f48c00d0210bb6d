internal import AppLayer
internal import Wire

/// Conditions on a transaction's fields.
enum TransactionTests {
  static func holds(_ test: TransactionTest, _ transaction: Transaction, at time: Timestamp) -> Bool {
    switch test {
    case .event(let raw): return AppEvent(rawValue: raw).map { transaction.events.contains($0) } ?? false
    case .uriLength(let test, let isRaw):
      let uri = unsafe transaction.bytes(isRaw ? .httpURIRaw : .httpURI, 0, .toServer)
      return unsafe uri.map { test.matches(UInt64($0.count)) } ?? false
    case .dnsOpcode, .dnsRcode, .dnsType:
      return (transaction as? DNSTransaction).map { dns(test, $0) } ?? false
    case .tlsVersion, .tlsState, .tlsExpired, .tlsValid, .tlsNotBefore, .tlsNotAfter, .tlsChainLength:
      return (transaction as? TLSTransaction).map { tls(test, $0, time) } ?? false
    }
  }

  private static func dns(_ test: TransactionTest, _ transaction: DNSTransaction) -> Bool {
    switch test {
    case .dnsOpcode(let test): test.matches(UInt64(transaction.opcode))
    case .dnsRcode(let test): transaction.isResponse && test.matches(UInt64(transaction.rcode))
    case .dnsType(let test): transaction.firstType.map { test.matches(UInt64($0)) } ?? false
    default: false
    }
  }

  private static func tls(_ test: TransactionTest, _ transaction: TLSTransaction, _ time: Timestamp) -> Bool {
    switch test {
    case .tlsVersion(let a, let b, let c, let d, let isNegated):
      guard let version = transaction.version?.rawValue else { return false }
      return ([a, b, c, d].contains { $0 != 0 && $0 == version }) != isNegated
    case .tlsState(let states, let isNegated): return (transaction.state.rawValue & states != 0) != isNegated
    case .tlsExpired: return transaction.notAfter.map { $0 < time } ?? false
    case .tlsValid:
      guard let before = transaction.notBefore, let after = transaction.notAfter else { return false }
      return before <= time && time <= after
    case .tlsNotBefore(let test): return transaction.notBefore.map { test.matches(seconds($0)) } ?? false
    case .tlsNotAfter(let test): return transaction.notAfter.map { test.matches(seconds($0)) } ?? false
    case .tlsChainLength(let test): return test.matches(UInt64(transaction.server.certificates.count))
    default: return false
    }
  }

  private static func seconds(_ time: Timestamp) -> UInt64 { UInt64(max(0, time.seconds)) }
}

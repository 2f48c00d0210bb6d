internal import AppLayer
internal import Flow
package import Records
package import Wire

/// What of the traffic could be seen: names are taken from transactions, the rest from flows at their end.
extension Worker {
  /// Remembers for which name the flow was, by its first transaction that tells one.
  func noteName(of transaction: Transaction, _ slot: FlowSlot) {
    guard siteNames[slot] == nil, let name = Worker.name(of: transaction) else { return }
    siteNames[slot] = name
  }

  private static func name(of transaction: Transaction) -> String? {
    switch transaction {
    case let http as HTTPTransaction:
      guard let host = unsafe http.hostname, host.count > 0, host.count <= SightTally.nameLimit else { return nil }
      return unsafe String(decoding: host, as: UTF8.self)
    case let tls as TLSTransaction:
      guard let name = tls.sni, !name.isEmpty, name.count <= SightTally.nameLimit else { return nil }
      return String(decoding: name, as: UTF8.self)
    default: return nil
    }
  }

  func countSight(_ flow: borrowing FlowRecord, _ slot: FlowSlot) {
    let proto = AppProtocol(rawValue: flow.appProtocol)
    sight.count(
      flow, isEncrypted: proto == .tls, isKnown: proto != .unknown && proto != .failed,
      name: siteNames.removeValue(forKey: slot))
  }

  /// Of all flows that have ended so far.
  package var trafficSight: TrafficSight { sight.sight }
  /// To which ends they went since it was last asked; nil within a minute.
  package func takeTrafficEnds(at now: Timestamp) -> TrafficEnds? { sight.takeEnds(at: now) }
}

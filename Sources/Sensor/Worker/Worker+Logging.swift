internal import AppLayer
internal import Flow
internal import Wire

/// Finished transactions and files to records; finished ones are let go.
extension Worker {
  /// Writes what is complete. `atEnd`: the flow has ended, so everything is.
  func log(_ session: AppSession, _ slot: FlowSlot, _ number: UInt64, atEnd: Bool = false) {
    if !session.events.isEmpty { logEvents(session, slot, number) }
    guard !session.transactions.isEmpty else { return }
    var hasFinished = false
    for transaction in session.transactions {
      if !transaction.files.isEmpty { logFiles(transaction, slot, number, atEnd: atEnd) }
      if !transaction.logged, atEnd || isDue(transaction) {
        transaction.logged = true
        count(transaction)
        noteName(of: transaction, slot)
        write(transaction, slot, number)
      }
      hasFinished = hasFinished || (transaction.logged && transaction.isComplete)
    }
    if hasFinished { session.release { $0.isComplete && $0.logged && isInspected($0) } }
  }

  /// Rules have seen all of it, both ways.
  private func isInspected(_ transaction: Transaction) -> Bool {
    guard detector != nil else { return true }
    let inspection = transaction.inspection
    return (transaction.onlyDirection == .toClient || inspection.inspectedToServer == AppProgress.complete)
      && (transaction.onlyDirection == .toServer || inspection.inspectedToClient == AppProgress.complete)
  }

  /// A handshake is worth its record when both sides are through, anything else when it is complete.
  private func isDue(_ transaction: Transaction) -> Bool {
    guard transaction.proto == .tls else { return transaction.isComplete }
    return transaction.progress(.toServer) >= AppProgress.handshake
      && transaction.progress(.toClient) >= AppProgress.handshake
  }

  private func count(_ transaction: Transaction) {
    let index = Int(transaction.proto.rawValue)
    if index < counters.appTransactions.count { counters.appTransactions[index] &+= 1 }
  }

  private func write(_ transaction: Transaction, _ slot: FlowSlot, _ number: UInt64) {
    switch transaction {
    case let http as HTTPTransaction:
      if settings.eve.http.enabled { writer.http(http, flows[slot], at: now, number: number) }
    case let tls as TLSTransaction:
      if settings.eve.tls.enabled { writer.tls(tls, flows[slot], at: now, number: number) }
    case let dns as DNSTransaction:
      if settings.eve.dns.enabled { writer.dns(dns, flows[slot], at: now, number: number) }
    default: break
    }
  }

  private func logFiles(_ transaction: Transaction, _ slot: FlowSlot, _ number: UInt64, atEnd: Bool) {
    for file in transaction.files where !file.logged && (atEnd || file.state != .open) {
      file.logged = true
      guard settings.eve.files.enabled else { continue }
      writer.fileinfo(file, transaction, flows[slot], at: now, number: number)
    }
  }

  private func logEvents(_ session: AppSession, _ slot: FlowSlot, _ number: UInt64) {
    if settings.eve.anomaly.enabled, settings.eve.anomaly.appLayer {
      for event in session.events {
        writer.applicationAnomaly(
          event.event.eveName, layer: event.transaction == nil && event.event.proto == .unknown ? .detection : .parser,
          appProtocol: event.proto == .unknown ? "" : event.proto.name, transaction: event.transaction,
          flow: flows[slot], at: now, number: number)
      }
    }
    session.clearEvents()
  }
}

package import AppLayer
internal import Decode
package import Wire

/// Rules about transactions: buffers are scanned when they are final, rules looked at when all they need is.
extension Detector {
  /// Rules of one transaction that may wait for its later parts.
  static let pendingLimit = 256
  /// Instances of one buffer that are inspected.
  static let instanceLimit = 1_024

  /// Cheap when the transaction has not moved since the last call. `bytes` is the packet, for datagrams' payload.
  package func inspect(_ transaction: Transaction, _ direction: Direction, _ bytes: RawSpan) {
    let progress = transaction.progress(direction)
    let done =
      direction == .toServer ? transaction.inspection.inspectedToServer : transaction.inspection.inspectedToClient
    guard progress > done || !transaction.events.isEmpty, !isPassed else { return }
    if let only = transaction.onlyDirection, only != direction { return }
    turned(to: direction) {
      if !transaction.events.isEmpty { inspectEvents(of: transaction, direction) }
      if progress > done { advance(transaction, direction, from: done, to: progress, bytes) }
    }
  }

  private func advance(
    _ transaction: Transaction, _ direction: Direction, from done: UInt8, to progress: UInt8, _ bytes: RawSpan
  ) {
    startRound()
    let place = GroupTables.place(transaction.proto.rawValue, direction)
    for index in groups.buffers[place].indices {
      let scan = groups.scans[index]
      if scan.final > done, scan.final <= progress { self.scan(scan, transaction, direction) }
    }
    for index in groups.transactions[place].indices {
      let rule = groups.members[index]
      let need = max(1, need(tables.rules[Int(rule)], direction))
      if need > done, need <= progress { note(rule: rule) }
    }
    takePending(transaction, direction)
    if direction == .toServer {
      transaction.inspection.inspectedToServer = progress
    } else {
      transaction.inspection.inspectedToClient = progress
    }
    if !candidates.isEmpty { evaluate(transaction, direction, progress, bytes) }
    if transaction.proto == .tls, progress >= AppProgress.handshake, let slot = flow?.slot {
      switchOff(slot, direction)
    }
  }

  @inline(__always) private func need(_ rule: CompiledRule, _ direction: Direction) -> UInt8 {
    direction == .toServer ? rule.needToServer : rule.needToClient
  }

  private func takePending(_ transaction: Transaction, _ direction: Direction) {
    if direction == .toServer {
      for rule in transaction.inspection.pendingToServer { note(rule: Int32(bitPattern: rule)) }
      transaction.inspection.pendingToServer.removeAll(keepingCapacity: true)
    } else {
      for rule in transaction.inspection.pendingToClient { note(rule: Int32(bitPattern: rule)) }
      transaction.inspection.pendingToClient.removeAll(keepingCapacity: true)
    }
  }

  private func wait(_ rule: Int32, _ transaction: Transaction, _ direction: Direction) {
    let bits = UInt32(bitPattern: rule)
    if direction == .toServer {
      guard transaction.inspection.pendingToServer.count < Detector.pendingLimit else {
        return counters.pendingRefused += 1
      }
      transaction.inspection.pendingToServer.append(bits)
    } else {
      guard transaction.inspection.pendingToClient.count < Detector.pendingLimit else {
        return counters.pendingRefused += 1
      }
      transaction.inspection.pendingToClient.append(bits)
    }
  }

  private func evaluate(_ transaction: Transaction, _ direction: Direction, _ progress: UInt8, _ bytes: RawSpan) {
    sortCandidates()
    counters.candidates += UInt64(candidates.count)
    for candidate in candidates {
      let rule = tables.rules[Int(candidate)]
      guard need(rule, direction) <= progress else {
        wait(candidate, transaction, direction)
        continue
      }
      guard fits(rule), holds(rule, transaction, direction) else { continue }
      guard rule.payload.isEmpty || payloadHolds(rule, direction, bytes) else {
        if progress < AppProgress.complete { wait(candidate, transaction, direction) }
        continue
      }
      matched(candidate, rule, .transaction, transaction: transaction.id)
    }
  }

  private func holds(_ rule: CompiledRule, _ transaction: Transaction, _ direction: Direction) -> Bool {
    for index in rule.transactionTests.indices
    where !TransactionTests.holds(tables.transactionTests[index], transaction, at: packet.timestamp) { return false }
    for index in rule.blocks.indices where !holds(tables.blocks[index], transaction, direction) { return false }
    return true
  }

  /// The payload part of a rule that also asks for buffers: the stream's window, or the datagram.
  private func payloadHolds(_ rule: CompiledRule, _ direction: Direction, _ bytes: RawSpan) -> Bool {
    if packet.transport == .tcp {
      guard let slot = flow?.slot else { return false }
      let window = window(slot, direction)
      guard window.block >= 0 else { return false }
      let view = unsafe ByteView(base: UnsafePointer(blocks.base(window.block)), count: Int(window.count))
      return inspector.matches(rule.payload, view, streamOffset: Int(window.start), triesAll: rule.payloadTriesAll)
    }
    let payload = bytes.clamped(packet.payloadOffset, packet.payloadOffset + packet.payloadLength)
    return unsafe payload.withUnsafeBytes {
      unsafe inspector.matches(rule.payload, ByteView($0), triesAll: rule.payloadTriesAll)
    }
  }

  // MARK: Buffers.

  private func scan(_ scan: BufferScan, _ transaction: Transaction, _ direction: Direction) {
    guard let buffer = AppBuffer(rawValue: scan.buffer) else { return }
    var instance = 0
    while instance < (scan.isMulti ? Detector.instanceLimit : 1),
      let bytes = unsafe transaction.bytes(buffer, instance, direction)
    {
      if scan.transforms < 0 {
        unsafe self.scan(scan.group, ByteView(bytes))
      } else {
        unsafe transforms.withTransformed(scan.transforms, bytes) { changed in
          if let changed = unsafe changed { unsafe self.scan(scan.group, ByteView(changed)) }
        }
      }
      instance += 1
    }
  }

  private func holds(_ block: BufferBlock, _ transaction: Transaction, _ direction: Direction) -> Bool {
    guard let buffer = AppBuffer(rawValue: block.buffer) else { return false }
    var instance = 0
    while instance < (block.isMulti ? Detector.instanceLimit : 1),
      let bytes = unsafe transaction.bytes(buffer, instance, direction)
    {
      if block.absence == .needed { return false }
      if unsafe matches(block, bytes) { return true }
      instance += 1
    }
    return instance == 0 && block.absence != .refuses
  }

  private func matches(_ block: BufferBlock, _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard block.transforms >= 0 else {
      return unsafe inspector.matches(block.steps, ByteView(bytes), triesAll: block.triesAll)
    }
    return unsafe transforms.withTransformed(block.transforms, bytes) { changed in
      unsafe changed.map { unsafe inspector.matches(block.steps, ByteView($0), triesAll: block.triesAll) } ?? false
    }
  }

  /// Rules for parser events: once a transaction.
  private func inspectEvents(of transaction: Transaction, _ direction: Direction) {
    for index in groups.transactionEvents[Int(min(transaction.proto.rawValue, 7))].indices {
      let number = groups.members[index]
      guard !transaction.inspection.matched.contains(UInt32(bitPattern: number)) else { continue }
      let rule = tables.rules[Int(number)]
      guard need(rule, direction) <= transaction.progress(direction), fits(rule), holds(rule, transaction, direction)
      else { continue }
      transaction.inspection.matched.append(UInt32(bitPattern: number))
      matched(number, rule, .transaction, transaction: transaction.id)
    }
  }
}

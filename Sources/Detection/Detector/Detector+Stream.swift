internal import AppLayer
internal import Decode
package import Flow
internal import PatternMatching
internal import Wire

/// Rules about the reassembled stream, over a window that slides along each direction.
extension Detector {
  /// The next piece of a stream. It is inspected by `inspect` when there is enough of it, when the sender asked for it
  /// to be pushed, or at the end.
  package func append(_ chunk: borrowing StreamChunk) {
    append(
      chunk.bytes, at: chunk.offset, gap: chunk.gapLength, isEnd: chunk.isEnd, slot: chunk.slot,
      direction: chunk.direction)
  }

  func append(_ bytes: RawSpan, at offset: UInt64, gap: Int, isEnd: Bool, slot: FlowSlot, direction: Direction) {
    guard hasStreamRules, !isPassed else { return }
    var window = self.window(slot, direction)
    guard !window.isOff else { return }
    if gap > 0 {
      inspect(&window, direction)
      blocks.give(window.block)
      window = StreamWindowState()
    }
    if bytes.byteCount > 0 { take(bytes, at: offset, &window, direction) }
    if isEnd { window.wantsFlush = true }
    setWindow(window, slot, direction)
  }

  private func take(_ bytes: RawSpan, at offset: UInt64, _ window: inout StreamWindowState, _ direction: Direction) {
    if window.block < 0 {
      window.block = blocks.take()
      (window.start, window.count, window.inspected) = (offset, 0, 0)
    }
    unsafe bytes.withUnsafeBytes { raw in
      guard window.block >= 0 else {
        unsafe inspectAlone(ByteView(raw), at: offset, direction)
        return
      }
      var taken = 0
      while taken < raw.count {
        blocks.makeRoom(raw.count - taken, &window)
        taken += unsafe blocks.append(UnsafeRawBufferPointer(rebasing: raw[taken...]), &window)
        if taken < raw.count { inspect(&window, direction) }
      }
    }
  }

  func window(_ slot: Int32, _ direction: Direction) -> StreamWindowState {
    let state = flows.state(slot)
    return direction == .toServer ? state.window.0 : state.window.1
  }

  func setWindow(_ window: StreamWindowState, _ slot: Int32, _ direction: Direction) {
    flows.with(slot) { if direction == .toServer { $0.window.0 = window } else { $0.window.1 = window } }
  }

  /// Nothing more of this direction is inspected as a stream: its bytes are encrypted.
  func switchOff(_ slot: Int32, _ direction: Direction) {
    var window = self.window(slot, direction)
    guard !window.isOff else { return }
    blocks.give(window.block)
    window = StreamWindowState()
    window.isOff = true
    setWindow(window, slot, direction)
  }

  /// What waits in the windows, as far as it is time.
  func inspectStreams(_ bytes: RawSpan) {
    guard hasStreamRules, let slot = flow?.slot else { return }
    for direction in Direction.allCases {
      var window = self.window(slot, direction)
      guard window.block >= 0, window.count > window.inspected else { continue }
      let waiting = Int(window.count - window.inspected)
      // PSH, FIN and RST: the sender has said what it had to say.
      let isPushed = direction == self.direction && packet.tcpFlags & 0x0d != 0
      guard waiting >= StreamBlocks.chunk || window.wantsFlush || isPushed || packet.origin == .flowTimeout else {
        continue
      }
      inspect(&window, direction)
      window.wantsFlush = false
      setWindow(window, slot, direction)
    }
  }

  /// Rules woken by the bytes not inspected yet, and those that wait for more; over the whole window.
  private func inspect(_ window: inout StreamWindowState, _ direction: Direction) {
    guard window.block >= 0, window.count > window.inspected else { return }
    let view = unsafe ByteView(base: UnsafePointer(blocks.base(window.block)), count: Int(window.count))
    startRound()
    let waiting = window.takeWaiting()
    for rule in [waiting.0, waiting.1, waiting.2, waiting.3] where rule >= 0 { note(rule: rule) }
    scanStream(view, seen: Int(window.inspected), direction)
    window.inspected = window.count
    evaluateStream(view, Int(window.start), direction) { rule in
      if !window.wait(for: rule) { self.counters.pendingRefused += 1 }
    }
  }

  /// Without memory for a window: what lies in one chunk is found all the same.
  private func inspectAlone(_ view: ByteView, at offset: UInt64, _ direction: Direction) {
    blocks.refused += 1
    startRound()
    scanStream(view, seen: 0, direction)
    evaluateStream(view, Int(clamping: offset), direction) { _ in }
  }

  private func scanStream(_ view: ByteView, seen: Int, _ direction: Direction) {
    let proto = flow?.appProtocol ?? 0
    let own = groups.protocolStreams[GroupTables.place(proto, direction)]
    if own >= 0 {
      scanTail(own, view, seen)
      return
    }
    guard let map = groups.ports[PayloadFamily.tcpStream.rawValue * 2 + direction.index] else { return }
    let (server, client) = serverAndClientPorts
    scanTail(Int32(map.byPort[Int(server)]), view, seen)
    if map.odd >= 0, map.isOdd(client) { scanTail(map.odd, view, seen) }
  }

  private var serverAndClientPorts: (UInt16, UInt16) {
    self.direction == .toServer
      ? (packet.destinationPort, packet.sourcePort) : (packet.sourcePort, packet.destinationPort)
  }

  /// Only the new bytes, and so many before them that a literal across the border is whole.
  private func scanTail(_ group: Int32, _ view: ByteView, _ seen: Int) {
    guard group >= 0 else { return }
    let set = groups.groups[Int(group)].set
    let overlap = set < 0 ? 0 : groups.sets[Int(set)].longest
    let start = max(0, seen - overlap)
    scan(group, view.dropFirst(start), seen: seen - start)
  }

  private func evaluateStream(_ view: ByteView, _ offset: Int, _ direction: Direction, _ wait: (Int32) -> Void) {
    guard !candidates.isEmpty else { return }
    sortCandidates()
    counters.candidates += UInt64(candidates.count)
    turned(to: direction) {
      for candidate in candidates {
        let rule = tables.rules[Int(candidate)]
        guard rule.kind == .stream, fits(rule), rule.headerBlocks.isEmpty else { continue }
        if inspector.matches(rule.payload, view, streamOffset: offset, triesAll: rule.payloadTriesAll) {
          matched(candidate, rule, .stream)
        } else if rule.payload.count > 1 {
          wait(candidate)
        }
      }
    }
  }

  /// Runs `body` with the packet's ends as they are for bytes of that direction.
  func turned(to direction: Direction, _ body: () -> Void) {
    guard let flow, flow.direction != direction else { return body() }
    turn()
    self.flow?.direction = direction
    body()
    self.flow?.direction = flow.direction
    turn()
  }

  private func turn() {
    (packet.source, packet.destination) = (packet.destination, packet.source)
    (packet.sourcePort, packet.destinationPort) = (packet.destinationPort, packet.sourcePort)
  }
}

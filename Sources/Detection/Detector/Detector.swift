package import AppLayer
package import Decode
package import Flow
internal import PatternMatching
internal import Wire

/// Inspects what one worker sees; synchronous, one per worker, no allocation per packet in steady state.
/// `Detection.swift` tells the order of calls for one packet.
package final class Detector {
  package let rules: CompiledRules
  /// After `finish`: the alerts of this packet, in the order of evaluation, pass rules and limits applied.
  package internal(set) var hits: [AlertHit] = []
  /// How much was inspected, and what was given up at a limit.
  package internal(set) var counters = DetectionCounters()

  let tables: RuleTables
  let groups: GroupTables
  let inspector: BufferInspector
  let transforms: TransformRunner
  let scratch: LiteralScratch
  let flows: FlowStates
  let blocks = StreamBlocks()
  let hasStreamRules: Bool
  var hostBits = HostBits()
  var limits = AlertLimits()

  // The packet at hand.
  var packet: DecodedPacket
  var flow: FlowContext?
  var isPassed = false
  var streamEvents = StreamEventSet()
  var sessionEvents = AppEventSet()
  /// Rules to look at, each once; the mark of a rule names the round in which it was noted.
  var candidates: [Int32] = []
  var marks: [UInt32]
  var round: UInt32 = 0
  /// For tests: every rule is looked at, whatever the literals say.
  package var ignoresPrefilter = false

  /// Throws only without memory.
  package init(_ rules: CompiledRules) throws {
    self.rules = rules
    tables = rules.tables
    groups = rules.groups
    inspector = BufferInspector(
      steps: rules.tables.steps, patterns: rules.tables.patterns, expressions: rules.tables.expressions)
    transforms = TransformRunner(chains: rules.tables.transforms, expressions: rules.tables.expressions)
    hasStreamRules = rules.groups.hasStreamRules
    scratch = try LiteralScratch(for: rules.groups.sets)
    flows = FlowStates(bitCount: rules.tables.flowBitCount, counterCount: rules.tables.flowCounterCount)
    marks = Array(repeating: 0, count: rules.count)
    packet = DecodedPacket(PacketHeader.none)
    hits.reserveCapacity(64)
    candidates.reserveCapacity(1_024)
  }

  /// What the stream's state machine found odd about the packet at hand.
  package func note(_ events: StreamEventSet) { streamEvents = events }

  /// An event of AppLayer's that belongs to the session and to no transaction.
  package func note(_ event: ParserEvent) { _ = sessionEvents.insert(event.event) }

  /// A packet begins. `flow` is nil for what has none.
  package func begin(_ packet: DecodedPacket, _ flow: FlowContext?) {
    self.packet = packet
    self.flow = flow
    hits.removeAll(keepingCapacity: true)
    counters.packets += 1
    isPassed = flow.map { flows.state($0.slot).isPassed } ?? false
  }

  /// After flow, stream and application layer have had the packet: header rules, payload, stream, events.
  /// `flow` as it stands now.
  package func inspect(_ bytes: RawSpan, _ flow: FlowContext?) {
    self.flow = flow
    if isPassed { return }
    inspectAddresses()
    inspectEvents(bytes)
    inspectPacket(bytes)
    if flow != nil, packet.transport == .tcp { inspectStreams(bytes) }
  }

  /// Orders the hits, applies pass rules and limits.
  package func finish() {
    if !hits.isEmpty { settle() }
    streamEvents = StreamEventSet()
    sessionEvents = AppEventSet()
  }

  /// The flow's slot will be used again: forgets what rules kept about it.
  package func flowEnded(_ slot: FlowSlot) {
    let state = flows.state(slot)
    blocks.give(state.window.0.block)
    blocks.give(state.window.1.block)
    flows.reset(slot)
  }

  var direction: Direction { flow?.direction ?? .toServer }

  // MARK: Candidates.

  func startRound() {
    candidates.removeAll(keepingCapacity: true)
    round &+= 1
    if round == 0 {
      marks = Array(repeating: 0, count: marks.count)
      round = 1
    }
  }

  @inline(__always) func note(rule: Int32) {
    guard marks[Int(rule)] != round else { return }
    marks[Int(rule)] = round
    candidates.append(rule)
  }

  @inline(__always) func noteAll(_ part: Part) {
    for index in part.indices { note(rule: groups.members[index]) }
  }

  /// The rules that the bytes wake in a group; bytes up to `seen` were scanned before.
  func scan(_ group: Int32, _ bytes: ByteView, seen: Int = 0) {
    guard group >= 0 else { return }
    let found = groups.groups[Int(group)]
    noteAll(found.always)
    guard found.set >= 0 else { return }
    if ignoresPrefilter {
      for index in found.literals.indices { noteAll(groups.literalMembers[index]) }
      return
    }
    let view = bytes.prefix(Int(found.scanLimit))
    counters.scannedBytes += UInt64(view.count - min(seen, view.count))
    let count = unsafe groups.sets[Int(found.set)].scan(view.raw, seen: seen, scratch)
    for index in 0..<count { noteAll(groups.literalMembers[Int(found.literals.start) + scratch.hit(index)]) }
  }

  /// In the order of evaluation: setters of bits come before those that ask.
  func sortCandidates() { if candidates.count > 1 { candidates.sort() } }
}

package struct DetectionCounters: Sendable {
  package var packets: UInt64 = 0
  package var scannedBytes: UInt64 = 0
  package var candidates: UInt64 = 0
  package var matches: UInt64 = 0
  /// Alerts beyond `Detection.alertsPerPacket`.
  package var alertsOverflowed: UInt64 = 0
  package var alertsSuppressed: UInt64 = 0
  package var pendingRefused: UInt64 = 0
}

extension PacketHeader {
  static var none: PacketHeader {
    PacketHeader(timestamp: Timestamp(nanoseconds: 0), capturedLength: 0, wireLength: 0, linkType: .ethernet, number: 0)
  }
}

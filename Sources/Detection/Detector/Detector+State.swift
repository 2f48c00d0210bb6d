internal import Decode
internal import Flow
internal import RuleLanguage
internal import Wire

/// Bits, counters, marks: what rules ask for and leave behind; and what becomes of the hits of a packet.
extension Detector {
  func holds(_ step: StateStep) -> Bool {
    switch step {
    case .anyBit(let part):
      guard let flow else { return false }
      return part.indices.contains { flows.isSet(tables.bits[$0], flow.slot) }
    case .anyBitUnset(let part):
      guard let flow else { return false }
      return part.indices.contains { !flows.isSet(tables.bits[$0], flow.slot) }
    case .compareCounter(let counter, let command, let value): return compare(counter, command, value)
    case .counterExists(let counter, let wanted):
      guard let flow else { return false }
      return (flows.counter(counter, flow.slot) != nil) == wanted
    case .hostBit(let step):
      let key = HostBits.key(step, packet.source, packet.destination)
      return hostBits.isSet(key, at: packet.timestamp) == (step.command == .isset)
    case .setBit, .unsetBit, .toggleBit, .changeCounter: return true
    }
  }

  private func number(_ value: CounterValue, _ slot: Int32) -> UInt32? {
    value.counter < 0 ? value.value : flows.counter(value.counter, slot)
  }

  private func compare(_ counter: Int32, _ command: FlowintMatch.Command, _ value: CounterValue) -> Bool {
    guard let flow, let left = flows.counter(counter, flow.slot), let right = number(value, flow.slot) else {
      return false
    }
    return switch command {
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .equal: left == right
    case .notEqual: left != right
    default: true
    }
  }

  private func apply(_ step: StateStep) {
    switch step {
    case .hostBit(let step):
      hostBits.change(step, HostBits.key(step, packet.source, packet.destination), at: packet.timestamp)
    default:
      guard let slot = flow?.slot else { return }
      apply(step, slot)
    }
  }

  private func apply(_ step: StateStep, _ slot: Int32) {
    switch step {
    case .setBit(let bit): flows.set(bit, slot, to: true)
    case .unsetBit(let bit): flows.set(bit, slot, to: false)
    case .toggleBit(let bit): flows.set(bit, slot, to: !flows.isSet(bit, slot))
    case .changeCounter(let counter, let command, let value):
      guard let amount = number(value, slot) else { return }
      let now = flows.counter(counter, slot)
      switch command {
      case .assign: flows.setCounter(counter, slot, to: amount)
      case .add: flows.setCounter(counter, slot, to: (now ?? 0) &+ amount)
      default: flows.setCounter(counter, slot, to: (now ?? 0) &- min(now ?? 0, amount))
      }
    default: break
    }
  }

  // MARK: Hits.

  /// All of a rule's conditions hold.
  func matched(_ index: Int32, _ rule: CompiledRule, _ flags: AlertHit.Flags, transaction: UInt64 = 0) {
    counters.matches += 1
    for step in rule.changes.indices { apply(tables.states[step]) }
    if rule.noAlert, rule.action != .pass { return }
    let isOld =
      !flags.contains(.transaction)
      && hits.contains { $0.rule == index && !$0.flags.contains(.transaction) }
    if isOld { return }
    hits.append(AlertHit(rule: index, flags: flags, direction: direction, transaction: transaction))
  }

  /// Orders; then pass rules end what stands behind them; then limits; then at most `alertsPerPacket`.
  func settle() {
    hits.sort { ($0.rule, $0.transaction) < ($1.rule, $1.transaction) }
    var kept = 0
    for index in hits.indices {
      var hit = hits[index]
      let rule = tables.rules[Int(hit.rule)]
      if rule.action == .pass {
        pass(hit)
        break
      }
      guard admits(rule, &hit) else {
        counters.alertsSuppressed += 1
        continue
      }
      if kept == Detection.alertsPerPacket {
        counters.alertsOverflowed += 1
        continue
      }
      hits[kept] = hit
      kept += 1
    }
    hits.removeSubrange(kept...)
  }

  /// A pass rule that matched on a flow's stream, transaction or addresses lets the flow go.
  private func pass(_ hit: AlertHit) {
    guard let flow, hit.flags.contains(.flow) || hit.flags.contains(.stream) || hit.flags.contains(.transaction) else {
      return
    }
    flows.with(flow.slot) { $0.isPassed = true }
  }

  private func admits(_ rule: CompiledRule, _ hit: inout AlertHit) -> Bool {
    var admitted = true
    for index in rule.limits.indices {
      let step = tables.limits[index]
      if step.kind == .suppress {
        if suppresses(step) { return false }
        continue
      }
      let verdict = limits.matched(
        step, Int32(index), source: packet.source, destination: packet.destination, flow: flow?.slot ?? -1,
        at: packet.timestamp)
      switch verdict {
      case .alert: break
      case .silent: admitted = false
      case .other(let action): hit.action = action
      }
    }
    return admitted && hit.action != .pass
  }

  private func suppresses(_ step: LimitStep) -> Bool {
    guard step.addresses >= 0 else { return true }
    let source = tables.addresses.contains(step.addresses, packet.source)
    let destination = tables.addresses.contains(step.addresses, packet.destination)
    return switch step.suppressed {
    case .source: source
    case .destination: destination
    case .either: source || destination
    }
  }
}

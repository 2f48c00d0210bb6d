/// # Detection: traffic and rules to alerts
///
/// Turns validated `Rule`s into `CompiledRules` (immutable, shared by all workers: `RuleCompiler`), and what one worker
/// sees into `AlertHit`s (`Detector`: packets, stream chunks, transactions). Four things stay apart: rule text and
/// validated rule (`RuleLanguage`), compiled rule, and the state a worker keeps while it runs (flowbits, thresholds,
/// stream windows).
///
/// What it does *not* do: read files, order packets, parse protocols, or write events. A rule that names what this
/// engine cannot inspect is refused at compile time, never silently without effect.
///
/// Who calls it: `Sensor`, once per packet, in this order:
///
///     detector.begin(packet, flow)                 as soon as the packet's flow is known
///     detector.note(streamEvents)                  what `FlowTable.segment` found odd
///     detector.append(chunk)                       for each stream chunk, after AppLayer has had it
///     detector.inspect(bytes, flow)                packet, stream and event rules; `flow` as it is now
///     detector.inspect(transaction, direction, bytes)   each live transaction, both directions: cheap when unmoved
///     detector.finish()                            pass rules, limits, order: then `detector.hits` are the alerts
///     detector.flowEnded(slot)                     before the slot is released
///
/// When a flow ends with bytes or transactions left: the same calls with a packet value of `origin` `.flowTimeout`
/// (addresses and ports of the flow, no payload), then `flowEnded`.
package enum Detection {
  /// Alerts that one packet may raise (Suricata's `packet-alert-max`).
  package static let alertsPerPacket = 15
}

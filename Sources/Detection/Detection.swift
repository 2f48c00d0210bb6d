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
///     detector.begin(packet, bytes, flow)          header, payload, decode events
///     detector.note(streamEvents)                  what `FlowTable.segment` found odd
///     detector.inspect(chunk)                      for each stream chunk, after AppLayer has had it
///     detector.inspect(session, direction)         when the session may have moved on
///     detector.finish()                            pass rules, thresholds, order: then `detector.hits` are the alerts
///     detector.flowEnded(slot)                     before the slot is released (after a last begin/inspect/finish)
package enum Detection {
  /// Alerts that one packet may raise (Suricata's `packet-alert-max`).
  package static let alertsPerPacket = 15
}

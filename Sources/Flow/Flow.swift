/// # Flow: packets to conversations
///
/// Turns decoded packets into flows with ids, counters, states and ends (`FlowTable`), TCP segments into ordered bytes
/// per direction (`FlowTable.segment`, `StreamChunk`, `StreamEvent`), and IP fragments into datagrams
/// (`IPDefragmenter`).
///
/// What it does *not* do: decode headers (`Decode`), understand the bytes it orders (`AppLayer`), match rules
/// (`Detection`) or write records (`Sensor`). It has no clock: time is what packets carry.
///
/// Who calls it: each worker of `Sensor` owns one `FlowTable` and one `IPDefragmenter`. For each packet: `track`; then
/// `nextEnded` until it is nil (flush, write, `release` each); then for TCP `segment`. At the end: `endAll`, and
/// `nextEnded` again. Slots are dense and stable for a flow's life, so that others keep parallel arrays by slot.

package import Wire

/// Where a flow's record lives: an index below `FlowTable.capacity`, reused only after `release`.
package typealias FlowSlot = Int32

/// What `track` found for one packet.
package struct FlowRef: Sendable, Equatable {
  package var slot: FlowSlot
  package var direction: Direction
  package var isNew: Bool
  /// The packet is an ICMP error about this flow, not a part of it; it is not counted in the flow.
  package var isRelated: Bool

  package init(slot: FlowSlot, direction: Direction, isNew: Bool, isRelated: Bool = false) {
    self.slot = slot
    self.direction = direction
    self.isNew = isNew
    self.isRelated = isRelated
  }
}

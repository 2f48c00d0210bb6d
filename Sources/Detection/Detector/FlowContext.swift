package import Flow
package import Wire

/// What Detection needs to know of a packet's flow. `Sensor` makes one per packet with a flow.
package struct FlowContext: Sendable {
  package var slot: FlowSlot
  package var direction: Direction
  package var isNew = false
  /// The packet is an ICMP error about the flow.
  package var isRelated = false
  /// TCP: the handshake is complete (or the flow was picked up midstream); others: both sides have been seen.
  package var isEstablished = false
  /// `AppProtocol` raw values: the flow's, and what each direction looked like.
  package var appProtocol: UInt8 = 0
  package var appProtocolToServer: UInt8 = 0
  package var appProtocolToClient: UInt8 = 0
  /// No protocol was found and none will be (`app-layer-protocol:failed`).
  package var detectionFailed = false
  package var packetsToServer: UInt64 = 0
  package var packetsToClient: UInt64 = 0
  package var bytesToServer: UInt64 = 0
  package var bytesToClient: UInt64 = 0
  /// Seconds since the flow's first packet.
  package var age: UInt64 = 0
  /// Bytes of each direction's stream so far, for `stream_size`.
  package var streamToServer: UInt64 = 0
  package var streamToClient: UInt64 = 0

  package init(slot: FlowSlot, direction: Direction) {
    self.slot = slot
    self.direction = direction
  }

  package init(_ ref: FlowRef, _ record: borrowing FlowRecord) {
    slot = ref.slot
    direction = ref.direction
    isNew = ref.isNew
    isRelated = ref.isRelated
    let state = record.state
    isEstablished = state == .established || state == .closed
    appProtocol = record.appProtocol
    appProtocolToServer = record.appProtocolToServer
    appProtocolToClient = record.appProtocolToClient
    packetsToServer = record.packetsToServer
    packetsToClient = record.packetsToClient
    bytesToServer = record.bytesToServer
    bytesToClient = record.bytesToClient
    age = UInt64(record.age)
  }
}

internal import Records

/// The ports that were looked at and those that were open: what the next look is compared with.
struct PortsMemory: Codable, Hashable {
  var tried: [UInt16]
  var open: [UInt16]

  init(tried: [UInt16], open: [UInt16]) { (self.tried, self.open) = (tried, open) }

  /// Nil for what is not ours.
  init?(_ text: String) {
    guard let value = try? RecordJSON.decode(PortsMemory.self, from: text) else { return nil }
    self = value
  }

  var text: String? { try? RecordJSON.text(self) }
}

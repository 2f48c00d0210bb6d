internal import Records

/// The known answer: sets of text by type.
struct DNSMemory: Codable, Hashable {
  /// `A`, `AAAA`, `NS`, `MX`; a type that was not answered is not there.
  var sets: [String: [String]] = [:]

  init() {}
  init?(_ text: String) {
    guard let value = try? RecordJSON.decode(DNSMemory.self, from: text) else { return nil }
    self = value
  }
  var text: String? { try? RecordJSON.text(self) }

  func changes(since known: DNSMemory) -> [String] {
    sets.sorted { $0.key < $1.key }.compactMap { type, now in
      guard let before = known.sets[type], before != now else { return nil }
      return "\(type) was \(DNSMemory.list(before)), is \(DNSMemory.list(now))"
    }
  }
  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.prefix(6).joined(separator: " ")
  }
}

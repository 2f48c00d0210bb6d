internal import Records

/// The accepted answer: sets of text by type. What differs from it is told at every look until a person accepts it.
struct DNSMemory: Codable, Hashable {
  /// `A`, `AAAA`, `NS`, `MX`; a type that was never answered is not there.
  var sets: [String: [String]] = [:]

  init() {}
  init?(_ text: String) {
    guard let value = try? RecordJSON.decode(DNSMemory.self, from: text) else { return nil }
    self = value
  }
  var text: String? { try? RecordJSON.text(self) }

  /// What `seen` has otherwise, a sentence a type; a type that only one of them has is no change.
  func changes(in seen: DNSMemory) -> [String] {
    seen.sets.sorted { $0.key < $1.key }.compactMap { type, now in
      guard let before = sets[type], before != now else { return nil }
      return "\(type) was \(DNSMemory.list(before)), is \(DNSMemory.list(now))"
    }
  }

  /// Types that `seen` did not have answered.
  func missed(in seen: DNSMemory) -> [String] { sets.keys.filter { seen.sets[$0] == nil }.sorted() }

  /// What is to be known after a look: a type not yet known is taken over, a known one only where that is accepted.
  func after(_ seen: DNSMemory, accepting: Bool) -> DNSMemory {
    var next = self
    next.sets.merge(seen.sets) { known, new in accepting ? new : known }
    return next
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.prefix(6).joined(separator: " ")
  }
}

package import Wire

/// An entry of the audit log by its number and its hash: what the head file keeps, and what an operator notes. As text
/// `17:` and 64 hexadecimal digits.
package struct AuditDigest: Codable, Sendable, Hashable, CustomStringConvertible {
  package var id: Int64
  package var hash: String
  package init(id: Int64, hash: String) {
    self.id = id
    self.hash = hash
  }

  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let id = Int64(parts[0]), id >= 0, parts[1].utf8.count == 64,
      parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    self.init(id: id, hash: String(parts[1]))
  }

  package var description: String { "\(id):\(hash)" }
}

/// What a walk along the audit log's chain came to.
package struct AuditVerdict: Codable, Sendable, Hashable {
  /// Walked, up to the fault where there is one.
  package var entries: Int
  /// The last that holds: worth noting for a later `expect`.
  package var last: AuditDigest?
  /// What the head file said; nil of a backup, which has none.
  package var head: AuditDigest?
  /// Entries by which a backup took the place of what was there: numbers may jump there.
  package var restores: [Int64]
  /// The first, nil where the chain is whole.
  package var fault: AuditFault?
  package init(
    entries: Int = 0, last: AuditDigest? = nil, head: AuditDigest? = nil, restores: [Int64] = [],
    fault: AuditFault? = nil
  ) {
    self.entries = entries
    self.last = last
    self.head = head
    self.restores = restores
    self.fault = fault
  }
}

/// Where the chain breaks first.
package struct AuditFault: Codable, Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// A field or the hash is not what was written.
    case changed
    case missing, reordered
    /// The end is not there that the head file or an operator has noted.
    case truncated
    /// Another entry than the noted one stands under its number, or a restore has put it away.
    case replaced
    /// There is no head file, so nobody can say whether the end was cut off.
    case headMissing
    /// The hub itself found it broken, and wrote that down.
    case noted
  }
  package var kind: Kind
  /// The first entry that is not as it was.
  package var id: Int64
  /// Of that entry, or of the next that is there.
  package var time: Timestamp?
  package var sentence: String
  package init(_ kind: Kind, id: Int64, time: Timestamp?, _ sentence: String) {
    self.kind = kind
    self.id = id
    self.time = time
    self.sentence = sentence
  }
}

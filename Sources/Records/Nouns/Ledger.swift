package import Wire

/// One line of the append-only audit log: who, when, from where, what, on what, before and after.
package struct AuditEntry: Codable, Sendable, Hashable, Identifiable {
  package var id: Int64
  package var time: Timestamp
  package var actor: Actor
  package var act: String
  /// `queue/17`, `site/example.org`, `scan`, ...
  package var subject: String
  package var before: String?
  package var after: String?
  /// Of the chain, up to and with this entry; nil before it is stored.
  package var hash: String?
  package init(
    id: Int64 = 0, time: Timestamp, actor: Actor, act: String, subject: String, before: String? = nil,
    after: String? = nil, hash: String? = nil
  ) {
    self.id = id
    self.time = time
    self.actor = actor
    self.act = act
    self.subject = subject
    self.before = before
    self.after = after
    self.hash = hash
  }
}

/// Where the follower of an eve.json stands: which file, and how far.
package struct IngestCursor: Codable, Sendable, Hashable {
  package var source: String
  package var device: UInt64
  package var inode: UInt64
  package var offset: Int64
  /// SHA-256 (hex) of the file's first line: an inode number alone is used again after rotation.
  package var head: String
  package init(source: String, device: UInt64, inode: UInt64, offset: Int64, head: String) {
    self.source = source
    self.device = device
    self.inode = inode
    self.offset = offset
    self.head = head
  }
}

/// A network rule as its sensor runs it: told to the hub before the rule's first alert, so that who opens the alert can
/// read what was looked for.
package struct RuleText: Codable, Sendable, Hashable {
  package var gid: UInt32
  package var sid: UInt32
  package var rev: UInt32
  /// One line, as in the rule file, continuation lines joined.
  package var text: String

  /// A text that is longer is not kept: rules of the public sets have at most a few KB.
  package static let limit = 32 * 1024

  package init(gid: UInt32, sid: UInt32, rev: UInt32, text: String) {
    self.gid = gid
    self.sid = sid
    self.rev = rev
    self.text = text
  }
}

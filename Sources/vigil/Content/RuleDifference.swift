import ContentBundle
import RuleLanguage
import Sensor

/// Which rules a switch brings, takes and changes, by `gid:sid`. Rules are compared as they print: a comment or a line
/// break more is no change.
struct RuleDifference: Encodable {
  var new: [String] = []
  var gone: [String] = []
  var changed: [String] = []

  init(from old: String?, to fresh: String?) throws {
    let before = try old.map(RuleDifference.rules) ?? [:]
    let after = try fresh.map(RuleDifference.rules) ?? [:]
    func names(_ keys: [Key]) -> [String] { keys.sorted().map { "\($0.gid):\($0.sid)" } }
    new = names(after.keys.filter { before[$0] == nil })
    gone = names(before.keys.filter { after[$0] == nil })
    changed = names(after.filter { before[$0.key] != nil && before[$0.key] != $0.value }.map(\.key))
  }

  private struct Key: Hashable, Comparable {
    var gid: UInt32
    var sid: UInt32
    static func < (left: Key, right: Key) -> Bool { (left.gid, left.sid) < (right.gid, right.sid) }
  }

  private static func rules(in folder: String) throws -> [Key: String] {
    var sources: [(name: String, bytes: [UInt8])] = []
    for entry in try FolderTree.files(in: folder) where entry.path.hasSuffix(".rules") {
      sources.append((entry.path, try RuleLoading.bytes(of: "\(folder)/\(entry.path)")))
    }
    return Dictionary(
      RuleParser().parse(sources).rules.map { (Key(gid: $0.gid, sid: $0.sid), $0.description) },
      uniquingKeysWith: { first, _ in first })
  }
}

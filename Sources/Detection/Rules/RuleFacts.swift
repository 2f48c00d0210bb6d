internal import Records
package import RuleLanguage

/// What an alert tells of its rule.
package struct RuleFacts: Sendable {
  package var sid: UInt32
  package var gid: UInt32
  package var rev: UInt32
  package var message: String
  /// The class's description; empty where the rule has no class.
  package var category: String
  package var severity: UInt8
  package var action: RuleAction
  package var target: RuleTarget?
  package var noAlert: Bool
  /// `"gid":1,"signature_id":...,"rev":...,"signature":...,"category":...,"severity":...`: members of EVE's `alert`
  /// object, without braces, ready for `JSONWriter.members`.
  package var members: [UInt8]
  /// `"metadata":{...}`, to come behind `source` and `target`; empty when the rule has none.
  package var metadata: [UInt8]
  /// `"references":["..."]`; empty when the rule has none.
  package var references: [UInt8]
  /// The rule as it stands in its file.
  package var text: String

  init(_ rule: Rule, _ classification: Classification) {
    sid = rule.sid
    gid = rule.gid
    rev = rule.rev
    message = rule.message
    category = classification.category(of: rule)
    severity = classification.priority(of: rule)
    action = rule.action
    target = rule.target
    noAlert = rule.noAlert
    text = rule.text
    var writer = JSONWriter(capacity: 512)
    writer.beginObject()
    writer.field("gid", rule.gid)
    writer.field("signature_id", rule.sid)
    writer.field("rev", rule.rev)
    writer.field("signature", rule.message)
    writer.field("category", category)
    writer.field("severity", severity)
    members = RuleFacts.inside(&writer)
    metadata = RuleFacts.metadata(rule, &writer)
    references = RuleFacts.references(rule, &writer)
  }

  /// What was written between the outer braces.
  private static func inside(_ writer: inout JSONWriter) -> [UInt8] {
    let bytes = unsafe writer.withBytes { unsafe Array($0.dropFirst()) }
    writer.removeAll()
    return bytes
  }

  private static func metadata(_ rule: Rule, _ writer: inout JSONWriter) -> [UInt8] {
    guard !rule.metadata.isEmpty else { return [] }
    var keys: [String] = []
    var values: [String: [String]] = [:]
    for entry in rule.metadata {
      if values[entry.key] == nil { keys.append(entry.key) }
      values[entry.key, default: []].append(entry.value)
    }
    writer.beginObject()
    writer.beginObject("metadata")
    for key in keys {
      writer.beginArray(named: key)
      for value in values[key] ?? [] { writer.element(value) }
      writer.endArray()
    }
    writer.endObject()
    return inside(&writer)
  }

  private static func references(_ rule: Rule, _ writer: inout JSONWriter) -> [UInt8] {
    guard !rule.references.isEmpty else { return [] }
    writer.beginObject()
    writer.beginArray("references")
    for reference in rule.references { writer.element("\(reference.system),\(reference.value)") }
    writer.endArray()
    return inside(&writer)
  }
}

internal import AppLayer
internal import PatternMatching
internal import RuleLanguage
internal import Wire

/// Sorts rules into the groups that a packet, a stream or a buffer can wake. Rules come in the order of evaluation;
/// a rule's number is its place there.
struct GroupBuilder {
  let drafts: [RuleDraft]
  var groups: [PatternGroup] = []
  var literalMembers: [Part] = []
  var members: [Int32] = []
  var literalSets: [[Literal]] = []
  private var known: [[Entry]: Int32] = [:]

  /// A rule in a group with the literal that wakes it.
  struct Entry: Hashable {
    var rule: Int32
    var literal: [UInt8]
    var isNocase: Bool
    /// Bytes from the start within which the literal ends.
    var end: Int32
  }

  init(_ drafts: [RuleDraft]) { self.drafts = drafts }

  mutating func part(_ rules: [Int32]) -> Part {
    let start = members.count
    members += rules
    return Part(start..<members.count)
  }

  /// The group of these rules; the same rules make one group.
  mutating func group(_ entries: [Entry]) -> Int32 {
    if entries.isEmpty { return -1 }
    if let number = known[entries] { return number }
    var group = PatternGroup()
    group.always = part(entries.filter { $0.literal.isEmpty }.map(\.rule))
    var byLiteral: [Literal: [Int32]] = [:]
    var order: [Literal] = []
    for entry in entries where !entry.literal.isEmpty {
      let literal = Literal(entry.literal, id: 0, isCaseless: entry.isNocase)
      if byLiteral[literal] == nil { order.append(literal) }
      byLiteral[literal, default: []].append(entry.rule)
    }
    if !order.isEmpty {
      let start = literalMembers.count
      var set: [Literal] = []
      for (id, literal) in order.enumerated() {
        set.append(Literal(literal.bytes, id: UInt32(id), isCaseless: literal.isCaseless))
        literalMembers.append(part(byLiteral[literal] ?? []))
      }
      group.literals = Part(start..<literalMembers.count)
      group.set = Int32(literalSets.count)
      literalSets.append(set)
      let ends = entries.filter { !$0.literal.isEmpty }.map(\.end)
      group.scanLimit = ends.max() ?? .max
    }
    groups.append(group)
    let number = Int32(groups.count - 1)
    known[entries] = number
    return number
  }

  // MARK: The literal of a rule.

  /// The best literal of the payload; with `head`, one near its start when there is a good one.
  func payloadEntry(_ rule: Int, head: Bool) -> Entry {
    let choices = drafts[rule].literals.filter { $0.block < 0 }
    if head {
      let near = choices.filter { ($0.end ?? .max) <= PayloadFamily.headLength && $0.bytes.count >= 3 }
      if let best = near.max(by: { $0.strength < $1.strength }) { return entry(rule, best) }
    }
    let asked = choices.first { $0.isAsked }
    guard let best = asked ?? choices.max(by: { $0.strength < $1.strength }) else { return plain(rule) }
    return entry(rule, best)
  }

  func plain(_ rule: Int) -> Entry { Entry(rule: Int32(rule), literal: [], isNocase: false, end: .max) }

  private func entry(_ rule: Int, _ choice: LiteralChoice) -> Entry {
    Entry(
      rule: Int32(rule), literal: choice.bytes, isNocase: choice.isNocase,
      end: Int32(clamping: choice.end ?? Int(Int32.max)))
  }

  /// The block that a transaction rule waits on, with its literal; nil: it is looked at in every transaction.
  func blockEntry(_ rule: Int, _ blocks: [BufferBlock]) -> (block: BufferBlock, entry: Entry)? {
    let choices = drafts[rule].literals.filter { $0.block >= 0 }
    let asked = choices.first { $0.isAsked }
    let best =
      asked
      ?? choices.max { one, other in
        one.strength - Self.dullness(blocks[one.block]) < other.strength - Self.dullness(blocks[other.block])
      }
    guard let best else { return nil }
    return (blocks[best.block], entry(rule, best))
  }

  /// Buffers that hold the same few values everywhere filter badly.
  private static func dullness(_ block: BufferBlock) -> Int {
    switch AppBuffer(rawValue: block.buffer) {
    case .httpMethod, .httpStatusCode, .httpStatusMessage, .httpProtocol: 40
    case .httpConnection, .httpAccept, .httpAcceptEncoding, .httpAcceptLanguage, .httpHeaderNames: 12
    case .fileData, .httpResponseBody: 4
    default: 0
    }
  }
}

internal import Records
internal import Synchronization

/// What an alert group keeps beside the columns of its row.
struct GroupBody: Decodable {
  var signature: AlertRecord.Signature
  var facets: AlertFacets
  var rate: HourlyRate
  var weakness: Int64?
  var machine: Outcome?
  var judgements: [OutcomeJudgement]?
  var hidesSuccess: Bool?

  private struct Small: Encodable {
    var signature: AlertRecord.Signature
    var rate: HourlyRate
    var weakness: Int64?
    var machine: Outcome?
    var judgements: [OutcomeJudgement]
    var hidesSuccess: Bool?
  }

  static func text(_ group: AlertGroup) throws -> String {
    let small = try RecordJSON.encode(
      Small(
        signature: group.signature, rate: group.rate, weakness: group.weakness, machine: group.machine,
        judgements: group.judgements, hidesSuccess: group.hidesSuccess))
    var writer = JSONWriter(capacity: 2048)
    writer.beginObject()
    group.facets.write("facets", to: &writer)
    writer.members(Array(small.dropFirst().dropLast()))
    writer.endObject()
    return writer.text
  }
}

/// Bodies as they were read last, beside the text that they were read from: one that the store has unchanged need not be
/// read again. Gathering rows have large ones, and each batch of a storm touches many.
final class GroupBodies: Sendable {
  /// Some 20 KiB each.
  static let most = 512
  /// A smaller one is read as fast as it is found.
  static let least = 1024
  private let known = Mutex<[Int64: (text: String, body: GroupBody)]>([:])

  func body(_ id: Int64, _ text: String) throws -> GroupBody {
    guard text.utf8.count >= GroupBodies.least else { return try RecordJSON.decode(GroupBody.self, from: text) }
    if let body = known.withLock({ $0[id].flatMap { $0.text == text ? $0.body : nil } }) { return body }
    let body = try RecordJSON.decode(GroupBody.self, from: text)
    note(id, text, body)
    return body
  }

  func note(_ id: Int64, _ text: String, _ group: AlertGroup) {
    guard text.utf8.count >= GroupBodies.least else { return }
    note(
      id, text,
      GroupBody(
        signature: group.signature, facets: group.facets, rate: group.rate, weakness: group.weakness,
        machine: group.machine, judgements: group.judgements, hidesSuccess: group.hidesSuccess))
  }

  private func note(_ id: Int64, _ text: String, _ body: GroupBody) {
    known.withLock { known in
      if known.count >= GroupBodies.most, known[id] == nil { known.removeAll(keepingCapacity: true) }
      known[id] = (text, body)
    }
  }
}

/// Keywords about the flow and the stream that a packet belongs to.
enum FlowKeywords {
  static let all: [Keyword] = [
    Keyword("flow", .flow, .needed, "Direction and state: `established,to_server`.", .custom(flow)),
    Keyword("stream_size", .flow, .needed, "`server,<,100`: bytes seen in the stream.", .custom(streamSize)),
    integer("flow.age", "Seconds since the flow began."),
    integer("flow.pkts_toclient", "Packets to the client."),
    integer("flow.pkts_toserver", "Packets to the server."),
    integer("flow.bytes_toclient", "Bytes to the client."),
    integer("flow.bytes_toserver", "Bytes to the server."),
    Keyword("flow.pkts", .flow, .needed, "`toclient,>10`: packets of a direction.", .custom(counter)),
    Keyword("flow.bytes", .flow, .needed, "`toserver,>1mb`: bytes of a direction.", .custom(counter)),
    Keyword(
      "flow.elephant", [], .flow, .needed, "Flows of very many bytes.", .generic,
      support: .refused("elephant flows are not marked")),
    Keyword("tag", .flow, .needed, "`session,10,packets`: log what follows.", .custom(tag)),
  ]

  private static func integer(_ name: String, _ summary: String) -> Keyword {
    Keyword(name, .flow, .needed, summary, .integer(.max, [:]))
  }

  static let words: [String: FlowMatch] = [
    "to_server": .toServer, "from_client": .toServer, "to_client": .toClient, "from_server": .toClient,
    "established": .established, "not_established": .notEstablished, "stateless": .stateless,
    "only_stream": .onlyStream, "no_stream": .noStream, "only_frag": .onlyFrag, "no_frag": .noFrag,
  ]
  private static let opposites: [(FlowMatch, FlowMatch, String)] = [
    (.toServer, .toClient, "both directions"), (.established, .notEstablished, "both established and not"),
    (.established, .stateless, "both established and stateless"),
    (.notEstablished, .stateless, "both not established and stateless"),
    (.onlyStream, .noStream, "only streams and no streams"), (.onlyFrag, .noFrag, "only fragments and no fragments"),
  ]

  @Sendable static func flow(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.once(a)
    var match: FlowMatch = []
    for part in a.value.pieces(ASCII.comma) {
      guard let word = words[part.string.lowercased()] else {
        throw a.bad(
          "does not know \(part.quoted)", at: part,
          hint: Spelling.nearest(to: part.string, in: words.keys.sorted()).map { "did you mean '\($0)'?" })
      }
      match.formUnion(word)
    }
    for (one, other, sentence) in opposites where match.contains(one) && match.contains(other) {
      throw RuleProblem(.contradiction, at: a.place, "'flow' asks for \(sentence): this rule can never match")
    }
    b.add(.flow(match), a)
  }

  @Sendable static func streamSize(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count == 3 || parts.count == 2 else { throw a.bad("needs side, operator and size", at: a.value) }
    let text = parts.count == 3 ? Array(parts[1] + parts[2])[...] : parts[1]
    guard let comparison = IntegerSyntax.parse(text) else {
      throw a.bad("needs a comparison, not \(a.value.quoted)", at: parts[1])
    }
    let side: StreamSizeMatch.Side = try a.raw(parts[0], expected: "server, client, both and either")
    b.add(.streamSize(StreamSizeMatch(side: side, comparison: comparison)), a)
  }

  @Sendable static func counter(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count == 2, ["toclient", "toserver", "either"].contains(parts[0].string),
      let comparison = IntegerSyntax.parse(parts[1])
    else { throw a.bad("needs toclient, toserver or either, and a comparison", at: a.value) }
    b.add(.integer(IntegerMatch(keyword: a.name, comparison: comparison, qualifier: parts[0].string)), a)
  }

  @Sendable static func tag(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard (1...4).contains(parts.count) else { throw a.bad("needs session or host, a count and a unit", at: a.value) }
    var tag = TagOption(
      kind: try a.raw(parts[0], expected: "session and host"), count: 10, metric: .packets)
    if parts.count >= 2 { tag.count = try a.number(parts[1]) }
    if parts.count >= 3 { tag.metric = try a.raw(parts[2], expected: "packets, seconds and bytes") }
    if parts.count == 4 { tag.side = try a.raw(parts[3], as: TagOption.Side.self, expected: "src and dst") }
    guard tag.kind == .host || tag.side == nil else { throw a.bad("names a side of a host only", at: a.value) }
    b.add(.tag(tag), a)
  }
}

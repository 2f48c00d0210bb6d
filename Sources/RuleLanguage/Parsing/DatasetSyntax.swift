/// Values of `dataset`, `datajson` and `datarep`.
enum DatasetSyntax {
  static let contextKeys: Set<String> = [
    "format", "context_key", "value_key", "array_key", "remove_key", "enrichment_key",
  ]

  @Sendable static func dataset(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count >= 2 else { throw a.bad("needs a command and a name", at: a.value) }
    let command: DatasetMatch.Command = try a.raw(parts[0], expected: "set, unset, isset and isnotset")
    guard command != .reputation else { throw a.bad("knows set, unset, isset and isnotset", at: parts[0]) }
    var match = DatasetMatch(command: command, name: try a.identifier(parts[1]))
    try settings(parts.dropFirst(2), &match, a)
    b.addMatch(.dataset(match), a)
  }

  @Sendable static func reputation(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count >= 3, let comparison = IntegerSyntax.parse(Array(parts[1] + parts[2])[...]),
      comparison.largest <= 65_535
    else { throw a.bad("needs a name, an operator and a value up to 65535", at: a.value) }
    var match = DatasetMatch(command: .reputation, name: try a.identifier(parts[0]), comparison: comparison)
    try settings(parts.dropFirst(3), &match, a)
    b.addMatch(.dataset(match), a)
  }

  private static func settings(
    _ parts: ArraySlice<Text>, _ match: inout DatasetMatch, _ a: Argument
  ) throws(RuleProblem) {
    for part in parts {
      let (word, rest) = part.wordAndRest()
      switch word.string {
      case "type":
        match.kind = try a.raw(rest, as: DatasetMatch.Kind.self, expected: "string, md5, sha256, ipv4 and ip")
      case "load": match.load = rest.string
      case "save": match.save = rest.string
      case "state": match.state = rest.string
      case "memcap":
        guard case .equal(let bytes) = IntegerSyntax.parse(rest) else { throw a.bad("needs a size", at: rest) }
        match.memcap = bytes
      case "hashsize": match.hashSize = try a.number(rest, as: UInt32.self)
      case let key where contextKeys.contains(key):
        match.context.append(RuleMetadata(key: key, value: rest.string))
      default: throw a.bad("does not know \(part.quoted)", at: part)
      }
    }
  }
}

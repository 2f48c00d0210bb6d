/// Keywords that keep state between packets, and those that limit alerts.
enum StateKeywords {
  static let all: [Keyword] = [
    Keyword("flowbits", .state, .needed, "`set,name`: a mark on the flow.", .custom(flowbits)),
    Keyword("flowint", .state, .needed, "`name,+,1`: a counter on the flow.", .custom(flowint)),
    Keyword("xbits", .state, .needed, "`set,name,track ip_src,expire 60`: a mark on a host.", .custom(xbits)),
    Keyword("hostbits", .state, .needed, "`set,name,src`: a mark on a host.", .custom(hostbits)),
    Keyword("dataset", .state, .needed, "`isset,name,type string,load file`.", .custom(DatasetSyntax.dataset)),
    Keyword("datarep", .state, .needed, "`name,>,30,type string`.", .custom(DatasetSyntax.reputation)),
    Keyword("datajson", .state, .needed, "As dataset, its lines with JSON.", .custom(DatasetSyntax.dataset)),
    Keyword("threshold", .rate, .needed, "`type limit, track by_src, count 1, seconds 60`.", .custom(threshold)),
    Keyword("detection_filter", .rate, .needed, "`track by_src, count 30, seconds 60`.", .custom(filter)),
  ]

  @Sendable static func flowbits(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    if parts.count == 1, parts[0].isEqual("noalert") {
      b.rule.noAlert = true
      return
    }
    guard parts.count == 2 else { throw a.bad("needs a command and a name: set,name", at: a.value) }
    let command: FlowbitsMatch.Command = try a.raw(parts[0], expected: "set, isset, toggle, unset and isnotset")
    var names: [String] = []
    for name in parts[1].pieces(ASCII.pipe) { names.append(try a.identifier(name)) }
    guard names.count == 1 || command == .isset || command == .isnotset else {
      throw a.bad("takes several names with isset and isnotset only", at: parts[1])
    }
    b.add(.flowbits(FlowbitsMatch(command: command, names: names)), a)
  }

  @Sendable static func flowint(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count == 2 || parts.count == 3 else { throw a.bad("needs name, operator and value", at: a.value) }
    let name = try a.identifier(parts[0])
    let word = parts[1].isEqual("isnotset") ? "notset" : parts[1].string
    guard let command = FlowintMatch.Command(rawValue: word) else {
      throw a.bad("knows + - = > < >= <= == != isset notset, not \(parts[1].quoted)", at: parts[1])
    }
    let bare = command == .isset || command == .notset
    guard bare == (parts.count == 2) else {
      throw a.bad(bare ? "takes no value with \(parts[1].quoted)" : "needs a value", at: a.value)
    }
    var value: ByteValue?
    if parts.count == 3 {
      if let number = parts[2].number(as: UInt32.self) {
        value = .literal(UInt64(number))
      } else {
        value = .variable(try a.identifier(parts[2]))
      }
    }
    b.add(.flowint(FlowintMatch(name: name, command: command, value: value)), a)
  }

  @Sendable static func xbits(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    var parts = a.value.pieces(ASCII.comma)
    if parts[0].isEqual("noalert") {
      b.rule.noAlert = true
      parts.removeFirst()
      if parts.isEmpty { return }
    }
    guard parts.count >= 3 else { throw a.bad("needs command, name and track", at: a.value) }
    var match = XbitsMatch(
      command: try a.raw(parts[0], expected: "set, isset, toggle, unset and isnotset"),
      name: try a.identifier(parts[1]), track: .source, expire: 30)
    var tracked = false
    for part in parts.dropFirst(2) {
      let (word, rest) = part.wordAndRest()
      switch word.string {
      case "track":
        match.track = try a.raw(rest, expected: "ip_src, ip_dst, ip_pair and tx")
        tracked = true
      case "expire":
        match.expire = try a.number(rest)
        guard match.expire > 0 else { throw a.bad("cannot expire at once", at: rest) }
      default: throw a.bad("knows 'track' and 'expire', not \(part.quoted)", at: part)
      }
    }
    guard tracked else { throw a.bad("needs 'track'", at: a.value) }
    b.add(.xbits(match), a)
  }

  @Sendable static func hostbits(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count == 2 || parts.count == 3 else { throw a.bad("needs command and name", at: a.value) }
    let match = HostbitsMatch(
      command: try a.raw(parts[0], expected: "set, isset, toggle, unset and isnotset"),
      name: try a.identifier(parts[1]),
      side: parts.count == 3 ? try a.raw(parts[2], expected: "src, dst and both") : .source)
    b.add(.hostbits(match), a)
  }

  @Sendable static func threshold(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.once(a)
    b.add(.threshold(try ThresholdSyntax.threshold(a)), a)
  }

  @Sendable static func filter(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    try b.once(a)
    let fields = try ThresholdSyntax.fields(a, known: ["track", "count", "seconds"])
    guard let track = fields["track"], let count = fields["count"], let seconds = fields["seconds"] else {
      throw a.bad("needs track, count and seconds", at: a.value)
    }
    b.add(
      .detectionFilter(
        DetectionFilter(
          track: try ThresholdSyntax.track(track, a), count: try a.number(count),
          seconds: try ThresholdSyntax.seconds(seconds, a))), a)
  }
}

/// Fields of `threshold`, `detection_filter` and the threshold file.
enum ThresholdSyntax {
  static func fields(_ a: Argument, known: [String]) throws(RuleProblem) -> [String: Text] {
    var fields: [String: Text] = [:]
    for part in a.value.pieces(ASCII.comma) {
      let (word, rest) = part.wordAndRest()
      guard known.contains(word.string), !rest.isEmpty else {
        throw a.bad("does not know \(part.quoted)", at: part, hint: "known: \(known.joined(separator: ", "))")
      }
      guard fields.updateValue(rest, forKey: word.string) == nil else {
        throw RuleProblem(.repeatedOption, at: part.startIndex, "'\(a.name)' has \(word.quoted) twice")
      }
    }
    return fields
  }

  static func track(_ text: Text, _ a: Argument) throws(RuleProblem) -> ThresholdTrack {
    try a.raw(text, expected: "by_src, by_dst, by_both, by_rule and by_flow")
  }

  /// Plain seconds, or with s, m, h behind.
  static func seconds(_ text: Text, _ a: Argument) throws(RuleProblem) -> UInt32 {
    let factors: [UInt8: UInt32] = [115: 1, 109: 60, 104: 3600]
    guard let last = text.last, let factor = factors[last] else { return try a.number(text) }
    let (value, overflow) = try a.number(text.dropLast(), as: UInt32.self).multipliedReportingOverflow(by: factor)
    guard !overflow else { throw a.bad("needs fewer seconds than \(text.quoted)", at: text) }
    return value
  }

  static func threshold(_ a: Argument, extra: [String] = []) throws(RuleProblem) -> ThresholdOption {
    let fields = try fields(a, known: ["type", "track", "count", "seconds", "multiplier"] + extra)
    guard let type = fields["type"], let track = fields["track"], let count = fields["count"] else {
      throw a.bad("needs type, track and count", at: a.value)
    }
    var option = ThresholdOption(
      kind: try a.raw(type, expected: "limit, threshold, both and backoff"), track: try Self.track(track, a),
      count: try a.number(count), seconds: 0, multiplier: 1)
    guard option.count > 0 else { throw a.bad("counts from 1", at: count) }
    if option.kind == .backoff {
      guard let multiplier = fields["multiplier"], fields["seconds"] == nil else {
        throw a.bad("needs count and multiplier, and no seconds, with backoff", at: a.value)
      }
      option.multiplier = try a.number(multiplier)
    } else {
      guard let seconds = fields["seconds"], fields["multiplier"] == nil else {
        throw a.bad("needs seconds, and takes no multiplier but with backoff", at: a.value)
      }
      option.seconds = try Self.seconds(seconds, a)
    }
    return option
  }
}

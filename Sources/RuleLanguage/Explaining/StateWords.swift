/// What a rule keeps for other rules, and how often it speaks, in words.
extension RuleOption {
  /// Nil where the option is of another kind.
  var stateMeaning: RuleWords? {
    switch self {
    case .flowbits(let match): MarkWords.meaning(match.command, match.names, on: RuleWords("this flow", "本流"))
    case .flowint(let match): match.meaning
    case .xbits(let match): MarkWords.meaning(match.command, [match.name], on: match.track.meaning)
    case .hostbits(let match): MarkWords.meaning(match.command, [match.name], on: match.side.meaning)
    case .threshold(let option): option.meaning
    case .detectionFilter(let filter):
      RuleWords(
        "only after \(filter.count) matches in \(filter.seconds) s", "\(filter.seconds) 秒内匹配超过 \(filter.count) 次才告警")
        + filter.track.meaning
    case .tag(let tag): tag.meaning
    default: nil
    }
  }
}

/// Marks that one rule sets and another asks for.
enum MarkWords {
  static func meaning(_ command: FlowbitsMatch.Command, _ names: [String], on place: RuleWords) -> RuleWords {
    let mark = RuleWords("the mark \(names.joined(separator: " or "))", "标记 \(names.joined(separator: " 或 "))")
    switch command {
    case .isset: return mark + RuleWords(" stands on ", "已置于") + place
    case .isnotset: return mark + RuleWords(" does not stand on ", "未置于") + place
    case .set: return RuleWords("then sets ", "随后将") + mark + RuleWords(" on ", "置于") + place
    case .unset: return RuleWords("then takes ", "随后将") + mark + RuleWords(" from ", "移出") + place
    case .toggle: return RuleWords("then turns ", "随后翻转") + mark + RuleWords(" over on ", "，位于") + place
    }
  }
}

extension FlowintMatch {
  var meaning: RuleWords {
    let counter = RuleWords("the flow's counter \(name)", "本流计数 \(name)")
    let number = RuleWords(value?.text ?? "")
    switch command {
    case .add: return RuleWords("then adds ", "随后加 ") + number + RuleWords(" to ", " 于") + counter
    case .subtract: return RuleWords("then takes ", "随后减 ") + number + RuleWords(" from ", " 于") + counter
    case .assign: return RuleWords("then makes ", "随后令") + counter + RuleWords(" ", " = ") + number
    case .isset: return counter + RuleWords(" is set", "已设")
    case .notset: return counter + RuleWords(" is not set", "未设")
    case .greater, .greaterOrEqual, .less, .lessOrEqual, .equal, .notEqual:
      return counter + RuleWords(" is \(command.rawValue) ", " \(command.rawValue) ") + number
    }
  }
}

extension XbitsMatch.Track {
  fileprivate var meaning: RuleWords {
    switch self {
    case .source: RuleWords("the source address", "源地址")
    case .destination: RuleWords("the destination address", "目的地址")
    case .pair: RuleWords("the pair of addresses", "地址对")
    case .transaction: RuleWords("this transaction", "本事务")
    }
  }
}

extension HostbitsMatch.Side {
  fileprivate var meaning: RuleWords {
    switch self {
    case .source: RuleWords("the source address", "源地址")
    case .destination: RuleWords("the destination address", "目的地址")
    case .both: RuleWords("both addresses", "双方地址")
    }
  }
}

extension ThresholdTrack {
  var meaning: RuleWords {
    switch self {
    case .source: RuleWords(", counted by source", "，按源地址计")
    case .destination: RuleWords(", counted by destination", "，按目的地址计")
    case .both: RuleWords(", counted by pair of addresses", "，按地址对计")
    case .rule: RuleWords(", counted over all traffic", "，按规则计")
    case .flow: RuleWords(", counted by flow", "，按流计")
    }
  }
}

extension ThresholdOption {
  var meaning: RuleWords { rate + track.meaning }

  private var rate: RuleWords {
    switch kind {
    case .limit:
      RuleWords(
        "at most \(count == 1 ? "one alert" : "\(count) alerts") in \(seconds) s", "\(seconds) 秒内最多告警 \(count) 次")
    case .threshold:
      RuleWords("one alert for every \(count) matches in \(seconds) s", "\(seconds) 秒内每匹配 \(count) 次告警一次")
    case .both:
      RuleWords("one alert in \(seconds) s, once there were \(count) matches", "\(seconds) 秒内匹配满 \(count) 次后告警一次")
    case .backoff:
      RuleWords(
        "an alert after \(count) matches, then after \(multiplier) times as many each time",
        "匹配 \(count) 次后告警，其后每次需 \(multiplier) 倍")
    }
  }
}

extension TagOption {
  var meaning: RuleWords {
    let unit: RuleWords
    switch metric {
    case .packets: unit = RuleWords("packets", "个报文")
    case .seconds: unit = RuleWords("seconds", "秒")
    case .bytes: unit = RuleWords("bytes", "字节")
    }
    let of: RuleWords
    switch (kind, side) {
    case (.session, _): of = RuleWords("the connection", "本连接")
    case (.host, .destination?): of = RuleWords("the destination host", "目的主机")
    case (.host, _): of = RuleWords("the source host", "源主机")
    }
    return RuleWords("then \(count) ", "随后记录 \(count) ") + unit + RuleWords(" more of ", "：") + of
      + RuleWords(" are to be logged", "")
  }
}

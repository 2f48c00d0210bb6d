/// The head of a rule in words: what it does, and on whose traffic.
extension Rule {
  var headMeaning: RuleWords {
    let name = RuleWords(proto.name == "ip" ? "IP" : proto.name.uppercased())
    let hook = proto.hook.map { RuleWords(" (at \($0))", "（\($0) 阶段）") } ?? RuleWords("")
    return action.meaning(of: name + hook + RuleWords(" traffic", " 流量")) + ends
  }

  private var ends: RuleWords {
    let one = RuleWords.end(source, sourcePorts)
    let other = RuleWords.end(destination, destinationPorts)
    switch direction {
    case .toDestination: return RuleWords("from ", "") + one + RuleWords(" to ", " 至 ") + other
    case .both: return RuleWords("between ", "") + one + RuleWords(" and ", " 与 ") + other + RuleWords("", "之间")
    case .transaction:
      return RuleWords("from ", "") + one + RuleWords(" to ", " 至 ") + other
        + RuleWords(", a request and its answer together", "，请求与应答一并检查")
    }
  }
}

extension RuleAction {
  fileprivate func meaning(of traffic: RuleWords) -> RuleWords {
    switch self {
    case .alert: RuleWords("an alert on ", "对 ") + traffic + RuleWords(" ", "告警：")
    case .pass: RuleWords("no alert on ", "放行 ") + traffic + RuleWords(" ", "：")
    case .drop:
      RuleWords("an alert (and a drop, where a sensor can) on ", "对 ") + traffic + RuleWords(" ", "告警（可阻断时丢弃）：")
    case .reject, .rejectSource, .rejectDestination, .rejectBoth:
      RuleWords("an alert (and a reset, where a sensor can) on ", "对 ") + traffic + RuleWords(" ", "告警（可阻断时重置连接）：")
    }
  }
}

extension RuleWords {
  fileprivate static func end(_ address: AddressExpression, _ ports: PortExpression) -> RuleWords {
    ports == .any ? address.meaning : address.meaning + RuleWords(" port ", " 端口 ") + ports.meaning
  }

  fileprivate static let not = RuleWords("not ", "非 ")
}

extension PortExpression {
  fileprivate var meaning: RuleWords {
    guard case .not(let inner) = self else { return RuleWords(text) }
    return .not + RuleWords(inner.text)
  }
}

extension AddressExpression {
  /// Lists of reputation have hundreds: of more than this the first stand for all. The rule's text has them.
  private static let most = 4

  fileprivate var meaning: RuleWords {
    switch self {
    case .any: RuleWords("anywhere", "任意地址")
    case .not(let inner): .not + inner.meaning
    case .list(let all) where all.count > AddressExpression.most: AddressExpression.first(of: all)
    default: RuleWords(text)
    }
  }

  private static func first(of all: [AddressExpression]) -> RuleWords {
    let first = all.prefix(most - 1).map(\.text)
    let more = all.count - first.count
    return RuleWords(
      "\(first.joined(separator: ", ")) and \(more) more", "\(first.joined(separator: "、")) 等 \(all.count) 个地址")
  }
}

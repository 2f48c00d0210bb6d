/// Matches in a buffer, in words.
extension BufferSelection {
  var meaning: RuleWords {
    let changed = transforms.map { FieldNames.transform($0) }
    let behind = changed.isEmpty ? RuleWords("") : RuleWords(", ", "（") + .list(changed) + RuleWords("", "）")
    return RuleWords("in ", "在") + FieldNames.buffer(name) + behind + RuleWords(":", "中：")
  }
}

extension ContentMatch {
  var meaning: RuleWords {
    found + place + (isNocase ? RuleWords(", in upper or lower case", "，不分大小写") : RuleWords(""))
  }

  private var found: RuleWords {
    let text = RuleWords("\"\(RulePrinter.content(pattern))\"")
    switch (flags.contains(.startsWith), flags.contains(.endsWith), isNegated) {
    case (true, true, false): return RuleWords("it is ", "等于 ") + text
    case (true, true, true): return RuleWords("it is not ", "不等于 ") + text
    case (true, false, false): return RuleWords("it begins with ", "以此开头：") + text
    case (true, false, true): return RuleWords("it does not begin with ", "不以此开头：") + text
    case (false, true, false): return RuleWords("it ends with ", "以此结尾：") + text
    case (false, true, true): return RuleWords("it does not end with ", "不以此结尾：") + text
    case (false, false, false): return RuleWords("it has ", "含 ") + text
    case (false, false, true): return RuleWords("it does not have ", "不含 ") + text
    }
  }

  private var place: RuleWords {
    guard !flags.contains(.startsWith) else { return RuleWords("") }
    return isRelative ? placeAfterMatch : placeInBuffer
  }

  private var placeInBuffer: RuleWords {
    switch (offset, depth) {
    case (nil, nil), (.literal(0)?, nil): RuleWords("")
    case (let offset?, nil): RuleWords(" behind its first \(offset.text) bytes", "，在前 \(offset.text) 字节之后")
    case (nil, let depth?), (.literal(0)?, let depth?):
      RuleWords(" within its first \(depth.text) bytes", "，在前 \(depth.text) 字节内")
    case (let offset?, let depth?):
      RuleWords(
        " within the \(depth.text) bytes behind its first \(offset.text)", "，在前 \(offset.text) 字节之后的 \(depth.text) 字节内")
    }
  }

  private var placeAfterMatch: RuleWords {
    let start: RuleWords
    switch distance {
    case nil, .literal(0)?: start = RuleWords(" behind the match before it", "，在前一匹配之后")
    case .literal(let gap)? where gap < 0:
      start = RuleWords(
        " from \(-Int64(gap)) bytes before the end of the match before it", "，自前一匹配末尾前 \(-Int64(gap)) 字节起")
    case let gap?: start = RuleWords(" \(gap.text) bytes or more behind the match before it", "，在前一匹配 \(gap.text) 字节之后")
    }
    guard let within else { return start }
    if distance == nil || distance == .literal(0), within == .literal(Int32(clamping: pattern.count)) {
      return RuleWords(" right behind the match before it", "，紧接前一匹配")
    }
    return start + RuleWords(", all of it within \(within.text) bytes", "，\(within.text) 字节内")
  }
}

extension PCREMatch {
  var meaning: RuleWords {
    let verb = isNegated ? RuleWords("it does not match ", "不匹配 ") : RuleWords("it matches ", "匹配 ")
    let letters = text.last == "\"" ? text.dropLast() : text[...]
    let shown = letters.split(separator: "\"", maxSplits: 1).last.map(String.init) ?? text
    let behind = isRelative ? RuleWords(", behind the match before it", "，在前一匹配之后") : RuleWords("")
    return verb + RuleWords(shown) + behind
  }
}

extension IsDataAt {
  var meaning: RuleWords {
    if isNegated, isRelative, position == .literal(1) {
      return RuleWords("it ends with the match before it", "前一匹配即为结尾")
    }
    let verb = isNegated ? RuleWords("it has no ", "不足 ") : RuleWords("it has ", "至少有 ")
    let behind =
      isRelative ? RuleWords(" behind the match before it", "，自前一匹配起") : RuleWords("")
    return verb + RuleWords("\(position.text) bytes", "\(position.text) 字节") + behind
  }
}

extension EntropyMatch {
  var meaning: RuleWords {
    let part = bytes > 0 ? RuleWords("the entropy of \(bytes) bytes", "\(bytes) 字节的熵") : RuleWords("its entropy", "熵")
    let start = offset > 0 ? RuleWords(" from byte \(offset)", "（自第 \(offset) 字节）") : RuleWords("")
    return part + start + RuleWords(" in bits a byte is ", "（比特/字节）") + RuleWords(comparison.text)
  }
}

extension DatasetMatch {
  var meaning: RuleWords {
    let list = RuleWords(" the list \(name)", "名单 \(name)")
    switch command {
    case .isset: return RuleWords("it stands in", "在") + list + RuleWords("", "中")
    case .isnotset: return RuleWords("it does not stand in", "不在") + list + RuleWords("", "中")
    case .set: return RuleWords("then puts it into", "随后加入") + list
    case .unset: return RuleWords("then takes it out of", "随后移出") + list
    case .reputation:
      return RuleWords("its reputation in", "在") + list + RuleWords(" ", "中的信誉值")
        + (comparison?.meaning ?? RuleWords(""))
    }
  }
}

extension Base64Decode {
  var meaning: RuleWords {
    let count = bytes.map { RuleWords("\($0) bytes", " \($0) 字节") } ?? RuleWords("it", "")
    let start = offset > 0 ? RuleWords(" from byte \(offset)", "（自第 \(offset) 字节）") : RuleWords("")
    let behind = isRelative ? RuleWords(" behind the match before it", "（自前一匹配起）") : RuleWords("")
    return RuleWords("decodes ", "解码") + count + RuleWords(" of base64", " base64") + start + behind
  }
}

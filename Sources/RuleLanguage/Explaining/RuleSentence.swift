/// What one part of a rule asks of the traffic, in words.
package struct RuleSentence: Hashable, Sendable {
  package var meaning: RuleWords
  /// It holds of the buffer that the sentence before it names.
  package var isOfBuffer = false
}

/// The same words in English and in Chinese.
package struct RuleWords: Hashable, Sendable {
  package var en: String
  package var zh: String

  init(_ en: String, _ zh: String) {
    self.en = en
    self.zh = zh
  }

  /// In Chinese a space stands between a Latin word or number and an ideograph.
  static func + (a: RuleWords, b: RuleWords) -> RuleWords {
    let needsSpace =
      a.zh.last.map(isWord) == true && b.zh.first.map(isIdeograph) == true
      || a.zh.last.map(isIdeograph) == true && b.zh.first.map(isWord) == true
    return RuleWords(a.en + b.en, a.zh + (needsSpace ? " " : "") + b.zh)
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }
  private static func isIdeograph(_ character: Character) -> Bool { ("\u{4e00}"..."\u{9fff}").contains(character) }
}

extension RuleWords {
  /// A name that is the same in both languages.
  init(_ name: String) { self.init(name, name) }

  static func list(_ parts: [RuleWords]) -> RuleWords {
    RuleWords(parts.map(\.en).joined(separator: ", "), parts.map(\.zh).joined(separator: "，"))
  }
}

extension Rule {
  /// The rule in sentences, in the order in which it is read: whose traffic, what must be found where, what it notes for
  /// other rules, how often it speaks. What only makes matching faster (`fast_pattern`, `prefilter`) is left out.
  package var explanation: [RuleSentence] {
    var sentences = [RuleSentence(meaning: headMeaning)]
    var isInBuffer = false
    for option in options {
      guard let meaning = option.meaning else { continue }
      if case .buffer = option {
        isInBuffer = true
      } else if option.isOfBuffer, !isInBuffer {
        sentences.append(RuleSentence(meaning: BufferSelection(name: BufferSelection.payload).meaning))
        isInBuffer = true
      }
      sentences.append(RuleSentence(meaning: meaning, isOfBuffer: option.isOfBuffer))
    }
    return sentences + closing
  }

  private var closing: [RuleSentence] {
    var said: [RuleWords] = []
    if noAlert { said.append(RuleWords("then raises no alert of its own", "自身不告警")) }
    switch target {
    case .source?: said.append(RuleWords("the attacked end is the source", "受攻击方为源端"))
    case .destination?: said.append(RuleWords("the attacked end is the destination", "受攻击方为目的端"))
    case nil: break
    }
    return said.map { RuleSentence(meaning: $0) }
  }
}

extension RuleOption {
  /// Whether it looks into the buffer selected before it.
  var isOfBuffer: Bool {
    switch self {
    case .content, .pcre, .byteTest, .byteJump, .byteExtract, .byteMath, .isDataAt, .bufferSize, .absent, .entropy,
      .dataset, .base64Decode:
      true
    default: false
    }
  }

  /// Nil: it changes nothing of what the rule means.
  var meaning: RuleWords? {
    switch self {
    case .buffer(let selection): selection.meaning
    case .content(let match): match.meaning
    case .pcre(let match): match.meaning
    case .isDataAt(let match): match.meaning
    case .bufferSize(let comparison): RuleWords("its size in bytes ", "长度（字节）") + comparison.meaning
    case .absent(let orElse): RuleOption.absence(orElse)
    case .entropy(let match): match.meaning
    case .dataset(let match): match.meaning
    case .base64Decode(let decode): decode.meaning
    case .byteTest(let test): test.meaning
    case .byteJump(let jump): jump.meaning
    case .byteExtract(let extract): extract.meaning
    case .byteMath(let math): math.meaning
    case .prefilter: nil
    case .generic(let keyword, let arguments): FieldNames.generic(keyword, arguments)
    default: packetMeaning ?? stateMeaning
    }
  }

  private static func absence(_ orElse: Bool) -> RuleWords {
    orElse
      ? RuleWords("it is not there, or what follows holds of it", "该字段不存在，或满足以下条件")
      : RuleWords("it is not there", "该字段不存在")
  }
}

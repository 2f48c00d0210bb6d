internal import RuleLanguage

/// One step in the inspection of a buffer: a plain value; patterns and expressions are referred to by place.
enum MatchStep: Sendable {
  case content(ContentStep)
  case expression(ExpressionStep)
  case byteTest(ByteTestStep)
  case byteJump(ByteJumpStep)
  case byteExtract(ByteExtractStep)
  case byteMath(ByteMathStep)
  case isDataAt(IsDataAtStep)
  case size(NumberTest)
  case base64(Base64Step)
  case entropy(EntropyStep)

  /// Whether the steps behind it count from where it ended.
  var movesPlace: Bool {
    switch self {
    case .byteJump, .byteExtract, .byteMath: true
    case .content, .expression, .byteTest, .isDataAt, .size, .base64, .entropy: false
    }
  }

  /// Whether its outcome depends on what an earlier step of the chain chose: then another choice may help it.
  var dependsOnEarlier: Bool {
    switch self {
    case .content(let step): step.isRelative || step.usesVariable
    case .expression(let step): step.isRelative
    case .byteTest(let step): step.reading.dependsOnEarlier || step.value.isVariable
    case .byteJump(let step): step.reading.dependsOnEarlier || step.postOffset.isVariable
    case .byteExtract(let step): step.reading.dependsOnEarlier
    case .byteMath(let step): step.reading.dependsOnEarlier || step.operand.isVariable
    case .isDataAt(let step): step.isRelative || step.position.isVariable
    case .base64(let step): step.isRelative
    case .size, .entropy: false
    }
  }
}

/// A number written in the rule, or the slot of a variable that an earlier step sets.
struct Operand: Sendable {
  var value: Int64 = 0
  var slot: Int16 = -1
  @inline(__always) var isVariable: Bool { slot >= 0 }
}

struct ContentStep: Sendable {
  var pattern = Part()
  var isNegated = false
  var isNocase = false
  var startsWith = false
  var endsWith = false
  var hasDepth = false
  var hasOffset = false
  var hasDistance = false
  var hasWithin = false
  var depth = Operand()
  var offset = Operand()
  var distance = Operand()
  var within = Operand()

  var isRelative: Bool { hasDistance || hasWithin }
  var usesVariable: Bool { depth.isVariable || offset.isVariable || distance.isVariable || within.isVariable }
}

struct ExpressionStep: Sendable {
  var expression: Int32
  var isNegated = false
  var isRelative = false
  /// Places among the rules' captures: what groups 1... are kept as.
  var captures = Part()
}

/// Where and how a number is read.
struct ReadingStep: Sendable {
  var offset = Operand()
  var count = Operand()
  var isRelative = false
  var isLittleEndian = false
  /// 0: the bytes themselves; else digits of this base.
  var base: UInt8 = 0
  var mask: UInt32 = 0
  var dependsOnEarlier: Bool { isRelative || offset.isVariable || count.isVariable }
}

struct ByteTestStep: Sendable {
  var reading = ReadingStep()
  var comparison = ByteTest.Operator.equal
  var isNegated = false
  var value = Operand()
}

struct ByteJumpStep: Sendable {
  var reading = ReadingStep()
  var multiplier: UInt32 = 1
  var isAligned = false
  var origin = ByteJump.Origin.current
  var postOffset = Operand()
}

struct ByteExtractStep: Sendable {
  var reading = ReadingStep()
  var multiplier: UInt32 = 1
  var alignment: UInt8 = 0
  var slot: Int16 = 0
}

struct ByteMathStep: Sendable {
  var reading = ReadingStep()
  var operation = ByteMath.Operator.add
  var operand = Operand()
  var slot: Int16 = 0
}

struct IsDataAtStep: Sendable {
  var position = Operand()
  var isNegated = false
  var isRelative = false
}

/// Decodes and inspects the decoded bytes with the steps of `inner`.
struct Base64Step: Sendable {
  var bytes: Int64 = .max
  var offset: Int64 = 0
  var isRelative = false
  var inner = Part()
}

struct EntropyStep: Sendable {
  var bytes: UInt32
  var offset: UInt32
  /// The bounds in thousandths of a bit.
  var low: UInt32
  var high: UInt32
  var isNegated: Bool
}

/// `IntegerComparison` as a plain value.
struct NumberTest: Sendable {
  enum Kind: UInt8, Sendable { case between, notBetween, masked, notMasked }
  var kind: Kind
  /// Both ends included; or mask and expected.
  var first: UInt64
  var second: UInt64

  init(_ comparison: IntegerComparison) {
    switch comparison {
    case .equal(let n): self.init(.between, n, n)
    case .notEqual(let n): self.init(.notBetween, n, n)
    case .less(let n): self.init(n == 0 ? .notBetween : .between, 0, n == 0 ? .max : n - 1)
    case .lessOrEqual(let n): self.init(.between, 0, n)
    case .greater(let n): self.init(n == .max ? .notBetween : .between, n == .max ? 0 : n + 1, .max)
    case .greaterOrEqual(let n): self.init(.between, n, .max)
    case .between(let low, let high):
      let empty = high <= low || high - low < 2
      self.init(empty ? .notBetween : .between, empty ? 0 : low + 1, empty ? .max : high - 1)
    case .notBetween(let low, let high):
      let empty = high <= low || high - low < 2
      self.init(empty ? .between : .notBetween, empty ? 0 : low + 1, empty ? .max : high - 1)
    case .masked(let mask, let expected): self.init(.masked, mask, expected)
    case .notMasked(let mask, let expected): self.init(.notMasked, mask, expected)
    }
  }

  private init(_ kind: Kind, _ first: UInt64, _ second: UInt64) {
    self.kind = kind
    self.first = first
    self.second = second
  }

  @inline(__always) func matches(_ value: UInt64) -> Bool {
    switch kind {
    case .between: value >= first && value <= second
    case .notBetween: value < first || value > second
    case .masked: value & first == second
    case .notMasked: value & first != second
    }
  }
}

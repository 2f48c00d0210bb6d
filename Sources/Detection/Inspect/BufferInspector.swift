internal import PatternMatching
internal import RuleLanguage

/// Runs the steps of a rule over one buffer; one per worker.
///
/// A relative step that fails may be helped by a later occurrence of the match before it: those are tried, newest
/// choice first. A step whose outcome depends on no earlier choice ends the inspection when it fails.
@safe final class BufferInspector {
  enum Outcome { case match, retry, fail }

  /// Steps of one inspection, all tries counted: beyond, the rule does not match and `limitHits` grows.
  static let stepLimit = 3_000
  static let variableLimit = 32
  static let decodedLimit = 65_536

  private let steps: Table<MatchStep>
  private let patterns: Table<UInt8>
  private let expressions: [RegularExpression]
  private let workspace = ExpressionWorkspace()
  private let decoded: UnsafeMutablePointer<UInt8>
  private let variables: UnsafeMutablePointer<UInt64>
  private(set) var limitHits: UInt64 = 0
  private var left = 0
  /// Where this buffer begins in its stream: `offset` and `depth` of stream contents count from the stream's start.
  private var origin = 0
  private var triesAll = false

  init(steps: Table<MatchStep>, patterns: Table<UInt8>, expressions: [RegularExpression]) {
    self.steps = steps
    self.patterns = patterns
    self.expressions = expressions
    unsafe decoded = .allocate(capacity: BufferInspector.decodedLimit)
    unsafe variables = .allocate(capacity: BufferInspector.variableLimit)
    unsafe variables.initialize(repeating: 0, count: BufferInspector.variableLimit)
  }

  deinit {
    unsafe decoded.deallocate()
    unsafe variables.deallocate()
  }

  /// Whether all steps of `part` hold on `bytes`. Variables stay for the rule's next buffer.
  /// `triesAll`: variables are set by steps that have several choices, so that no failure is final.
  func matches(_ part: Part, _ bytes: ByteView, streamOffset: Int = 0, triesAll: Bool = false) -> Bool {
    left = BufferInspector.stepLimit
    origin = streamOffset
    self.triesAll = triesAll
    return run(Int(part.start), part.indices.upperBound, bytes, 0) == .match
  }

  private func run(_ step: Int, _ end: Int, _ bytes: ByteView, _ position: Int) -> Outcome {
    guard step < end else { return .match }
    left -= 1
    guard left > 0 else {
      limitHits += left == 0 ? 1 : 0
      return .fail
    }
    let current = steps[step]
    switch current {
    case .content(let content):
      return content.isNegated
        ? absent(content, step, end, bytes, position) : present(content, step, end, bytes, position)
    case .expression(let expression): return self.expression(expression, step, end, bytes, position)
    default: return plain(current, step, end, bytes, position)
    }
  }

  /// What the failure of a step by itself, or of all its choices, means for the steps before it.
  @inline(__always) private func failure(_ dependsOnEarlier: Bool) -> Outcome {
    triesAll || dependsOnEarlier ? .retry : .fail
  }

  @inline(__always) private func number(_ operand: Operand) -> Int {
    guard operand.isVariable else { return Int(operand.value) }
    return unsafe Int(truncatingIfNeeded: variables[Int(operand.slot)])
  }

  // MARK: Contents.

  /// The range a content may lie in, before `endswith`.
  private func window(_ content: ContentStep, _ bytes: ByteView, _ position: Int) -> (start: Int, end: Int) {
    var start = 0
    var end = bytes.count
    if content.isRelative {
      let distance = content.hasDistance ? number(content.distance) : 0
      start = position &+ distance
      if content.hasWithin { end = min(end, position &+ distance &+ number(content.within)) }
    }
    if content.startsWith { end = min(end, Int(content.pattern.count) - origin) }
    if content.hasOffset { start = max(start, number(content.offset) - origin) }
    if content.hasDepth {
      let offset = content.hasOffset ? number(content.offset) : 0
      end = min(end, offset &+ number(content.depth) &- origin)
    }
    if content.startsWith, origin > 0 { end = 0 }
    return (max(start, 0), end)
  }

  @inline(__always) private func find(_ content: ContentStep, _ bytes: ByteView, _ start: Int, _ end: Int) -> Int {
    let pattern = self.pattern(content)
    if content.endsWith {
      let place = bytes.count - pattern.count
      guard place >= start, end >= bytes.count else { return -1 }
      return LiteralSearch.stands(pattern, isNocase: content.isNocase, in: bytes, at: place) ? place : -1
    }
    return LiteralSearch.first(pattern, isNocase: content.isNocase, in: bytes, from: start, to: end)
  }

  private func pattern(_ content: ContentStep) -> ByteView {
    patterns.view(content.pattern)
  }

  private func absent(_ content: ContentStep, _ step: Int, _ end: Int, _ bytes: ByteView, _ position: Int) -> Outcome {
    let (start, limit) = window(content, bytes, position)
    if start < limit, find(content, bytes, start, limit) >= 0 {
      return failure(content.isRelative || content.usesVariable)
    }
    return run(step + 1, end, bytes, position)
  }

  private func present(_ content: ContentStep, _ step: Int, _ end: Int, _ bytes: ByteView, _ position: Int) -> Outcome {
    var (start, limit) = window(content, bytes, position)
    while start < limit {
      let place = find(content, bytes, start, limit)
      guard place >= 0 else { break }
      let outcome = run(step + 1, end, bytes, place + Int(content.pattern.count))
      guard outcome == .retry else { return outcome }
      left -= 1
      guard left > 0 else { return .fail }
      start = place + 1
    }
    return failure(content.isRelative || content.usesVariable)
  }

  // MARK: Expressions.

  private func expression(_ step: ExpressionStep, _ index: Int, _ end: Int, _ bytes: ByteView, _ position: Int)
    -> Outcome
  {
    let from = step.isRelative ? min(max(position, 0), bytes.count) : 0
    let rest = bytes.dropFirst(from)
    let compiled = expressions[Int(step.expression)]
    var start = 0
    while start <= rest.count {
      let found = unsafe workspace.match(compiled, rest.raw, from: start)
      if step.isNegated {
        return found == nil ? run(index + 1, end, bytes, position) : failure(step.isRelative)
      }
      guard let found else { break }
      let outcome = run(index + 1, end, bytes, from + found.upperBound)
      guard outcome == .retry else { return outcome }
      left -= 1
      guard left > 0 else { return .fail }
      start = found.lowerBound + 1
    }
    return failure(step.isRelative)
  }

  // MARK: Steps with one outcome.

  private func plain(_ current: MatchStep, _ step: Int, _ end: Int, _ bytes: ByteView, _ position: Int) -> Outcome {
    let next: Int? =
      switch current {
      case .byteTest(let test): byteTest(test, bytes, position) ? position : nil
      case .byteJump(let jump): byteJump(jump, bytes, position)
      case .byteExtract(let extract): byteExtract(extract, bytes, position)
      case .byteMath(let math): byteMath(math, bytes, position)
      case .isDataAt(let data): isDataAt(data, bytes, position) ? position : nil
      case .size(let test): test.matches(UInt64(bytes.count)) ? position : nil
      case .base64(let decode): base64(decode, bytes, position) ? position : nil
      case .entropy(let entropy): Entropy.matches(entropy, bytes) ? position : nil
      case .content, .expression: position
      }
    guard let next else { return failure(current.dependsOnEarlier) }
    let outcome = run(step + 1, end, bytes, next)
    // A step that moved the place has no other choice to offer.
    return outcome == .retry && current.movesPlace ? failure(current.dependsOnEarlier) : outcome
  }

  private func isDataAt(_ step: IsDataAtStep, _ bytes: ByteView, _ position: Int) -> Bool {
    let wanted = number(step.position)
    let isThere = step.isRelative ? position &+ wanted <= bytes.count : wanted < bytes.count
    return isThere != step.isNegated
  }

  private func base64(_ step: Base64Step, _ bytes: ByteView, _ position: Int) -> Bool {
    let start = (step.isRelative ? position : 0) + Int(step.offset)
    guard start >= 0, start < bytes.count else { return false }
    let text = bytes.dropFirst(start).prefix(Int(clamping: step.bytes))
    let length = unsafe Base64.decode(text, into: decoded, limit: BufferInspector.decodedLimit)
    guard length > 0 else { return false }
    let view = unsafe ByteView(base: UnsafePointer(decoded), count: length)
    let outer = origin
    origin = 0
    defer { origin = outer }
    return run(Int(step.inner.start), step.inner.indices.upperBound, view, 0) == .match
  }
}

extension BufferInspector {
  /// The number, and the place behind its bytes.
  private func read(_ reading: ReadingStep, _ bytes: ByteView, _ position: Int) -> (value: UInt64, after: Int)? {
    let count = number(reading.count)
    let place = (reading.isRelative ? position : 0) &+ number(reading.offset)
    guard count > 0 else { return place >= 0 && place <= bytes.count ? (0, place) : nil }
    let value =
      reading.base == 0
      ? NumberReading.binary(bytes, at: place, count: count, littleEndian: reading.isLittleEndian)
      : NumberReading.digits(bytes, at: place, count: count, base: UInt64(reading.base))
    return value.map { (NumberReading.masked($0, reading.mask), place + count) }
  }

  private func wide(_ operand: Operand) -> UInt64 {
    operand.isVariable ? unsafe variables[Int(operand.slot)] : UInt64(bitPattern: operand.value)
  }

  private func byteTest(_ step: ByteTestStep, _ bytes: ByteView, _ position: Int) -> Bool {
    guard let (value, _) = read(step.reading, bytes, position) else { return false }
    let wanted = wide(step.value)
    let holds =
      switch step.comparison {
      case .less: value < wanted
      case .greater: value > wanted
      case .equal: value == wanted
      case .lessOrEqual: value <= wanted
      case .greaterOrEqual: value >= wanted
      case .and: value & wanted != 0
      case .xor: value ^ wanted != 0
      }
    return holds != step.isNegated
  }

  private func byteJump(_ step: ByteJumpStep, _ bytes: ByteView, _ position: Int) -> Int? {
    guard let (value, after) = read(step.reading, bytes, position) else { return nil }
    var distance = Int(truncatingIfNeeded: value &* UInt64(step.multiplier))
    if step.isAligned { distance = (distance &+ 3) & ~3 }
    let start =
      switch step.origin {
      case .current: after
      case .beginning: 0
      case .end: bytes.count
      }
    let place = start &+ distance &+ number(step.postOffset)
    return place >= 0 && place <= bytes.count ? place : nil
  }

  private func byteExtract(_ step: ByteExtractStep, _ bytes: ByteView, _ position: Int) -> Int? {
    guard let (value, after) = read(step.reading, bytes, position) else { return nil }
    var result = value &* UInt64(step.multiplier)
    if step.alignment > 0 {
      let unit = UInt64(step.alignment)
      result = (result &+ unit &- 1) / unit &* unit
    }
    unsafe variables[Int(step.slot)] = result
    return after
  }

  private func byteMath(_ step: ByteMathStep, _ bytes: ByteView, _ position: Int) -> Int? {
    guard let (value, after) = read(step.reading, bytes, position) else { return nil }
    let operand = wide(step.operand)
    let result: UInt64
    switch step.operation {
    case .add: result = value &+ operand
    case .subtract: result = value &- operand
    case .multiply: result = value &* operand
    case .divide:
      guard operand != 0 else { return nil }
      result = value / operand
    case .shiftLeft: result = operand < 64 ? value << operand : 0
    case .shiftRight: result = operand < 64 ? value >> operand : 0
    }
    unsafe variables[Int(step.slot)] = NumberReading.masked(result, 0)
    return after
  }
}

extension Table where Element == UInt8 {
  @inline(__always) func view(_ part: Part) -> ByteView { view(start: Int(part.start), count: Int(part.count)) }
}

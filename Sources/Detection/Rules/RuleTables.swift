internal import PatternMatching

/// The tables that compiled rules point into. Filled by the compiler, then frozen.
struct RuleTables: @unchecked Sendable {
  let rules: Table<CompiledRule>
  let steps: Table<MatchStep>
  let patterns: Table<UInt8>
  let blocks: Table<BufferBlock>
  let tests: Table<PacketTest>
  let transactionTests: Table<TransactionTest>
  let states: Table<StateStep>
  let bits: Table<Int32>
  let limits: Table<LimitStep>
  let addresses: AddressTables
  let ports: PortTables
  let expressions: [RegularExpression]
  let transforms: [[Transform]]
  let flowBitCount: Int
  let flowCounterCount: Int

  func free() {
    rules.free()
    steps.free()
    patterns.free()
    blocks.free()
    tests.free()
    transactionTests.free()
    states.free()
    bits.free()
    limits.free()
    addresses.free()
    ports.free()
  }
}

/// What `RuleTables` is made from.
struct RuleTablesDraft {
  var rules: [CompiledRule] = []
  var steps: [MatchStep] = []
  var patterns: [UInt8] = []
  var blocks: [BufferBlock] = []
  var tests: [PacketTest] = []
  var transactionTests: [TransactionTest] = []
  var states: [StateStep] = []
  var bits: [Int32] = []
  var limits: [LimitStep] = []
  var addresses = AddressTables.Draft()
  var ports = PortTables.Draft()
  var expressions: [RegularExpression] = []
  var expressionIndex: [ExpressionKey: Int32] = [:]
  var transforms: [[Transform]] = []
  var transformIndex: [[Transform]: Int32] = [:]
  var flowBits: [String: Int32] = [:]
  var flowCounters: [String: Int32] = [:]
  var hostBits: [String: Int32] = [:]

  struct ExpressionKey: Hashable {
    var text: [UInt8]
    var options: RegularExpression.Options
  }

  func frozen() -> RuleTables {
    RuleTables(
      rules: Table(rules), steps: Table(steps), patterns: Table(patterns), blocks: Table(blocks), tests: Table(tests),
      transactionTests: Table(transactionTests), states: Table(states), bits: Table(bits), limits: Table(limits),
      addresses: addresses.frozen(), ports: ports.frozen(), expressions: expressions, transforms: transforms,
      flowBitCount: flowBits.count, flowCounterCount: flowCounters.count)
  }

  /// The number of a name, given at its first use.
  static func number(_ name: String, in names: inout [String: Int32]) -> Int32 {
    if let known = names[name] { return known }
    let next = Int32(names.count)
    names[name] = next
    return next
  }

  mutating func expression(_ text: [UInt8], _ options: RegularExpression.Options) throws(PatternError) -> Int32 {
    let key = ExpressionKey(text: text, options: options)
    if let known = expressionIndex[key] { return known }
    expressions.append(try RegularExpression(text, options))
    let index = Int32(expressions.count - 1)
    expressionIndex[key] = index
    return index
  }

  mutating func chain(_ transforms: [Transform]) -> Int32 {
    if transforms.isEmpty { return -1 }
    if let known = transformIndex[transforms] { return known }
    self.transforms.append(transforms)
    let index = Int32(self.transforms.count - 1)
    transformIndex[transforms] = index
    return index
  }
}

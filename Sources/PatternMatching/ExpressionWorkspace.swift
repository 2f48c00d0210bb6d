internal import CPCRE2

/// What a match writes to: captures, limits and the machine stack. One per worker.
@safe public final class ExpressionWorkspace {
  private let context: OpaquePointer?
  private let matchData: OpaquePointer?
  private let stack: OpaquePointer?
  /// Matches given up at a limit: those count as "no match".
  public private(set) var limitHits: UInt64 = 0
  private static let captureLimit: UInt32 = 64

  /// `matchLimit` bounds backtracking steps, `depthLimit` nesting (Suricata's defaults: 3500 and 1500).
  public init(matchLimit: UInt32 = 3_500, depthLimit: UInt32 = 1_500) {
    unsafe context = pcre2_match_context_create_8(nil)
    unsafe matchData = pcre2_match_data_create_8(ExpressionWorkspace.captureLimit, nil)
    unsafe stack = pcre2_jit_stack_create_8(32 * 1_024, 512 * 1_024, nil)
    if let context = unsafe context {
      unsafe pcre2_set_match_limit_8(context, matchLimit)
      unsafe pcre2_set_depth_limit_8(context, depthLimit)
      if let stack = unsafe stack { unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
    }
  }

  deinit {
    unsafe pcre2_match_data_free_8(matchData)
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_jit_stack_free_8(stack)
  }

  /// The whole match from `start` on, or nil. `^` and look-behind see the bytes before `start`, if there are any.
  public func match(_ expression: RegularExpression, _ bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Range<
    Int
  >? {
    guard start >= 0, start <= bytes.count, let data = unsafe matchData else { return nil }
    expression.prepare()
    let base = unsafe bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 8)
    let status = unsafe pcre2_match_8(
      expression.code, base?.assumingMemoryBound(to: UInt8.self), bytes.count, start, 0, data, context)
    guard status >= 0 else {
      if status != PCRE2_ERROR_NOMATCH { limitHits += 1 }
      return nil
    }
    return capture(0)
  }

  public func match(_ expression: RegularExpression, _ bytes: RawSpan, from start: Int = 0) -> Range<Int>? {
    unsafe bytes.withUnsafeBytes { unsafe match(expression, $0, from: start) }
  }

  /// Where group `group` of the last successful match lies; nil when it took no part.
  public func capture(_ group: Int) -> Range<Int>? {
    guard group >= 0, group < Int(ExpressionWorkspace.captureLimit), let data = unsafe matchData,
      let places = unsafe pcre2_get_ovector_pointer_8(data)
    else { return nil }
    let (low, high) = unsafe (places[2 * group], places[2 * group + 1])
    guard low != Int.max, low >= 0, low != ~0, high >= low else { return nil }
    return low..<high
  }
}

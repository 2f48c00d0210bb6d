internal import CPCRE2
internal import Synchronization

/// A PCRE2 expression over bytes, compiled once and shared between workers.
///
/// The machine code is made at the first match, once, so that thousands of expressions that never run cost little.
@safe public final class RegularExpression: @unchecked Sendable {
  /// The flags of `/expression/flags`, by their PCRE2 meaning.
  @frozen public struct Options: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public static let caseless = Options(rawValue: 1)
    public static let multiline = Options(rawValue: 2)
    public static let dotAll = Options(rawValue: 4)
    public static let extended = Options(rawValue: 8)
    public static let anchored = Options(rawValue: 16)
    public static let dollarEndOnly = Options(rawValue: 32)
    public static let ungreedy = Options(rawValue: 64)
  }

  let code: OpaquePointer
  public let captureCount: Int
  /// Named groups with their numbers, by number.
  public let names: [(name: String, group: Int)]
  /// 0: machine code not made yet; 1: one worker makes it; 2: ready (or this processor has none).
  private let machineCode = Atomic<UInt8>(0)

  public init(_ text: [UInt8], _ options: Options = []) throws(PatternError) {
    var number: CInt = 0
    var offset = 0
    let code = unsafe text.withUnsafeBufferPointer {
      unsafe pcre2_compile_8($0.baseAddress, $0.count, options.flags, &number, &offset, nil)
    }
    guard let code = unsafe code else { throw PatternError(RegularExpression.text(of: number), position: offset) }
    unsafe self.code = code
    var captures: UInt32 = 0
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &captures)
    captureCount = Int(captures)
    names = unsafe RegularExpression.names(of: code)
  }

  public convenience init(_ text: String, _ options: Options = []) throws(PatternError) {
    try self.init(Array(text.utf8), options)
  }

  deinit { unsafe pcre2_code_free_8(code) }

  func prepare() {
    if machineCode.load(ordering: .acquiring) == 2 { return }
    let (mine, _) = machineCode.compareExchange(expected: 0, desired: 1, ordering: .acquiringAndReleasing)
    if mine {
      _ = unsafe pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
      machineCode.store(2, ordering: .releasing)
    }
    while machineCode.load(ordering: .acquiring) != 2 {}
  }

  private static func text(of error: CInt) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = unsafe buffer.withUnsafeMutableBufferPointer {
      unsafe pcre2_get_error_message_8(error, $0.baseAddress, $0.count)
    }
    return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(error)"
  }

  private static func names(of code: OpaquePointer) -> [(name: String, group: Int)] {
    var count: UInt32 = 0
    var width: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &width)
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table = unsafe table, width > 2 else { return [] }
    return (0..<Int(count)).map { index in
      let entry = unsafe table + index * Int(width)
      var name: [UInt8] = []
      var place = 2
      while place < Int(width), unsafe entry[place] != 0 {
        name.append(unsafe entry[place])
        place += 1
      }
      return (String(decoding: name, as: UTF8.self), unsafe Int(entry[0]) << 8 | Int(entry[1]))
    }.sorted { $0.group < $1.group }
  }
}

extension RegularExpression.Options {
  var flags: UInt32 {
    var flags: UInt32 = 0
    if contains(.caseless) { flags |= UInt32(PCRE2_CASELESS) }
    if contains(.multiline) { flags |= UInt32(PCRE2_MULTILINE) }
    if contains(.dotAll) { flags |= UInt32(PCRE2_DOTALL) }
    if contains(.extended) { flags |= UInt32(PCRE2_EXTENDED) }
    if contains(.anchored) { flags |= PCRE2_ANCHORED }
    if contains(.dollarEndOnly) { flags |= UInt32(PCRE2_DOLLAR_ENDONLY) }
    if contains(.ungreedy) { flags |= UInt32(PCRE2_UNGREEDY) }
    return flags
  }
}

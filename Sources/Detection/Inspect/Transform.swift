internal import PatternMatching

/// A change made to a buffer before it is inspected.
enum Transform: Hashable, Sendable {
  case dotPrefix, stripWhitespace, compressWhitespace, lowercase, uppercase, urlDecode, headerLowercase
  case xor([UInt8])
  /// The number of the expression among the rules'; what its first group captures is the buffer.
  case capture(Int32)
  case base64(bytes: Int, offset: Int)
}

/// Applies chains of transforms; one per worker, into its own memory.
final class TransformRunner {
  /// What one buffer may grow to; more is cut off.
  static let limit = 1 << 20

  private var front: [UInt8] = []
  private var back: [UInt8] = []
  private let chains: [[Transform]]
  private let expressions: [RegularExpression]
  private let workspace = ExpressionWorkspace()

  init(chains: [[Transform]], expressions: [RegularExpression]) {
    self.chains = chains
    self.expressions = expressions
  }

  /// The transformed bytes, valid inside `body`; nil when the chain leaves nothing to inspect.
  func withTransformed<R>(_ chain: Int32, _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer?) -> R) -> R
  {
    front.removeAll(keepingCapacity: true)
    unsafe front.append(contentsOf: bytes.prefix(TransformRunner.limit))
    for transform in chains[Int(chain)] {
      guard apply(transform) else { return body(nil) }
      swap(&front, &back)
    }
    return unsafe front.withUnsafeBytes { unsafe body($0) }
  }

  /// From `front` to `back`.
  private func apply(_ transform: Transform) -> Bool {
    back.removeAll(keepingCapacity: true)
    switch transform {
    case .dotPrefix:
      back.append(UInt8(ascii: "."))
      back.append(contentsOf: front)
    case .stripWhitespace: for byte in front where !TransformRunner.isSpace(byte) { back.append(byte) }
    case .compressWhitespace: compress()
    case .lowercase: for byte in front { back.append(LiteralSearch.lower(byte)) }
    case .uppercase: for byte in front { back.append(byte &- 0x61 < 26 ? byte & 0xdf : byte) }
    case .urlDecode: urlDecode()
    case .headerLowercase: headerLowercase()
    case .xor(let key): for (index, byte) in front.enumerated() { back.append(byte ^ key[index % key.count]) }
    case .capture(let expression): return capture(expression)
    case .base64(let bytes, let offset): return base64(bytes, offset)
    }
    return true
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

  private func compress() {
    var wasSpace = false
    for byte in front {
      let isSpace = TransformRunner.isSpace(byte)
      if !(isSpace && wasSpace) { back.append(byte) }
      wasSpace = isSpace
    }
  }

  private func urlDecode() {
    var index = 0
    while index < front.count {
      let byte = front[index]
      if byte == UInt8(ascii: "%"), index + 2 < front.count, let high = hex(front[index + 1]),
        let low = hex(front[index + 2])
      {
        back.append(high << 4 | low)
        index += 3
      } else {
        back.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
        index += 1
      }
    }
  }

  private func hex(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  /// Names up to the colon of each line; values stay.
  private func headerLowercase() {
    var isName = true
    for byte in front {
      if byte == UInt8(ascii: ":") { isName = false }
      if byte == UInt8(ascii: "\n") { isName = true }
      back.append(isName ? LiteralSearch.lower(byte) : byte)
    }
  }

  private func capture(_ expression: Int32) -> Bool {
    let found = unsafe front.withUnsafeBytes { unsafe workspace.match(expressions[Int(expression)], $0) }
    guard found != nil, let group = workspace.capture(1) else { return false }
    back.append(contentsOf: front[group])
    return true
  }

  private func base64(_ bytes: Int, _ offset: Int) -> Bool {
    guard offset < front.count else { return false }
    back.append(contentsOf: repeatElement(0, count: front.count))
    let length = unsafe front.withUnsafeBytes { source in
      unsafe back.withUnsafeMutableBufferPointer { target in
        let text = unsafe ByteView(source).dropFirst(offset).prefix(bytes)
        return unsafe target.baseAddress.map { unsafe Base64.decode(text, into: $0, limit: source.count) } ?? 0
      }
    }
    back.removeLast(back.count - length)
    return length > 0
  }
}

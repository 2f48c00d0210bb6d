/// RFC 3492 sections 6.2 and 6.3.
enum Punycode {
  static func encode(_ label: String) -> String? {
    let scalars = label.unicodeScalars.map { Int($0.value) }
    guard scalars.count <= 63 else { return nil }
    var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
    let basic = output.count
    var (n, delta, bias, handled) = (128, 0, 72, basic)
    if basic > 0 { output.append(UInt8(ascii: "-")) }
    while handled < scalars.count {
      guard let next = scalars.filter({ $0 >= n }).min() else { return nil }
      delta += (next - n) * (handled + 1)
      n = next
      for scalar in scalars {
        if scalar < n { delta += 1 }
        guard scalar == n else { continue }
        append(delta, bias, to: &output)
        bias = adapt(delta, handled + 1, first: handled == basic)
        delta = 0
        handled += 1
      }
      delta += 1
      n += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Nil where it is no encoding, or of more than a label's 63 characters.
  static func decode(_ text: some StringProtocol) -> String? {
    let bytes = Array(text.utf8)
    guard bytes.count <= 63, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    let delimiter = bytes.lastIndex(of: UInt8(ascii: "-"))
    var output = bytes[..<(delimiter ?? 0)].map { Unicode.Scalar($0) }
    var rest = bytes[(delimiter.map { $0 + 1 } ?? 0)...]
    var (n, i, bias) = (128, 0, 72)
    while !rest.isEmpty {
      let old = i
      var (weight, k) = (1, 36)
      while true {
        guard let byte = rest.popFirst(), let digit = number(byte) else { return nil }
        i += digit * weight
        let t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias
        if digit < t { break }
        weight *= 36 - t
        guard i <= limit, weight <= limit else { return nil }
        k += 36
      }
      bias = adapt(i - old, output.count + 1, first: old == 0)
      n += i / (output.count + 1)
      i %= output.count + 1
      guard n <= 0x10ffff, let scalar = Unicode.Scalar(UInt32(n)) else { return nil }
      output.insert(scalar, at: i)
      i += 1
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: output)
    return String(view)
  }

  /// 64 characters times all of Unicode: nothing beyond it can be a label, and no product of two overflows.
  private static let limit = 0x110000 * 64

  private static func number(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x61...0x7a: Int(byte) - 0x61
    case 0x41...0x5a: Int(byte) - 0x41
    case 0x30...0x39: Int(byte) - 0x30 + 26
    default: nil
    }
  }

  private static func append(_ delta: Int, _ bias: Int, to output: inout [UInt8]) {
    var (q, k) = (delta, 36)
    while true {
      let t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias
      guard q >= t else { break }
      output.append(digit(t + (q - t) % (36 - t)))
      q = (q - t) / (36 - t)
      k += 36
    }
    output.append(digit(q))
  }

  private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 97 : value - 26 + 48) }

  private static func adapt(_ delta: Int, _ count: Int, first: Bool) -> Int {
    var delta = first ? delta / 700 : delta / 2
    delta += delta / count
    var k = 0
    while delta > 455 {
      delta /= 35
      k += 36
    }
    return k + 36 * delta / (delta + 38)
  }
}

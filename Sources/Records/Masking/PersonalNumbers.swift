/// Numbers that name a person or an account, by their check digits.
enum PersonalNumbers {
  /// GB 11643: region, birth date, sequence, check character (MOD 11-2). 18 characters, the last may be `X`.
  static func isIdentity(_ text: ByteText) -> Bool {
    guard text.count == 18, let region = number(text, 0..<2), regions.contains(region),
      let year = number(text, 6..<10), (1900...2099).contains(year),
      let month = number(text, 10..<12), (1...12).contains(month),
      let day = number(text, 12..<14), (1...31).contains(day)
    else { return false }
    let weights: [17 of Int] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    var sum = 0
    for index in 0..<17 {
      guard let digit = digit(text[index]) else { return false }
      sum += digit * weights[index]
    }
    let expected = (12 - sum % 11) % 11
    let last = text[17]
    return expected == 10 ? last | 0x20 == UInt8(ascii: "x") : digit(last) == expected
  }

  /// Province codes of GB/T 2260, and 81-83 of the residence permits.
  private static let regions: Set<Int> = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62,
    63, 64, 65, 71, 81, 82, 83, 91,
  ]

  /// A mobile number of the mainland: 11 digits, 13 to 19 in front.
  static func isMobile(_ digits: [UInt8]) -> Bool {
    digits.count == 11 && digits[0] == 1 && digits[1] >= 3
  }

  /// A bank card: a known issuer's prefix with its length, and Luhn's check digit.
  static func isCard(_ digits: [UInt8]) -> Bool {
    guard (15...19).contains(digits.count) else { return false }
    let two = Int(digits[0]) * 10 + Int(digits[1])
    let isKnown: Bool
    switch two {
    case 62: isKnown = digits.count >= 16
    case 40...49, 51...55, 22...27, 60, 64, 65, 35: isKnown = digits.count == 16
    case 34, 37: isKnown = digits.count == 15
    default: isKnown = false
    }
    guard isKnown else { return false }
    var sum = 0
    for (index, digit) in digits.reversed().enumerated() {
      let doubled = Int(digit) * (index % 2 == 1 ? 2 : 1)
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }

  @inline(__always) static func digit(_ byte: UInt8) -> Int? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
  }
  private static func number(_ text: ByteText, _ range: Range<Int>) -> Int? {
    var value = 0
    for index in range {
      guard let digit = digit(text[index]) else { return nil }
      value = value * 10 + digit
    }
    return value
  }
}

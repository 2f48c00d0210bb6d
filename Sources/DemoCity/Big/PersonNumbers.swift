/// Numbers of persons who do not exist, with the check digits that real ones have.
enum PersonNumbers {
  /// GB 11643-1999: weights and the map of the remainder.
  static func identity(_ random: inout CityRandom) -> String {
    let day = random.below(28) + 1
    let month = random.below(12) + 1
    let text =
      "42010\(random.below(7) + 2)19\(50 + random.below(49))\(two(month))\(two(day))\(three(random.below(1000)))"
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(text.utf8, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
    return text + ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum % 11]
  }

  static func mobile(_ random: inout CityRandom) -> String {
    "13\(random.below(10))" + (0..<8).map { _ in String(random.below(10)) }.joined()
  }

  /// 19 digits with a check digit of ISO/IEC 7812-1 (Luhn).
  static func card(_ random: inout CityRandom) -> String {
    let digits = [6, 2, 2, 2, 0, 2] + (0..<12).map { _ in random.below(10) }
    let sum = digits.reversed().enumerated().reduce(0) { total, item in
      let doubled = item.element * (item.offset.isMultiple(of: 2) ? 2 : 1)
      return total + doubled / 10 + doubled % 10
    }
    return (digits + [(10 - sum % 10) % 10]).map(String.init).joined()
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  private static func three(_ number: Int) -> String { (number < 100 ? "0" : "") + two(number) }
}

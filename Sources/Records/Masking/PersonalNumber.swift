/// Numbers of persons and organisations as they stand in a text, by the same check digits that masking goes by.
package struct PersonalNumber: Hashable, Sendable {
  package enum Kind: Sendable { case identity, mobile, card, passport, company }
  package var kind: Kind
  /// Whole, without blanks: for counting, never for a record. `masked` is what may be shown.
  package var digits: String
  /// A word that names the kind stands before it in the text.
  package var isNamed: Bool

  /// Numbers found in one text at most.
  private static let limit = 20_000
  /// Bytes before a number in which its kind may be named.
  private static let reach = 48

  /// In the order of the text. A number touches no letter or digit; cards and phones may stand in groups.
  package static func all(in text: [UInt8]) -> [PersonalNumber] {
    var found: [PersonalNumber] = []
    var place = 0
    while place < text.count, found.count < limit {
      guard isAlphanumeric(text[place]) else {
        place += 1
        continue
      }
      var end = place
      while end < text.count, isAlphanumeric(text[end]) { end += 1 }
      let isFraction = place >= 2 && text[place - 1] == UInt8(ascii: ".") && isDigit(text[place - 2])
      if !isFraction, let (number, last) = number(in: text, place, end) {
        found.append(number)
        end = last
      }
      place = end
    }
    return found
  }

  private static func number(in text: [UInt8], _ start: Int, _ end: Int) -> (PersonalNumber, Int)? {
    let run = Array(text[start..<end])
    func made(_ kind: Kind, _ digits: [UInt8], named words: [String] = [], to last: Int? = nil) -> (PersonalNumber, Int)
    {
      let number = PersonalNumber(
        kind: kind, digits: String(decoding: digits, as: UTF8.self).uppercased(), isNamed: isNamed(text, start, words))
      return (number, last ?? end)
    }
    if run.count == 18, run.withText({ PersonalNumbers.isIdentity($0) }) { return made(.identity, run) }
    if run.count == 18, isCompany(run) { return made(.company, run) }
    if run.count == 9, isPassport(run) { return made(.passport, run, named: ["护照", "passport"]) }
    guard run.allSatisfy(isDigit), let (digits, last) = grouped(text, start, end) else { return nil }
    let values = digits.map { $0 - UInt8(ascii: "0") }
    if PersonalNumbers.isMobile(values) { return made(.mobile, digits, to: last) }
    if values.count == 13, values[0] == 8, values[1] == 6, PersonalNumbers.isMobile(Array(values.dropFirst(2))) {
      return made(.mobile, Array(digits.dropFirst(2)), to: last)
    }
    guard PersonalNumbers.isCard(values), Set(values).count > 3 else { return nil }
    return made(.card, digits, named: ["卡号", "银行", "账号", "帐号", "card"], to: last)
  }

  /// The run itself, or groups of three and four digits with one blank or hyphen between.
  private static func grouped(_ text: [UInt8], _ start: Int, _ end: Int) -> ([UInt8], Int)? {
    guard end - start == 3 || end - start == 4 else {
      return (11...19).contains(end - start) ? (Array(text[start..<end]), end) : nil
    }
    var (digits, last) = (Array(text[start..<end]), end)
    while last + 1 < text.count, text[last] == 0x20 || text[last] == UInt8(ascii: "-"), digits.count < 19 {
      var next = last + 1
      while next < text.count, isAlphanumeric(text[next]) { next += 1 }
      let group = text[last + 1..<next]
      guard (3...4).contains(group.count), group.allSatisfy(isDigit) else { break }
      digits += group
      last = next
    }
    return (11...19).contains(digits.count) ? (digits, last) : nil
  }

  /// GB 32100: 31 characters without I, O, S, V, Z; weights are powers of 3 modulo 31. A letter or a leading 91 tells
  /// it from other numbers of 18 digits.
  static func isCompany(_ run: [UInt8]) -> Bool {
    let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    let values = run.compactMap { alphabet.firstIndex(of: $0) }
    guard values.count == 18, "159ANY".utf8.contains(run[0]), run[2..<8].allSatisfy(isDigit) else { return false }
    var (sum, weight) = (0, 1)
    for value in values.dropLast() {
      sum += value * weight
      weight = weight * 3 % 31
    }
    return (31 - sum % 31) % 31 == values[17]
  }

  /// Ordinary E and G with eight characters, D, S, P and H, M of officials and of Hong Kong and Macao.
  private static func isPassport(_ run: [UInt8]) -> Bool {
    "EGDSPHM".utf8.contains(run[0]) && run.dropFirst(2).allSatisfy(isDigit)
      && (isDigit(run[1]) || (run[0] == UInt8(ascii: "E") && (0x41...0x5a).contains(run[1])))
  }

  private static func isNamed(_ text: [UInt8], _ start: Int, _ words: [String]) -> Bool {
    guard !words.isEmpty else { return false }
    let before = String(decoding: text[max(0, start - reach)..<start], as: UTF8.self).lowercased()
    return words.contains { before.contains($0) }
  }

  /// `4201**********01**`: the region, and two digits by which a page can be found again.
  package static func masked(_ digits: String) -> String {
    let characters = Array(digits)
    guard characters.count >= 11 else {
      return String(characters.prefix(1)) + String(repeating: "*", count: max(characters.count - 1, 0))
    }
    let shown = characters.count >= 15 ? 4 : 3
    return String(
      characters.enumerated().map { index, character in
        index < shown || (index >= characters.count - 4 && index < characters.count - 2) ? character : "*"
      })
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7a).contains(byte | 0x20)
  }
}

extension SecretNames {
  /// The names whose value opens something by itself: tokens and cookies that a page gives each visitor are not asked
  /// for.
  static let lasting = [
    "password", "passwd", "pwd", "secret", "secretkey", "accesskeysecret", "privatekey", "passphrase",
  ]
}

/// Whether a name in a script is that of a password or a secret key.
package func isLastingSecret(_ name: String) -> Bool {
  Array(name.utf8).withText { text in
    SecretNames.isSecret(text, strict: true)
      && SecretNames.lasting.contains { name.lowercased().filter { $0 != "_" && $0 != "-" }.hasSuffix($0) }
  }
}

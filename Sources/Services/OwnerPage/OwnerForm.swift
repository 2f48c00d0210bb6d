package import Records

/// What an owner sent by the page's form: the fields of an `application/x-www-form-urlencoded` body, held to what the
/// form can send.
package struct OwnerForm: Sendable, Hashable {
  package var act: OwnerAct.Kind
  package var name: String
  package var nonce: String
  package var text: String
  package var until: String

  /// What the person must do otherwise; the page says it in words.
  package enum Problem: Error, Sendable, Hashable, CaseIterable {
    /// Not what the form sends.
    case malformed
    case noName, longName, noReason, longText, noDate
  }

  /// The whole body; a page of text fits.
  package static let longestBody = 16 * 1024
  package static let longestName = 100
  package static let longestText = 2000
  /// The form has five.
  private static let mostFields = 16

  package static func read(_ body: [UInt8]) -> Result<OwnerForm, Problem> {
    guard body.count <= longestBody, let fields = fields(body) else { return .failure(.malformed) }
    guard let act = fields["act"].flatMap({ OwnerAct.Kind(rawValue: $0) }) else { return .failure(.malformed) }
    let form = OwnerForm(
      act: act, name: tidy(fields["name"] ?? "", keepsLines: false), nonce: fields["nonce"] ?? "",
      text: tidy(fields["text"] ?? "", keepsLines: true), until: fields["until"] ?? "")
    return form.problem.map { .failure($0) } ?? .success(form)
  }

  private var problem: Problem? {
    if name.count(where: { $0.isLetter || $0.isNumber }) < 2 { return .noName }
    if name.count > OwnerForm.longestName { return .longName }
    if text.count > OwnerForm.longestText { return .longText }
    switch act {
    case .dispute where text.isEmpty, .extend where text.isEmpty: return .noReason
    case .extend where !OwnerForm.isDate(until): return .noDate
    default: return nil
    }
  }

  package var ownerAct: OwnerAct {
    switch act {
    case .receive: .receive
    case .fix: .fix(text)
    case .extend: .extend(until: until, reason: text)
    case .dispute: .dispute(text)
    case .retest: .retest
    }
  }

  /// The fields of a form that was not taken, for the next one.
  package static func typed(_ body: [UInt8]) -> [String: String]? {
    guard body.count <= longestBody, let fields = fields(body) else { return nil }
    return fields.mapValues { String(tidy($0, keepsLines: true).prefix(longestText)) }
  }

  /// Nil where a field comes twice, there are too many, or a part is no UTF-8.
  static func fields(_ body: [UInt8]) -> [String: String]? {
    var result: [String: String] = [:]
    for part in body.split(separator: UInt8(ascii: "&")) {
      let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(sides[0]), let value = sides.count == 2 ? decoded(sides[1]) : "" else { return nil }
      guard result.updateValue(value, forKey: name) == nil, result.count <= mostFields else { return nil }
    }
    return result
  }

  private static func decoded(_ part: ArraySlice<UInt8>) -> String? {
    var bytes: [UInt8] = []
    var rest = part
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Without control characters and what turns the direction of writing; spaces at the ends are nobody's words.
  private static func tidy(_ text: String, keepsLines: Bool) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
      switch scalar.value {
      case 0x0a where keepsLines: scalars.append(scalar)
      case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029: scalars.append(" ")
      case 0x202a...0x202e, 0x2066...0x2069, 0x200b...0x200f, 0xfeff: break
      default: scalars.append(scalar)
      }
    }
    var rest = String(scalars)[...]
    while rest.first?.isWhitespace ?? false { rest.removeFirst() }
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    return String(rest)
  }

  /// `2026-12-01`, a day that there is, in this century.
  static func isDate(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard text.utf8.count == 10, parts.map(\.count) == [4, 2, 2] else { return false }
    let numbers = parts.compactMap { part in
      part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(Substring(part)) : nil
    }
    guard numbers.count == 3, (2000...2099).contains(numbers[0]), (1...12).contains(numbers[1]) else { return false }
    let isLeap = numbers[0] % 4 == 0
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[numbers[1] - 1]).contains(numbers[2])
  }
}

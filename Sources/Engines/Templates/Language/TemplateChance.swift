internal import Wire

/// What templates draw: nothing here is a secret, and the same seed gives the same run.
struct TemplateChance: RandomNumberGenerator {
  private var source: SeededRandom

  init(seed: UInt64) { source = SeededRandom(seed: seed) }

  mutating func next() -> UInt64 { source.next() }

  static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
  static let digits = Array("0123456789".utf8)

  mutating func word(_ length: Int, of alphabet: [UInt8]) -> [UInt8] {
    (0..<max(length, 0)).map { _ in alphabet.randomElement(using: &self) ?? UInt8(ascii: "a") }
  }

  /// `{{randstr}}`, `{{randstr_3}}`: as long as nuclei's, and the same wherever it stands in one run.
  static func string(seed: UInt64, name: String) -> [UInt8]? {
    guard isString(name) else { return nil }
    var mixed = seed ^ 0x7261_6e64_7374_7200
    for byte in name.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    var chance = TemplateChance(seed: mixed)
    return chance.word(27, of: letters + digits)
  }

  static func isString(_ name: String) -> Bool {
    guard name.hasPrefix("randstr") else { return false }
    let rest = name.dropFirst("randstr".count)
    return rest.isEmpty
      || (rest.count == 2 && rest.hasPrefix("_") && rest.last.map { ("0"..."9").contains($0) } == true)
  }
}

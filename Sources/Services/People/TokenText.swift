internal import Records

/// A token as its person has it: `vigil_` with eight hexadecimal digits that name it and 64 that are its secret.
///
/// The secret is 256 bits from the kernel, not a word that a person chose: nobody can try it out, so one SHA-256 keeps it
/// as well as a slow hash would, and a slow hash would let strangers keep the hub busy with wrong tokens. The name finds
/// the kept hash without comparing secrets; the hashes are compared in a time that does not depend on where they differ.
package struct TokenText: Sendable, Hashable {
  package static let prefix = "vigil_"
  package static let idDigits = 8
  package static let secretBytes = 32
  /// No longer text is looked at.
  package static let length = prefix.utf8.count + idDigits + 1 + 2 * secretBytes

  package let id: String
  package let secret: [UInt8]

  /// Nil where it has another form.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == TokenText.length, text.hasPrefix(TokenText.prefix) else { return nil }
    let parts = text.dropFirst(TokenText.prefix.count).split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == TokenText.idDigits, TokenText.bytes(parts[0]) != nil,
      let secret = TokenText.bytes(parts[1]), secret.count == TokenText.secretBytes
    else { return nil }
    id = String(parts[0])
    self.secret = secret
  }

  /// Of fresh random bytes: four for the name, the others for the secret.
  package init(random: [UInt8]) {
    precondition(random.count == 4 + TokenText.secretBytes, "a token is made of 36 random bytes")
    id = SHA256.hex(random.prefix(4))
    secret = Array(random.dropFirst(4))
  }

  package var text: String { "\(TokenText.prefix)\(id)_\(SHA256.hex(secret))" }
  package var hash: [UInt8] { SHA256.digest(secret) }

  /// Whether this is the secret that was kept, in the same time whatever the answer.
  package func matches(_ kept: [UInt8]) -> Bool {
    let own = hash
    guard own.count == kept.count else { return false }
    return zip(own, kept).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Lower-case hexadecimal digits in pairs.
  private static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    var result: [UInt8] = []
    var high: UInt8?
    for digit in text.utf8 {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        result.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? result : nil
  }
}

/// What stands in an `Authorization` header.
package enum BearerHeader {
  /// The token of `Bearer TOKEN`; nil for every other text.
  package static func token(_ text: String) -> TokenText? {
    guard text.utf8.count <= "bearer ".utf8.count + TokenText.length else { return nil }
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return TokenText(parts[1])
  }
}

internal import COpenSSL

/// Digests as lower-case hexadecimal digits, by OpenSSL; MurmurHash3 as search engines of devices write it.
enum TemplateDigests {
  static func call(
    _ function: TemplateFunction, _ arguments: TemplateArguments
  ) throws(EvaluationFailure) -> TemplateValue {
    if function == .mmh3 { return TemplateValue("\(Int32(bitPattern: murmur(try arguments.text(0))))") }
    if function == .hmac {
      let name = String(decoding: TemplateTexts.lower(try arguments.text(0)), as: UTF8.self)
      return try authenticated(name.filter { $0 != "-" }, try arguments.text(1), key: try arguments.text(2))
    }
    return try digest(function.rawValue, try arguments.text(0))
  }

  private static let names = ["md5", "sha1", "sha256", "sha512"]

  private static func digest(_ name: String, _ bytes: [UInt8]) throws(EvaluationFailure) -> TemplateValue {
    var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length = 0
    let done = unsafe EVP_Q_digest(nil, name, nil, bytes, bytes.count, &result, &length)
    guard done == 1, length <= result.count else { throw EvaluationFailure("OpenSSL here has no \(name)") }
    return .text(TemplateCoding.hex(result.prefix(length)))
  }

  /// `hmac(algorithm, text, key)`.
  private static func authenticated(
    _ name: String, _ bytes: [UInt8], key: [UInt8]
  ) throws(EvaluationFailure) -> TemplateValue {
    guard names.contains(name) else {
      throw EvaluationFailure("hmac knows \(names.joined(separator: ", ")), and not what it was given")
    }
    var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length = 0
    let capacity = result.count
    let done = unsafe EVP_Q_mac(
      nil, "HMAC", nil, name, nil, key, key.count, bytes, bytes.count, &result, capacity, &length)
    guard unsafe done != nil, length <= capacity else { throw EvaluationFailure("OpenSSL here has no HMAC of \(name)") }
    return .text(TemplateCoding.hex(result.prefix(length)))
  }

  /// MurmurHash3_x86_32 with seed 0.
  static func murmur(_ bytes: [UInt8]) -> UInt32 {
    var hash: UInt32 = 0
    func mixed(_ word: UInt32) -> UInt32 { rotated(word &* 0xcc9e_2d51, 15) &* 0x1b87_3593 }
    var offset = 0
    while offset + 4 <= bytes.count {
      let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
      hash = rotated(hash ^ mixed(word), 13) &* 5 &+ 0xe654_6b64
      offset += 4
    }
    var tail: UInt32 = 0
    for place in (offset..<bytes.count).reversed() { tail = tail << 8 | UInt32(bytes[place]) }
    if offset < bytes.count { hash ^= mixed(tail) }
    hash ^= UInt32(truncatingIfNeeded: bytes.count)
    hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
    hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
    return hash ^ hash >> 16
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
}

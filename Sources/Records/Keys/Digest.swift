internal import COpenSSL

/// SHA-256 and HMAC-SHA-256, by OpenSSL.
package enum SHA256 {
  package static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 32
    let done = unsafe EVP_Digest(bytes.baseAddress, bytes.count, &result, &length, EVP_sha256(), nil)
    precondition(done == 1 && length == 32, "OpenSSL has no SHA-256")
    return result
  }
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe digest($0) }
  }
  package static func hex(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.flatMap { [HexDigits.lower($0 >> 4), HexDigits.lower($0 & 15)] }, as: UTF8.self)
  }

  /// RFC 2104.
  package static func authenticate(_ message: UnsafeRawBufferPointer, key: [UInt8]) -> [UInt8] {
    let short = key.count > 64 ? digest(key) : key
    let block = short + [UInt8](repeating: 0, count: 64 - short.count)
    var inner = block.map { $0 ^ 0x36 }
    unsafe inner.append(contentsOf: message)
    return digest(block.map { $0 ^ 0x5c } + digest(inner))
  }
}

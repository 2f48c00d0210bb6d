internal import CLinux

extension [UInt8] {
  /// Whether the phrase's UTF-8 stands somewhere: bytes, not characters, which cost twenty times as much on every page.
  func contains(phrase: String) -> Bool { offset(of: Array(phrase.utf8)) != nil }

  /// Where the needle begins first, at `start` or behind; nil also for an empty needle.
  func offset(of needle: [UInt8], from start: Int = 0) -> Int? {
    guard start >= 0, !needle.isEmpty, start <= count, count - start >= needle.count else { return nil }
    return unsafe withUnsafeBytes { bytes in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
      return unsafe needle.withUnsafeBytes { needle -> Int? in
        guard let from = rest.baseAddress, let sought = needle.baseAddress,
          let found = unsafe vigil_find(from, rest.count, sought, needle.count)
        else { return nil }
        return unsafe start + (found - from)
      }
    }
  }
}

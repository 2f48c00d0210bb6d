/// OSC 52: the terminal puts a text on the clipboard, over ssh too. In base64, so that no text can end the sequence.
enum Clipboard {
  static func sequence(_ text: String) -> [UInt8] {
    Array("\u{1b}]52;c;\(base64(Array(text.utf8)))\u{7}".utf8)
  }

  static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var result = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let padded = Array(group) + [UInt8](repeating: 0, count: 3 - group.count)
      let bits = Int(padded[0]) << 16 | Int(padded[1]) << 8 | Int(padded[2])
      for place in 0..<4 {
        result.append(place <= group.count ? letters[bits >> (18 - 6 * place) & 63] : "=")
      }
    }
    return result
  }
}

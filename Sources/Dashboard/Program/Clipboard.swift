internal import Records

/// OSC 52: the terminal puts a text on the clipboard, over ssh too. In base64, so that no text can end the sequence.
enum Clipboard {
  static func sequence(_ text: String) -> [UInt8] {
    Array("\u{1b}]52;c;\(Base64Text.of(Array(text.utf8)))\u{7}".utf8)
  }
}

/// How far a dialogue with a mail server came: our last command, and the server's last answer to it (RFC 5321).
struct Dialogue: Sendable, Equatable {
  enum Stage: Sendable, Equatable {
    /// Nobody answered yet, or names, TLS and who we are were spoken of.
    case greeting
    case sender, recipient, content
  }
  private(set) var stage = Stage.greeting
  /// Of the last answer in this stage.
  private(set) var code: Int?
  private(set) var line = ""
  /// Where libcurl gives up it says goodbye first; the server's answer to that is not the one that counts.
  private var isOver = false
  static let longestLine = 512

  /// The beginning of what we said; it is never kept, since passwords are said too.
  mutating func said(_ beginning: some Collection<UInt8>) {
    let word = String(decoding: beginning, as: UTF8.self).uppercased()
    if word.hasPrefix("QUIT") { isOver = true }
    let next: Stage? =
      word.hasPrefix("MAIL FR")
      ? .sender : word.hasPrefix("RCPT TO") ? .recipient : word.hasPrefix("DATA") ? .content : nil
    guard let next else { return }
    stage = next
    code = nil
    line = ""
  }

  mutating func heard(_ answer: some Collection<UInt8>) {
    if isOver { return }
    let text = String(decoding: answer, as: UTF8.self)
    guard let number = Int(text.prefix(3)), (200...599).contains(number) else { return }
    code = number
    line = DispatchText.clean(text, keepsLines: false).split(separator: " ").joined(separator: " ")
  }

  /// The second number of an enhanced status (`5.7.1` is 7: a rule of the server's, not an address; RFC 3463).
  var enhancedSubject: Int? {
    let words = line.dropFirst(4).split(separator: " ")
    let parts = words.first?.split(separator: ".") ?? []
    return parts.count == 3 ? Int(parts[1]) : nil
  }
}

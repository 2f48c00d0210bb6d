internal import Services

/// One mail on its way to the mail server.
struct MailTransfer: Sendable {
  var url: String
  var needsTLS: Bool
  var user: String?
  var password: String?
  var from: String
  var to: String
  var message: [UInt8]
}

/// What a mail server's answers mean for the message.
enum MailVerdict {
  static func outcome(_ reply: Exchange.Reply) -> DeliveryOutcome {
    guard let failure = reply.failure else { return .accepted }
    let dialogue = reply.dialogue
    guard let code = dialogue.code, code >= 400 else {
      // Also where the connection broke between the message and the server's word: it may have it, and gets it again under
      // the same Message-ID.
      return .unavailable("the mail server: \(failure)", after: nil)
    }
    let words = "the mail server said \(dialogue.line)"
    if code == 421 { return .unavailable(words, after: nil) }
    switch (dialogue.stage, code) {
    case (.greeting, _): return .unavailable(words, after: nil)
    case (.sender, 552), (.content, 500...): return .refused(words)
    case (.sender, _): return .unavailable(words, after: nil)
    case (.recipient, 500...): return dialogue.enhancedSubject == 7 ? .refused(words) : .bounced(words)
    default: return .failed(words, after: nil)
    }
  }
}

internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// What the page behind a notice's link calls. The link's secret is all the right there is: it is looked up by its
/// hash, opens one notice, and ends ninety days after the notice did.
struct OwnerView: Sendable {
  var notice: Notice
  var organisation: BilingualText
  var documents: [NoticeDocument]
  /// Whose link it is.
  var contact: String
  var address: String
}

extension HubCore {
  /// Nil for a secret that opens nothing, whatever the reason: who guesses learns nothing.
  func ownerPage(_ secret: String) throws -> OwnerView? {
    guard let token = try token(secret) else { return nil }
    let notice = try store.notice(token.notice)
    return OwnerView(
      notice: notice,
      organisation: post(clock.now()).organisations[notice.organisation]?.name ?? BilingualText(notice.organisation),
      documents: try store.documents(ofNotice: notice.id), contact: token.contact, address: token.address)
  }

  private func token(_ secret: String) throws -> NoticeToken? {
    guard NoticeSecret.isWellFormed(secret), let token = try store.token(hash: NoticeSecret.hash(secret)) else {
      return nil
    }
    if let end = try store.notice(token.notice).closed?.at,
      clock.now() > end.advanced(seconds: NoticeToken.daysAfterEnd * 86_400)
    {
      return nil
    }
    return token
  }

  func receive(_ secret: String, name: String, from: String) throws -> Notice {
    try answer(secret, .receipt, name: name, from: from)
  }

  func stateFix(_ secret: String, name: String, from: String, text: String = "") throws -> Notice {
    try answer(secret, .fixed, name: name, from: from, text: text)
  }

  func askMoreTime(_ secret: String, until: Timestamp, name: String, from: String, text: String) throws -> Notice {
    try answer(secret, .moreTime, name: name, from: from, text: text, until: until)
  }

  func dispute(_ secret: String, name: String, from: String, text: String) throws -> Notice {
    try answer(secret, .dispute, name: name, from: from, text: text)
  }

  func askRetest(_ secret: String, name: String, from: String, text: String = "") throws -> Notice {
    try answer(secret, .retest, name: name, from: from, text: text)
  }

  /// `from`: the network address that the browser has.
  private func answer(
    _ secret: String, _ kind: NoticeAnswer.Kind, name: String, from: String, text: String = "",
    until: Timestamp? = nil
  ) throws -> Notice {
    guard let token = try token(secret) else {
      throw APIProblem(.notFound, "this link opens nothing", hint: "ask the office for a new one")
    }
    let now = clock.now()
    let notice = try store.notice(token.notice)
    let origin = "\(token.contact) <\(token.address)> at \(from.prefix(64))"
    let answer = NoticeAnswer(
      kind, name: name.trimmingSpaces, at: now, from: origin, text: text, until: until)
    let actor = Actor(name: "owner \(notice.organisation)", origin: "link of \(origin)")
    switch machine(now).apply(.answer(answer), to: notice, by: actor, at: now) {
    case .success(let step): return try take(step, over: notice, by: actor, at: now, from: token.address)
    case .failure(let refusal): throw APIProblem(refusal)
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return String(text)
  }
}

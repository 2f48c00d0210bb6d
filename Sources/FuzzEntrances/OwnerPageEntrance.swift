internal import Records
internal import Reports
internal import Services
internal import Wire

/// The owners' page, in process: first byte: a path, a query with headers, or the body of a form; what follows is it.
enum OwnerPageEntrance {
  static func run(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    switch first % 3 {
    case 0: path(String(decoding: rest, as: UTF8.self))
    case 1: headers(String(decoding: rest, as: UTF8.self))
    default: form(rest)
    }
  }

  private static func path(_ text: String) {
    guard let token = OwnerLink.token(path: text) else { return }
    precondition(text == "/n/" + token, "a token is the whole rest of its path")
    var nonces = FormNonces(key: Array(repeating: 7, count: 32))
    let now = Timestamp(seconds: 1_795_000_000)
    let nonce = nonces.issue(link: token, now: now, random: Array(text.utf8.prefix(16)))
    precondition(nonces.redeem(nonce, link: token + "x", now: now) == .foreign, "a form is of one link")
    precondition(nonces.redeem(nonce, link: token, now: now) == .good, "a form counts")
    precondition(nonces.redeem(nonce, link: token, now: now) == .used, "a form counts once")
  }

  private static func headers(_ text: String) {
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let language = OwnerLink.language(query: parts.first, accept: parts.dropFirst().first)
    precondition(language == nil || ["en", "zh"].contains(language), "the page has two languages")
    guard let peer = IPAddress("127.0.0.1"), let proxy = IPPrefix("127.0.0.0/8") else { return }
    let client = OwnerLink.client(peer: peer, forwarded: Array(parts.dropFirst(2)), proxies: [proxy])
    precondition(client == peer || !proxy.contains(client), "no proxy of ours is a client")
    var nonces = FormNonces(key: Array(repeating: 7, count: 32))
    precondition(
      nonces.redeem(text, link: "l", now: Timestamp(seconds: 0)) == .foreign, "nobody makes a form's number up")
  }

  /// Whatever was typed comes back as text, in both languages.
  private static func form(_ body: [UInt8]) {
    let typed = OwnerForm.typed(body) ?? [:]
    let draft = OwnerPageDraft(
      act: typed["act"].flatMap { OwnerAct.Kind(rawValue: $0) }, name: typed["name"] ?? "", text: typed["text"] ?? "",
      until: typed["until"] ?? "")
    if case .success(let form) = OwnerForm.read(body) {
      precondition(form.name.count <= OwnerForm.longestName && form.text.count <= OwnerForm.longestText, "bounds hold")
      precondition(!form.name.contains { $0.isNewline }, "a name is one line")
      precondition(form.ownerAct.kind == form.act, "an act is the one that was chosen")
    }
    let text = BilingualText(draft.text)
    let notice = NoticePage(
      number: draft.name, title: text, organisation: text, severity: .high, state: text,
      document: [.heading(text), .paragraph(text), .list([text]), .fact(text, text)])
    for language in TextLanguage.allCases {
      let page = OwnerPageWriter(language).page(notice, nonce: draft.until, note: .refused(text), draft: draft)
      precondition(tags(page) == OwnerPageEntrance.usual[language], "what was typed makes no markup")
    }
  }

  /// Begun and ended elements; what is typed can change none of it, but for line breaks and what is chosen.
  private static func tags(_ page: String) -> Int {
    page.utf8.count { $0 == UInt8(ascii: "<") } - page.matches(of: /<br>/).count
  }

  private static let usual: [TextLanguage: Int] = {
    var result: [TextLanguage: Int] = [:]
    let text = BilingualText("x")
    let notice = NoticePage(
      number: "x", title: text, organisation: text, severity: .high, state: text,
      document: [.heading(text), .paragraph(text), .list([text]), .fact(text, text)])
    for language in TextLanguage.allCases {
      result[language] = tags(OwnerPageWriter(language).page(notice, nonce: "x", note: .refused(text)))
    }
    return result
  }()
}

internal import Records

/// Whether an answer is a page of the site at all: an error, a firewall's page or an archive is not its content.
enum PageAnswer {
  struct Reading {
    var page: Page
    var isIncomplete: Bool
    var isFramed: Bool
  }
  struct Unreadable: Error { var reason: String }

  static func read(_ response: HTTPResponse) -> Result<Reading, Unreadable> {
    if let reason = refusal(response) { return .failure(Unreadable(reason: reason)) }
    let text = PageText.utf8(response.body, contentType: response.first("content-type"))
    return page(text).flatMap { page in
      if let name = PageWords.firewall(of: page) { return .failure(Unreadable(reason: "blocked by a WAF: \(name)")) }
      let told = response.first("content-length").flatMap { Int($0) }
      let isShort = told.map { $0 > response.bodyBytes } ?? false
      return .success(
        Reading(page: page, isIncomplete: response.isCut || isShort, isFramed: told == response.bodyBytes))
    }
  }

  static func page(_ text: [UInt8]) -> Result<Page, Unreadable> {
    do throws(PageMarkup.Failure) {
      return .success(try PageMarkup.read(text))
    } catch {
      let why = error == .tooSlow ? "time" : "memory"
      return .failure(Unreadable(reason: "the page's markup takes more \(why) than a page may: nested or repeated"))
    }
  }

  private static func refusal(_ response: HTTPResponse) -> String? {
    switch response.status {
    case 200..<300: break
    case 403, 405, 406, 412, 418, 429, 503, 521: return "blocked or limited: status \(response.status)"
    default: return "status \(response.status)"
    }
    if let coding = response.first("content-encoding")?.lowercased(), coding != "identity", !coding.isEmpty {
      return "the answer is compressed although nobody asked for it"
    }
    if let type = response.first("content-type")?.lowercased(), !type.isEmpty, !type.hasPrefix("text/html"),
      !type.hasPrefix("application/xhtml")
    {
      return "the answer is no HTML page"
    }
    return response.body.isEmpty ? "the page is empty" : nil
  }
}

extension PageWords {
  /// Text under which a page may be a firewall's, or a check for a browser.
  private static let firewallText = 1500
  private static let bareText = 40

  /// Whose page of refusal this is; nil for a page of the site.
  static func firewall(of page: Page) -> String? {
    guard page.visibleCount < firewallText else { return nil }
    let text = Array((page.title + "\n" + page.visibleText).lowercased().utf8)
    // Markup's phrases are looked for without their tags: text has none.
    let found = firewalls.first { $0.place != .script && text.contains(phrase: $0.phrase) }
    if let found { return found.name }
    guard page.visibleCount < bareText, page.links.isEmpty else { return nil }
    let scripts = page.scripts.map { Array(($0.source + "\n" + $0.body).utf8) }
    return firewalls.first { firewall in
      firewall.place != .text && scripts.contains { $0.contains(phrase: firewall.phrase) }
    }?.name
  }
}

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
      if let name = Firewalls.name(of: page) { return .failure(Unreadable(reason: "blocked by a WAF: \(name)")) }
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

/// Pages of web application firewalls and of checks for a browser, told by their own words on a short page.
enum Firewalls {
  private static let textLimit = 1500
  /// Phrase in the title or the text, and whose it is.
  private static let phrases: [(String, String)] = [
    ("attention required! | cloudflare", "Cloudflare"), ("just a moment...", "Cloudflare"),
    ("checking your browser before accessing", "a check for a browser"), ("您的请求带有不合法参数", "安全狗"),
    ("网站防火墙", "网站防火墙"), ("可能对网站造成安全威胁", "a WAF"), ("您的访问被拦截", "a WAF"), ("访问已被拦截", "a WAF"),
    ("您的ip已被封禁", "a WAF"), ("创宇盾", "创宇盾"), ("知道创宇云防御", "知道创宇"), ("安全验证", "a check for a person"),
    ("请完成安全验证", "a check for a person"), ("the requested url was rejected. please consult", "F5"),
    ("request unsuccessful. incapsula incident", "Imperva"), ("errors.aliyun.com", "阿里云盾"),
    ("web application firewall", "a WAF"), ("access denied", "access denied"),
  ]
  private static let scripts = ["__jsl_clearance", "acw_sc__v2", "_cf_chl_opt", "$_ts=window", "__cf_chl"]

  static func name(of page: Page) -> String? {
    guard page.visibleCount < textLimit else { return nil }
    let text = (page.title + "\n" + page.visibleText).lowercased()
    if let found = phrases.first(where: { text.contains($0.0) }) { return found.1 }
    let isBare = page.visibleCount < 40 && page.links.isEmpty
    let challenge = isBare && page.scripts.contains { script in scripts.contains { script.body.contains($0) } }
    return challenge ? "a check for a browser" : nil
  }
}

/// What an answer is before anything is concluded from it.
enum PageVerdict: Hashable {
  case page
  case empty
  /// What it says.
  case error(String)
  case parking(String)
  /// By whom, in words.
  case blocked(String)

  /// Bytes looked at; block and error pages are short.
  static let searched = 64 << 10
  /// A longer body with a firewall's words in it is a page that mentions them.
  static let blockPageLimit = 32 << 10

  init(_ response: HTTPResponse) {
    let text = String(decoding: response.body.prefix(PageVerdict.searched), as: UTF8.self).lowercased()
    let bytes = Array(text.utf8)
    if let firewall = PageVerdict.firewall(response, bytes) {
      self = .blocked(firewall)
    } else if response.status >= 400 {
      self = .error("status \(response.status)")
    } else if (300..<400).contains(response.status) {
      self = .page
    } else if !bytes.contains(where: { $0 > 0x20 }) {
      self = .empty
    } else if let phrase = PageWords.errors.first(where: { bytes.contains(phrase: $0) }), response.body.count < 16 << 10
    {
      self = .error("the page says \(PageVerdict.shown(phrase))")
    } else if let phrase = PageVerdict.empty(bytes) {
      self = .parking("the page says \(PageVerdict.shown(phrase))")
    } else {
      self = .page
    }
  }

  /// Who blocks us: by statuses that say so alone, by a head, or by words on a short page.
  private static func firewall(_ response: HTTPResponse, _ text: [UInt8]) -> String? {
    if response.first("cf-mitigated") != nil { return "Cloudflare, status \(response.status)" }
    if response.first("x-sucuri-block") != nil { return "Sucuri, status \(response.status)" }
    switch response.status {
    case 429: return "a rate limit, status 429"
    case 418: return "status 418"
    // Scripts that must run first: Ruishu answers 412 or 202, Jiasule 521.
    case 412, 202, 521:
      let names = response.values("set-cookie").compactMap { CookieLine($0)?.name }
      if names.contains(where: { $0.hasPrefix("__jsl_") }) { return "Jiasule, status \(response.status)" }
      if response.status == 412 { return "status 412" }
    default: break
    }
    guard response.bodyBytes <= blockPageLimit else { return nil }
    return PageWords.firewalls.first { $0.place == .markup && text.contains(phrase: $0.phrase) }
      .map { "\($0.name), status \(response.status)" }
  }

  /// A broker's words, or a server's own where nobody has set one up. A broker's stand on a short page; an article may
  /// have them.
  private static func empty(_ text: [UInt8]) -> String? {
    (text.count <= blockPageLimit ? PageWords.parking.first { text.contains(phrase: $0) } : nil)
      ?? PageWords.unconfigured.first { text.contains(phrase: $0) }
  }

  /// The phrase without its tags.
  private static func shown(_ phrase: String) -> String {
    var isTag = false
    let bare = phrase.filter { character in
      if character == "<" { isTag = true }
      defer { if character == ">" { isTag = false } }
      return !isTag
    }
    return "'\(bare)'"
  }
}

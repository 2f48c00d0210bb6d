/// What an answer tells of the products behind it.
struct Technologies {
  struct Product: Hashable {
    var name: String
    /// Empty where none is told.
    var version: String

    var shown: String { version.isEmpty ? name : "\(name) \(version)" }
  }

  private(set) var found: [Product] = []
  private static let limit = 24

  init(_ page: HTTPResponse, _ resources: PageResources?) {
    for head in ["server", "x-powered-by", "x-generator"] {
      for value in page.values(head) { read(banner: value) }
    }
    if let version = page.first("x-aspnet-version") { add("ASP.NET", version) }
    for cookie in page.values("set-cookie").compactMap({ CookieLine($0)?.name }) {
      if let known = Technologies.cookies.first(where: { cookie.hasPrefix($0.0) }) { add(known.1, "") }
    }
    if let generator = resources?.generator { read(generator: generator) }
    for resource in resources?.resources ?? [] where resource.kind == .script || resource.kind == .style {
      read(path: resource.address.lowercased())
    }
  }

  private static let cookies: [(String, String)] = [
    ("PHPSESSID", "PHP"), ("JSESSIONID", "Java servlets"), ("ASP.NET_SessionId", "ASP.NET"),
    ("ASPSESSIONID", "ASP"), ("laravel_session", "Laravel"), ("ci_session", "CodeIgniter"), ("csrftoken", "Django"),
    ("_rails", "Ruby on Rails"), ("connect.sid", "Express"), ("thinkphp_show_page_trace", "ThinkPHP"),
    ("rememberMe", "Apache Shiro"), ("wordpress_", "WordPress"), ("SSESS", "Drupal"), ("DedeUserID", "DedeCMS"),
  ]

  private static let folders: [(String, String)] = [
    ("/wp-content/", "WordPress"), ("/wp-includes/", "WordPress"), ("/sites/default/files/", "Drupal"),
    ("/_next/static/", "Next.js"), ("/layui/", "layui"), ("/dede/", "DedeCMS"), ("/phpcms/", "PHPCMS"),
    ("/_nuxt/", "Nuxt"), ("/static/js/chunk-vendors", "Vue"), ("/seeyon/", "Seeyon"),
  ]

  private static let libraries: [(String, String)] = [
    ("jquery", "jQuery"), ("bootstrap", "Bootstrap"), ("angular", "AngularJS"), ("vue", "Vue"), ("echarts", "ECharts"),
  ]

  /// RFC 9110 section 10.2.4: products with a slash before the version, comments in brackets.
  private mutating func read(banner: String) {
    var depth = 0
    let bare = banner.prefix(256).filter { character in
      if character == "(" { depth += 1 }
      defer { if character == ")" { depth = max(0, depth - 1) } }
      return depth == 0
    }
    for word in bare.split(whereSeparator: { $0 == " " || $0 == "," || $0 == ";" }) {
      let halves = word.split(separator: "/", maxSplits: 1)
      guard let name = halves.first, name.contains(where: \.isLetter) else { continue }
      add(String(name), halves.count == 2 ? String(halves[1]) : "")
    }
    // Jetty writes `Jetty(9.4.1.v2017)`, the version as a comment.
    if let open = banner.firstIndex(of: "("), banner[..<open].lowercased() == "jetty" {
      add("Jetty", String(banner[banner.index(after: open)...].prefix { $0 != ")" }))
    }
  }

  /// `WordPress 6.4.2`, `Drupal 7 (https://...)`, `Joomla! - Open Source ...`.
  private mutating func read(generator: String) {
    let words = generator.split(separator: " ")
    guard let name = words.first else { return }
    let version = words.dropFirst().first.map { String($0) } ?? ""
    add(name.filter { $0 != "!" }, version.first?.isNumber == true ? version : "")
  }

  private mutating func read(path: String) {
    if let known = Technologies.folders.first(where: { path.contains($0.0) }) { add(known.1, "") }
    guard let file = path.prefix(while: { $0 != "?" && $0 != "#" }).split(separator: "/").last, file.hasSuffix(".js"),
      let library = Technologies.libraries.first(where: { file.hasPrefix($0.0) })
    else { return }
    // `jquery-3.6.0.min.js`, `vue@2.6.14.js`, or a folder before the file: `/jquery/1.11.1/jquery.min.js`.
    let rest = file.dropFirst(library.0.count)
    let named = rest.first == "-" || rest.first == "@" ? Technologies.version(rest.dropFirst()) : ""
    let isPlain = rest == ".js" || rest == ".min.js"
    guard !named.isEmpty || isPlain else { return }
    let folder = path.prefix(while: { $0 != "?" && $0 != "#" }).split(separator: "/").dropLast().last ?? ""
    let part = folder.split(separator: "@").last ?? ""
    add(library.1, named.isEmpty ? Technologies.version(part) : named)
  }

  /// At least two numbers: `3` alone is as likely a counter.
  static func version(_ text: some StringProtocol) -> String {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let parts = digits.split(separator: ".")
    return parts.count >= 2 ? parts.prefix(4).joined(separator: ".") : ""
  }

  private mutating func add(_ name: String, _ version: String) {
    let name = String(name.prefix(40)).filter { $0.isASCII && !$0.isNewline }
    let version = String(version.prefix(24)).filter { $0.isASCII && !$0.isWhitespace }
    guard !name.isEmpty, found.count < Technologies.limit else { return }
    if let index = found.firstIndex(where: { $0.name.lowercased() == name.lowercased() }) {
      if found[index].version.isEmpty { found[index].version = version }
    } else {
      found.append(Product(name: name, version: version))
    }
  }

  var facts: [Fact] {
    found.isEmpty ? [] : [Fact("technologies", found.map(\.shown).joined(separator: ", "))]
  }
}

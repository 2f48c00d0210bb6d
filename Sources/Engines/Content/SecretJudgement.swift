internal import PatternMatching
internal import Records

/// Keys and passwords that a page gives away. Each form is strict: a page is full of long words that open nothing.
struct SecretJudgement {
  let pages: [Page]

  var answers: [CheckAnswer] {
    let finder = SecretForms()
    var found: [String: [String]] = [:]
    for page in pages {
      for (text, isScript) in SecretJudgement.texts(page) {
        for (check, evidence) in finder.all(in: text, isScript: isScript) where found[check, default: []].count < 8 {
          if found[check]?.contains(evidence) != true { found[check, default: []].append(evidence) }
        }
      }
    }
    return SecretForms.checks.map { id in
      let seen = "\(pages.count) page\(pages.count == 1 ? "" : "s")"
      return CheckAnswer(id, found[id] == nil ? .no : .yes, found[id]?.joined(separator: ", ") ?? seen)
    }
  }

  private static func texts(_ page: Page) -> [(String, Bool)] {
    page.scripts.map { ($0.body, true) } + page.comments.map { ($0, true) } + page.blocks.map { ($0.text, false) }
  }
}

/// The forms: what begins like one is looked at closely.
struct SecretForms {
  static let checks = [
    "content.secret.key", "content.secret.connection", "content.secret.password", "content.secret.token",
  ]

  private static func expression(_ text: String) -> RegularExpression? { try? RegularExpression(text) }
  private static let forms: [(check: String, name: String, RegularExpression?)] = [
    (
      "content.secret.key", "private key",
      expression(
        "-----BEGIN (?:RSA |EC |OPENSSH |DSA |ENCRYPTED )?PRIVATE KEY-----[\\\\nr\\s\"'+]{1,16}[A-Za-z0-9+/=]{40}")
    ),
    (
      "content.secret.key", "AWS access key", expression("(?<![A-Za-z0-9+/])A(?:KIA|SIA)[A-Z2-7]{16}(?![A-Za-z0-9+/=])")
    ),
    (
      "content.secret.key", "Aliyun access key",
      expression("(?<![A-Za-z0-9+/])LTAI[A-Za-z0-9]{12,26}(?![A-Za-z0-9+/=])")
    ),
    (
      "content.secret.key", "Tencent Cloud secret id",
      expression("(?<![A-Za-z0-9+/])AKID[A-Za-z0-9]{32}(?![A-Za-z0-9+/=])")
    ),
    (
      "content.secret.connection", "database address",
      expression(
        "(?:mysql|postgres(?:ql)?|mongodb(?:\\+srv)?|redis|amqps?|sqlserver|oracle)://[^\\s/:@\"'<>]{0,64}:[^\\s/@\"'<>$*{]{3,128}@[A-Za-z0-9.-]{3,128}"
      )
    ),
    (
      "content.secret.connection", "connection string",
      expression(
        "(?i)(?:data source|server|host)\\s*=[^;\"'<>]{2,80};[^\"'<>]{0,200}?(?:password|pwd)\\s*=\\s*[^;\"'<>\\s*{$]{3,80}"
      )
    ),
    (
      "content.secret.connection", "JDBC address",
      expression("jdbc:[a-z]+:[^\\s\"'<>]{4,200}[?&;]password=[^\\s&;\"'<>*{$]{3,80}")
    ),
    (
      "content.secret.token", "JWT",
      expression(
        "(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,1000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{20,1000}(?![A-Za-z0-9_-])"
      )
    ),
  ]
  private static let assignment = expression(
    "([A-Za-z_][A-Za-z0-9_-]{2,39})[\"']?\\s*[:=]\\s*(?:\"([^\"\\\\\\r\\n]{6,128})\"|'([^'\\\\\\r\\n]{6,128})')")
  /// Every form was understood.
  static var isWhole: Bool { assignment != nil && forms.allSatisfy { $0.2 != nil } }
  /// Matches looked at in one text: a page of configuration has some dozens.
  private static let limit = 2000

  /// Enough for every place of a megabyte, and an end for expressions that go astray.
  private let workspace = ExpressionWorkspace(matchLimit: 2_000_000, depthLimit: 10_000)

  /// Check and evidence: the kind and the length, nothing of the secret.
  func all(in text: String, isScript: Bool) -> [(String, String)] {
    var found: [(String, String)] = []
    let bytes = Array(text.utf8)
    guard bytes.count >= 16 else { return found }
    for (check, name, expression) in SecretForms.forms {
      guard let expression, let range = first(expression, bytes)?[0] else { continue }
      if bytes[range].firstRange(of: Array("EXAMPLE".utf8)) != nil { continue }
      found.append((check, "\(name) of \(range.count) characters"))
    }
    if isScript, let password = password(in: bytes) { found.append(("content.secret.password", password)) }
    return found
  }

  /// `name: "value"` where the name ends like a secret's and the value looks like one.
  private func password(in bytes: [UInt8]) -> String? {
    guard let assignment = SecretForms.assignment else { return nil }
    var place = 0
    for _ in 0..<SecretForms.limit {
      guard let groups = first(assignment, bytes, from: place), let name = groups[1], let whole = groups[0] else {
        return nil
      }
      place = max(whole.upperBound, place + 1)
      guard let value = groups[2] ?? groups[3] else { continue }
      let text = String(decoding: bytes[name], as: UTF8.self)
      guard isLastingSecret(text), SecretForms.looksSecret(Array(bytes[value])) else { continue }
      return "\(Shown.text(text, limit: 40)) of \(value.count) characters"
    }
    return nil
  }

  /// Printable ASCII without blanks, of at least two kinds of characters, and no selector, address, message or name.
  static func looksSecret(_ value: [UInt8]) -> Bool {
    guard value.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), let first = value.first else { return false }
    if "#./${<[(?&%".utf8.contains(first) { return false }
    let text = String(decoding: value, as: UTF8.self).lowercased()
    let placeholders = [
      "password", "passwd", "pwd", "secret", "xxx", "***", "your", "example", "input", "http", "null", "undefined",
      "encrypt", "login",
    ]
    if placeholders.contains(where: { text.contains($0) }) { return false }
    let hasDigit = value.contains { (0x30...0x39).contains($0) }
    let hasUpper = value.contains { (0x41...0x5a).contains($0) }
    let hasLower = value.contains { (0x61...0x7a).contains($0) }
    let hasSign = value.contains { "!@#$%^&*+=~?".utf8.contains($0) }
    return (hasDigit || hasSign) && (hasUpper || hasLower || hasSign) && Set(value).count >= 5
  }

  private func first(_ expression: RegularExpression, _ bytes: [UInt8], from start: Int = 0) -> [Range<Int>?]? {
    unsafe bytes.withUnsafeBytes { raw -> [Range<Int>?]? in
      guard unsafe workspace.match(expression, raw, from: start) != nil else { return nil }
      return (0...3).map { $0 <= expression.captureCount ? workspace.capture($0) : nil }
    }
  }
}

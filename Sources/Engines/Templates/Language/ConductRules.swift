/// What a request would do besides reading, by its method, its fields and its words. The words are looked for as they
/// are written and with percent signs, comments and `${IFS}` undone, twice over. It is a net for honest templates, not
/// a wall against a hostile author: those who may write templates are named in the configuration.
enum ConductRules {
  struct Finding: Hashable {
    var kind: TemplateRefusal.Kind
    /// A sentence, lower case.
    var reason: String
    init(_ kind: TemplateRefusal.Kind, _ reason: String) { (self.kind, self.reason) = (kind, reason) }
  }

  // MARK: - Methods

  private static let reading: Set<String> = ["GET", "HEAD", "OPTIONS"]
  private static let writing: Set<String> = [
    "PUT", "DELETE", "PATCH", "MKCOL", "MOVE", "COPY", "LOCK", "UNLOCK", "PROPPATCH", "MKCALENDAR", "BIND", "UNBIND",
    "REBIND", "ACL", "CHECKIN", "CHECKOUT", "MERGE", "LINK", "UNLINK", "PURGE", "BAN",
  ]

  static func method(_ method: String) -> Finding? {
    switch method.uppercased() {
    case let name where reading.contains(name): nil
    case let name where writing.contains(name): Finding(.writes, "\(name) changes what is on the site")
    case "CONNECT": Finding(.callsOutside, "CONNECT makes the site call another host")
    case "POST": Finding(.posts, "POST may change what is on the site")
    case let name: Finding(.unusualMethod, "\(name) is no method that a visitor uses")
    }
  }

  /// `X-HTTP-Method-Override: DELETE` is DELETE.
  static func field(_ name: String, _ value: String) -> Finding? {
    let name = name.lowercased()
    guard name.hasPrefix("x-"), name.contains("method"), let finding = method(value), finding.kind == .writes else {
      return nil
    }
    return Finding(.writes, "the field \(name) makes the request a \(value.uppercased())")
  }

  // MARK: - Words

  static func words(in text: String) -> [Finding] {
    var findings: [Finding] = []
    let matching = TemplateMatching()
    for form in forms(of: text) {
      for rule in HarmfulWords.rules where rule.isBroken(by: form, matching) {
        let finding = Finding(rule.kind, rule.reason)
        if !findings.contains(finding) { findings.append(finding) }
      }
    }
    return findings
  }

  /// As written, undone once, undone twice; and what base64 or hexadecimal hides in it where that is text.
  static func forms(of text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    var forms = [bytes]
    for _ in 0..<2 {
      let plain = undone(forms[forms.count - 1])
      if plain != forms.last { forms.append(plain) }
    }
    return forms
  }

  private static func undone(_ bytes: [UInt8]) -> [UInt8] {
    let plain = TemplateCoding.unescaped(bytes, isStrict: false) ?? bytes
    guard plain.contains(UInt8(ascii: "*")) || plain.contains(UInt8(ascii: "$")) else { return plain }
    var (result, place): ([UInt8], Int) = ([], 0)
    var lastClose = plain.count
    while place < plain.count {
      if let end = gap(plain, place, &lastClose) {
        result.append(0x20)
        place = end
      } else {
        result.append(plain[place])
        place += 1
      }
    }
    return result
  }

  private static let separators = ["${IFS}", "$IFS$9", "$IFS"].map { Array($0.utf8) }

  /// Where a comment or `${IFS}` that begins here ends. Behind `lastClose` no comment is closed any more.
  private static func gap(_ bytes: [UInt8], _ place: Int, _ lastClose: inout Int) -> Int? {
    let rest = bytes[place...]
    if rest.first == UInt8(ascii: "$") {
      return separators.first { rest.starts(with: $0) }.map { place + $0.count }
    }
    guard place < lastClose, rest.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "*")]) else { return nil }
    guard let close = TemplateMatching.place(of: Array("*/".utf8), in: bytes, from: place + 2) else {
      lastClose = place
      return nil
    }
    return close + 2
  }
}

internal import Records
internal import Wire

/// A security.txt (RFC 9116): where a finder of a weakness turns to.
package struct SecurityText: Hashable {
  private(set) var contacts: [String] = []
  private(set) var expires: [String] = []
  private(set) var isSigned = false

  /// RFC 9116 section 5.8 lets a reader be content with 32 KiB.
  static let limit = 32 << 10

  package init(_ text: String) {
    for line in text.prefix(SecurityText.limit).split(whereSeparator: \.isNewline) {
      // Cleartext signatures (RFC 9580 section 7.2) put "- " before a line that begins with a dash.
      let line = line.hasPrefix("- ") ? line.dropFirst(2) : line
      if line.hasPrefix("-----BEGIN PGP SIGNED MESSAGE") { isSigned = true }
      if line.hasPrefix("-----BEGIN PGP SIGNATURE") { return }
      guard !line.hasPrefix("#"), let colon = line.firstIndex(of: ":") else { continue }
      let value = String(line[line.index(after: colon)...]).trimmingSpace
      switch line[..<colon].lowercased() {
      case "contact": if contacts.count < 16 { contacts.append(value) }
      case "expires": if expires.count < 2 { expires.append(value) }
      default: break
      }
    }
  }

  var end: Timestamp? { expires.count == 1 ? Timestamp(text: expires[0]) : nil }

  /// What the RFC demands and the file lacks; nil where nothing.
  package var fault: String? {
    if contacts.isEmpty { return "no Contact" }
    let isAddress = contacts.contains { contact in
      ["mailto:", "https://", "tel:"].contains { contact.lowercased().hasPrefix($0) }
    }
    if !isAddress { return "no Contact is a mailto, https or tel address" }
    switch expires.count {
    case 0: return "no Expires"
    case 1: return end == nil ? "Expires is no date of RFC 3339" : nil
    default: return "Expires stands twice"
    }
  }

  /// Answers from what `/.well-known/security.txt` got.
  static func answers(_ result: Result<HTTPResponse, ConnectionFailure>, now: Timestamp) -> [CheckAnswer] {
    let ids = ["http.security_txt.missing", "http.security_txt.invalid", "http.security_txt.expired"]
    func open(_ reason: String) -> [CheckAnswer] { ids.map { CheckAnswer($0, .notDetermined(reason: reason)) } }
    func absent(_ status: Int) -> [CheckAnswer] {
      [CheckAnswer(ids[0], .yes, "status \(status)")]
        + ids.dropFirst().map {
          CheckAnswer($0, .notDetermined(reason: "does not apply: there is no security.txt"))
        }
    }
    guard case .success(let response) = result else {
      if case .failure(let failure) = result { return open(failure.sentence) }
      return open("not seen")
    }
    if case .blocked(let by) = PageVerdict(response) { return open("blocked by a WAF: \(by)") }
    let text = SecurityText(String(decoding: response.body, as: UTF8.self))
    let isHTML = response.first("content-type")?.lowercased().hasPrefix("text/html") ?? false
    switch response.status {
    case 200 where !isHTML && (!text.contacts.isEmpty || !text.expires.isEmpty): break
    case 200, 400, 404, 410:
      return absent(response.status)
    // To a page, mostly the first one, as for any path that is not there.
    case 300..<400:
      let isMoved = response.first("location")?.lowercased().hasSuffix("security.txt") ?? false
      return isMoved ? open("security.txt is redirected, which is not followed") : absent(response.status)
    default: return open("status \(response.status)")
    }
    let isExpired = text.end.map { $0 < now }
    return [
      CheckAnswer(ids[0], .no, text.isSigned ? "signed" : ""),
      CheckAnswer(ids[1], text.fault == nil ? .no : .yes, text.fault ?? ""),
      CheckAnswer(
        ids[2], isExpired.map { $0 ? .yes : .no } ?? .notDetermined(reason: "does not apply: Expires cannot be read"),
        text.end.map { "Expires: \($0.text.prefix(10))" } ?? ""),
    ]
  }
}

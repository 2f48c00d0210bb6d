/// From a form to a request: every name filled in, and nothing in it that leads elsewhere.
extension TemplateRun {
  /// As servers take it.
  static let pathLimit = 8192
  static let fieldLimit = 8192
  /// A form, not a file.
  static let bodyLimit = 256 << 10

  static func values(of target: TemplateTarget) -> [String: TemplateValue] {
    let base = target.basePath
    let file = base.split(separator: "/").last.map(String.init) ?? ""
    return [
      "BaseURL": TemplateValue(target.root + base), "RootURL": TemplateValue(target.root),
      "Hostname": TemplateValue(target.authority), "Host": TemplateValue(target.host),
      "FQDN": TemplateValue(target.host), "Port": TemplateValue("\(target.port)"),
      "Path": TemplateValue(base), "File": TemplateValue(file), "Scheme": TemplateValue(target.scheme),
    ]
  }

  mutating func plan(
    _ form: TemplateRequest.Form, of request: TemplateRequest
  ) throws(EvaluationFailure) -> PlannedRequest {
    let method = String(decoding: try evaluation.bytes(form.method), as: UTF8.self).uppercased()
    guard RawRequestText.isToken(method), method.utf8.count <= 20 else {
      throw EvaluationFailure("the request's method is no word of HTTP")
    }
    let path = try path(form, mergesPath: request.mergesPath)
    let headers = try headers(form)
    var body: [UInt8] = []
    if let text = form.body { body = try evaluation.bytes(text) }
    guard body.count <= TemplateRun.bodyLimit else {
      throw EvaluationFailure("the request's body has more than \(TemplateRun.bodyLimit >> 10) KiB, the limit")
    }
    var planned = PlannedRequest(
      method: method, path: path, headers: headers, body: body, followsRedirects: request.followsRedirects,
      redirectLimit: request.redirectLimit)
    for payload in request.payloads {
      guard case .text(let value)? = evaluation.scope.values[payload.name] else { continue }
      planned.payload[payload.name] = String(decoding: value.prefix(256), as: UTF8.self)
    }
    if form.isComposed, let objection = ConductRules.objection(to: planned, of: target, isAllowed: isAllowed) {
      throw EvaluationFailure("the request is not asked: \(objection.reason)")
    }
    if request.keepsCookies { addCookies(to: &planned.headers) }
    return planned
  }

  // MARK: - Path

  private mutating func path(
    _ form: TemplateRequest.Form, mergesPath: Bool
  ) throws(EvaluationFailure) -> String {
    let text = TemplateRun.sendable(try evaluation.bytes(form.path))
    guard text.utf8.count <= TemplateRun.pathLimit else {
      throw EvaluationFailure("the request's path has more than \(TemplateRun.pathLimit) bytes, the limit")
    }
    let roots = ["http", "https"].map { "\($0)://\(target.authority)" }
    if let root = roots.first(where: { text.hasPrefix($0) }) {
      let rest = String(text.dropFirst(root.count))
      if rest.isEmpty { return "/" }
      if rest.hasPrefix("?") { return "/" + rest }
      guard rest.hasPrefix("/") else { throw EvaluationFailure("the request's path does not lie on the target") }
      return rest
    }
    guard text.hasPrefix("/") else { throw EvaluationFailure("the request's path does not lie on the target") }
    let base = target.basePath
    guard form.isRaw, mergesPath, !base.isEmpty, text != base, !text.hasPrefix(base + "/") else { return text }
    return base + text
  }

  /// Spaces, control characters and bytes beyond ASCII with their percent signs.
  private static func sendable(_ bytes: [UInt8]) -> String {
    guard !bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { return String(decoding: bytes, as: UTF8.self) }
    var text = ""
    for byte in bytes {
      if (0x21...0x7e).contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }

  // MARK: - Fields

  private mutating func headers(_ form: TemplateRequest.Form) throws(EvaluationFailure) -> [HeaderLine] {
    var lines: [HeaderLine] = []
    for line in form.headers {
      let name = String(decoding: try evaluation.bytes(line.name), as: UTF8.self)
      let value = try evaluation.bytes(line.value)
      guard RawRequestText.isToken(name), !RawRequestText.refusedFields.contains(name.lowercased()) else {
        throw EvaluationFailure("a field of the request has a name that is not sent")
      }
      guard value.count <= TemplateRun.fieldLimit, value.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
        throw EvaluationFailure("a field of the request holds a line break, or is too long")
      }
      lines.append(HeaderLine(name, String(decoding: value, as: UTF8.self)))
    }
    lines.removeAll { $0.name.lowercased() == "host" && isOwnHost($0.value) }
    return lines
  }

  /// What the site set is its own business: no rule about words looks at it.
  private func addCookies(to lines: inout [HeaderLine]) {
    guard let kept = cookies.field else { return }
    if let index = lines.firstIndex(where: { $0.name.lowercased() == "cookie" }) {
      lines[index].value += "; " + kept
    } else {
      lines.append(HeaderLine("Cookie", kept))
    }
  }

  private func isOwnHost(_ value: String) -> Bool {
    let host = value.lowercased()
    let own = target.authority.lowercased()
    return host == own || host == target.host.lowercased() || host == "\(target.host.lowercased()):\(target.port)"
  }
}

/// What is shown of a match, in a line: where, by which matcher, and versions. Whatever else a template takes out of an
/// answer may be a secret, and stays with the site.
enum TemplateEvidence {
  private static let pathLimit = 160

  static func line(_ request: PlannedRequest, matcher: String?, _ extracted: [String]) -> String {
    var parts = [ToolText.line("\(request.method) \(request.path)", limit: pathLimit)]
    if let matcher, !matcher.isEmpty { parts.append(ToolText.line(matcher, limit: 80)) }
    let versions = extracted.filter(isVersion)
    if !versions.isEmpty { parts.append("version " + versions.prefix(3).joined(separator: ", ")) }
    let others = extracted.count - versions.count
    if others > 0 { parts.append("\(others) values taken out, not shown") }
    return parts.joined(separator: "; ")
  }

  /// `1.4.2`, `2.0.0-rc1`: begins with two numbers.
  static func isVersion(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 24 && parts.count >= 2
      && parts.prefix(2).allSatisfy { $0.utf8.count <= 5 && $0.first.map { ("0"..."9").contains($0) } == true }
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
        default: false
        }
      }
  }
}

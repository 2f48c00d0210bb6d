/// One serialized Content-Security-Policy (CSP Level 3 section 2.2.1): the first of a directive counts.
package struct CSPolicy: Hashable {
  private(set) var directives: [String: [String]] = [:]
  private(set) var duplicates: [String] = []
  /// Names that no level of CSP knows: mostly a slip that leaves a page unprotected.
  private(set) var unknown: [String] = []

  /// A policy of more directives is a flood; the head's own limit bounds their length.
  private static let directiveLimit = 64

  package init(_ text: some StringProtocol) {
    for part in text.split(separator: ";") {
      let words = part.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\u{c}" })
      guard let name = words.first?.lowercased() else { continue }
      guard directives[name] == nil else {
        duplicates.append(name)
        continue
      }
      guard directives.count < CSPolicy.directiveLimit else { return }
      directives[name] = words.dropFirst().map { $0.lowercased() }
      if !CSPolicy.known.contains(name) { unknown.append(name) }
    }
  }

  /// As it counts in a page's own meta element (CSP3 section 3.3).
  func inMeta() -> CSPolicy {
    var policy = self
    for name in ["frame-ancestors", "report-uri", "sandbox"] { policy.directives[name] = nil }
    return policy
  }

  /// A header line holds any number of policies, told apart by commas.
  package static func list(_ lines: [String]) -> [CSPolicy] {
    lines.flatMap { $0.split(separator: ",") }.map { CSPolicy($0) }.filter { !$0.directives.isEmpty }
  }

  /// The sources that hold for scripts as elements.
  var scripts: [String]? { directives["script-src-elem"] ?? directives["script-src"] ?? directives["default-src"] }
  var objects: [String]? { directives["object-src"] ?? directives["default-src"] }

  /// Fetch directives whose breadth lets code or whole documents in.
  static let powerful = [
    "default-src", "script-src", "script-src-elem", "script-src-attr", "object-src", "frame-src", "child-src",
    "worker-src", "connect-src",
  ]

  private static let known: Set<String> = [
    "child-src", "connect-src", "default-src", "fenced-frame-src", "font-src", "frame-src", "img-src", "manifest-src",
    "media-src", "object-src", "prefetch-src", "script-src", "script-src-attr", "script-src-elem", "style-src",
    "style-src-attr", "style-src-elem", "worker-src", "base-uri", "sandbox", "form-action", "frame-ancestors",
    "navigate-to", "report-to", "report-uri", "require-sri-for", "require-trusted-types-for", "trusted-types",
    "upgrade-insecure-requests", "block-all-mixed-content", "plugin-types", "referrer", "reflected-xss",
    "webrtc",
  ]
}

/// What is weak in one policy, each as the directive or source that makes it so; nil where nothing is.
extension CSPolicy {
  /// A nonce, a hash or 'strict-dynamic' makes browsers pass over 'unsafe-inline' (CSP3 section 6.7.3.2).
  private static func isStrict(_ sources: [String]) -> Bool {
    sources.contains { source in
      source.hasPrefix("'nonce-") || source.hasPrefix("'sha256-") || source.hasPrefix("'sha384-")
        || source.hasPrefix("'sha512-") || source == "'strict-dynamic'"
    }
  }

  var unsafeScripts: String? {
    guard let sources = scripts else { return "script-src is missing" }
    let isStrict = CSPolicy.isStrict(sources)
    if sources.contains("'unsafe-inline'"), !isStrict { return "'unsafe-inline'" }
    let attributes = directives["script-src-attr"] ?? []
    if attributes.contains("'unsafe-inline'"), !CSPolicy.isStrict(attributes) {
      return "'unsafe-inline' in script-src-attr"
    }
    let evaluating = directives["script-src"] ?? directives["default-src"] ?? []
    if evaluating.contains("'unsafe-eval'") { return "'unsafe-eval'" }
    // 'strict-dynamic' makes browsers pass over hosts and schemes.
    if sources.contains("'strict-dynamic'") { return nil }
    return ["*", "http:", "https:", "data:"].first { sources.contains($0) }
  }

  var missingObjects: String? {
    if objects == nil { return "object-src is missing" }
    return directives["object-src"]?.contains("*") == true ? "object-src *" : nil
  }
  var missingBase: String? { directives["base-uri"] == nil ? "base-uri is missing" : nil }

  var wildcard: String? {
    CSPolicy.powerful.lazy.compactMap { name in
      directives[name]?.first { $0 == "*" || $0 == "https:" || $0 == "http:" }.map { "\(name) \($0)" }
    }.first
  }

  var plainSource: String? {
    directives.sorted { $0.key < $1.key }.lazy.compactMap { name, sources in
      sources.contains { $0 == "http:" || $0.hasPrefix("http://") }
        && name != "report-uri" ? name : nil
    }.first
  }

  var limitsFraming: Bool {
    guard let sources = directives["frame-ancestors"] else { return false }
    return !sources.contains { $0 == "*" || $0 == "http:" || $0 == "https:" }
  }
  var upgrades: Bool { directives["upgrade-insecure-requests"] != nil }
}

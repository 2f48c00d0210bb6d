/// The path of a file in a bundle: `kind/...`, of letters, digits, `-`, `_` and `.` only. So there is no way out of the
/// folder, no hidden file, no name that looks like an option, and no two spellings of one name.
enum BundlePath {
  static func check(_ path: String, limits: BundleLimits) throws(BundleError) -> ContentKind {
    let shown = BundlePath.shown(path)
    guard path.utf8.count <= limits.pathBytes else {
      throw BundleError(.badPath, "the path \(shown) has more than \(limits.pathBytes) bytes, the limit")
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= limits.depth else {
      throw BundleError(.badPath, "the path \(shown) is deeper than \(limits.depth) folders, the limit")
    }
    if let reason = parts.lazy.compactMap(fault).first {
      throw BundleError(.badPath, "the path \(shown) \(reason)")
    }
    guard parts.count > 1, let kind = ContentKind(rawValue: parts[0]) else {
      throw BundleError(
        .badKind, "\(shown) is of no known kind",
        hint: "put it below one of \(ContentKind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard kind.allows(Array(parts.dropFirst())) else {
      throw BundleError(.badKind, "\(shown) is no file that \(kind.rawValue) has", hint: kind.wanted)
    }
    return kind
  }

  private static func fault(_ part: String) -> String? {
    if part.isEmpty { return "is absolute, or has an empty part" }
    if part == ".." { return "leaves its folder" }
    guard let first = part.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else {
      return "has a part that begins with . or -"
    }
    return part.utf8.allSatisfy(isPlain) ? nil : "has signs other than letters, digits, -, _ and ."
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// In a message: quoted, short, and without signs that a terminal obeys.
  static func shown(_ path: String) -> String {
    let plain = path.unicodeScalars.prefix(120).map { scalar in
      scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) || (0x2028...0x202e).contains(scalar.value)
        || (0x2066...0x2069).contains(scalar.value) ? "?" : Character(scalar)
    }
    return "\"\(String(plain))\(path.unicodeScalars.count > 120 ? "..." : "")\""
  }
}

extension ContentKind {
  /// What the kind takes, for a hint.
  var wanted: String {
    switch self {
    case .rules: "rules/NAME.rules, rules/classification.config, rules/reference.config"
    case .templates: "templates/.../NAME.yaml"
    case .trust: "trust/NAME.pem"
    case .endOfSupport: "end-of-support/products.yaml"
    case .grading: ContentKind.gradingFiles.map { "grading/\($0)" }.joined(separator: ", ")
    case .posture: "posture/tree.yaml, posture/DIMENSION/CLASS.yaml"
    }
  }
}

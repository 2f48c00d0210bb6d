/// Strict-Transport-Security (RFC 6797 section 6.1). Nil where a browser would pass the line over: no max-age, one that
/// is no number, or a directive given twice.
package struct HSTSPolicy: Hashable {
  var maxAge: Int
  var includesSubdomains = false
  var asksForPreload = false

  /// What hstspreload.org asks for: a year.
  static let preloadAge = 31_536_000
  /// Half a year, what browsers' preload list long asked for.
  static let shortAge = 15_552_000

  package init?(_ line: String) {
    var seen: Set<String> = []
    var age: Int?
    for part in line.split(separator: ";") {
      let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { String($0).trimmingSpace }
      guard let name = halves.first?.lowercased(), !name.isEmpty else { continue }
      guard seen.insert(name).inserted else { return nil }
      switch name {
      case "max-age": age = halves.count == 2 ? HSTSPolicy.seconds(halves[1]) : nil
      case "includesubdomains": includesSubdomains = true
      case "preload": asksForPreload = true
      default: break
      }
    }
    guard let age else { return nil }
    maxAge = age
  }

  /// Digits, quoted or not; more than an integer holds is as long as one holds.
  private static func seconds(_ text: String) -> Int? {
    var digits = Substring(text)
    if digits.count >= 2, digits.first == "\"", digits.last == "\"" { digits = digits.dropFirst().dropLast() }
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return Int(digits) ?? .max
  }

  /// What of the header's requirements for the preload list is missing (hstspreload.org, "Submission Requirements", 4).
  var preloadGaps: [String] {
    var gaps: [String] = []
    if maxAge < HSTSPolicy.preloadAge { gaps.append("max-age is under a year") }
    if !includesSubdomains { gaps.append("includeSubDomains is missing") }
    if !asksForPreload { gaps.append("preload is missing") }
    return gaps
  }
}

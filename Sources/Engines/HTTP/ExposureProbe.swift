internal import Records

/// Which files nobody meant to publish are there. A *yes* needs the file's own content, and that a random path of the
/// same shape gives something else: a soft 404 and a server that says yes to everything deceive nobody. A refusal is a
/// *no* only where it is the server's rule for every path of that shape: else it may be meant for us alone.
struct ExposureProbe {
  private let probe: SiteProbe
  private var found: [String: [String]] = [:]
  private var open: [String: String] = [:]
  /// What a path that nobody has gets, by its shape: asked for where a file of that shape is refused.
  private var shapes: [String: Result<Int, SiteProbe.Refused>] = [:]

  init(_ probe: SiteProbe) { self.probe = probe }

  /// Enough for every mark, and the first block of a server that ignores ranges.
  private static let limit = ExposedFile.window
  private static let range = "Range: bytes=0-\(ExposedFile.window - 1)"

  mutating func run() -> [CheckAnswer] {
    for file in ExposedFiles.all {
      switch look(file) {
      case .exposed(let evidence): found[file.check, default: []].append(evidence)
      case .hidden(let reason): if open[file.check] == nil { open[file.check] = reason }
      case .absent: break
      }
    }
    return ExposedFiles.checks.map { check in
      if let evidence = found[check.id] { return CheckAnswer(check.id, .yes, evidence.joined(separator: "; ")) }
      return CheckAnswer(check.id, open[check.id].map { .notDetermined(reason: $0) } ?? .no)
    }
  }

  private enum Look {
    case absent
    case exposed(String)
    case hidden(String)
  }

  /// Refusals that firewalls send as well as servers.
  private static let refusals: Set<Int> = [403, 405, 406]

  private mutating func look(_ file: ExposedFile) -> Look {
    let asked = probe.ask(file.path, headers: [ExposureProbe.range], limit: ExposureProbe.limit)
    guard let response = asked.response else { return .hidden(asked.reason) }
    switch response.status {
    case 200, 206: break
    case let status where ExposureProbe.refusals.contains(status): return refused(file, status)
    // A password is asked of everybody. Redirects lead to a page, not to the file.
    case 300..<500: return .absent
    default: return .hidden("status \(response.status)")
    }
    guard file.matches(response.body) else { return .absent }
    let control = probe.ask(
      SiteProbe.random(like: file.path), headers: [ExposureProbe.range], limit: ExposureProbe.limit)
    guard let other = control.response else { return .hidden(control.reason) }
    if (200..<300).contains(other.status), file.matches(other.body) {
      return .hidden("a path that nobody has gets the same kind of answer")
    }
    return .exposed("\(file.path): \(file.kind), \(ExposureProbe.size(response))")
  }

  /// A server that denies every path of the shape (all that begin with a dot, say) and no others keeps this file too. A
  /// refusal of this path alone tells that somebody knows it, a refusal of everything that somebody knows us.
  private mutating func refused(_ file: ExposedFile, _ status: Int) -> Look {
    let reason = "refused (\(status))"
    for (shape, path) in [
      ("", "/" + SiteProbe.word(12)), (SiteProbe.shape(of: file.path), SiteProbe.random(like: file.path)),
    ] {
      let answer = shapes[shape] ?? probe.ask(path, limit: ExposureProbe.limit).map(\.status)
      shapes[shape] = answer
      guard case .success(let other) = answer else { return .hidden(reason) }
      if shape.isEmpty, ExposureProbe.refusals.contains(other) { return .hidden("\(reason), as every path is") }
      if !shape.isEmpty, other != status { return .hidden("\(reason), unlike paths beside it") }
    }
    return .absent
  }

  /// Of the whole file, as far as the server tells.
  private static func size(_ response: HTTPResponse) -> String {
    let total = response.first("content-range")?.split(separator: "/").last.flatMap { Int($0) }
    let length = response.status == 200 ? response.first("content-length").flatMap { Int($0) } : nil
    if let bytes = total ?? length { return "\(bytes) bytes" }
    return response.isCut ? "more than \(limit) bytes" : "\(response.bodyBytes) bytes"
  }
}

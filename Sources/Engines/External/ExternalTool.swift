package import Documents
package import Records
package import Wire

/// What a tool is told for one job: where to connect, and as whom.
package struct ToolAsk: Sendable {
  package var scheme: String
  /// The name that the site is asked by; the address where it has none.
  package var host: String
  /// For SNI; nil: none.
  package var serverName: String?
  /// What the tool may connect to: the relay, or the authorised address.
  package var address: IPAddress
  package var port: UInt16
  package var path: String
  package var probeClass: ProbeClass
  package var options: ScanOptions
  package var limits: ScanContext.Limits
  package var userAgent: String
  /// Where the tool writes its report.
  package var folder: String

  /// `[2001:db8::1]:443`.
  package var endpoint: String { address.isV6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

/// How a tool comes to the site.
package enum ToolReach: Sendable {
  /// Through a `PacedRelay`: every limit of ours holds, whatever the tool does.
  case relay
  /// By itself, to the authorised address, paced by its own switches.
  case address
}

/// One external scanner: what is fixed about it. A value without state.
package protocol ExternalTool: Sendable {
  /// The engine's name: `sslscan`.
  var name: String { get }
  var title: BilingualText { get }
  /// Names of the program, the preferred first.
  var programs: [String] { get }
  var versionArguments: [String] { get }
  /// Of a script that does more than tell its version when asked: what stands before the version in its text, which is
  /// read instead.
  var versionMark: String? { get }
  /// The first version whose report is read here.
  var oldest: ToolVersion { get }
  /// The least class of authorisation that a run needs.
  var probeClass: ProbeClass { get }
  var reach: ToolReach { get }
  var confidence: Int { get }
  /// Its id -> our checks that ask the same.
  var mapping: [String: [String]] { get }
  var bounds: ToolBounds { get }
  /// The report's file in the folder of the run; nil: standard output.
  var reportFile: String? { get }
  func applies(to target: Target) -> Bool
  func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget
  /// Every word that comes from a site stands behind a switch of ours, or is `ToolAsk.endpoint` or `host`, which never
  /// begin with `-`.
  func arguments(_ ask: ToolAsk) -> [String]
  /// Whether a run that exited with `status` made its report.
  func isDone(_ status: Int32) -> Bool
  func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ToolReport
}

extension ExternalTool {
  package var versionArguments: [String] { ["--version"] }
  package var versionMark: String? { nil }
  package var bounds: ToolBounds { ToolBounds() }
  package var reportFile: String? { nil }
  package func applies(to target: Target) -> Bool { target.scheme == "https" }
  package func isDone(_ status: Int32) -> Bool { status == 0 }

  /// Our checks that the tool answers, as the engines that own them have them.
  package var mappedChecks: [Check] {
    let wanted = Set(mapping.values.joined())
    return EngineRegistry.all.flatMap(\.checks).filter { wanted.contains($0.id) }
  }
}

/// `3.0.8`, `2.0.7-static`: the numbers count.
package struct ToolVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var parts: [Int]
  package init(_ parts: Int...) { self.parts = parts }

  /// The first word of the text that begins with two numbers and a dot between them, a `v` before it or not.
  package init?(finding text: String) {
    for word in text.prefix(4096).split(whereSeparator: { !($0.isNumber || $0 == "." || $0.isLetter || $0 == "-") }) {
      let bare = word.first == "v" || word.first == "V" ? word.dropFirst() : word
      let digits = bare.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      let parts = digits.split(separator: ".").compactMap { Int($0) }
      guard parts.count >= 2, bare.first?.isNumber == true else { continue }
      self.parts = Array(parts.prefix(4))
      return
    }
    return nil
  }

  package static func < (a: ToolVersion, b: ToolVersion) -> Bool {
    let length = max(a.parts.count, b.parts.count)
    for place in 0..<length {
      let (x, y) = (place < a.parts.count ? a.parts[place] : 0, place < b.parts.count ? b.parts[place] : 0)
      if x != y { return x < y }
    }
    return false
  }
  package var description: String { parts.map(String.init).joined(separator: ".") }
}

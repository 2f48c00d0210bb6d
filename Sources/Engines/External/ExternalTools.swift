internal import Glibc
internal import Records

/// What an operator says of external tools: programs that lie elsewhere, and nuclei's templates.
package struct ExternalSettings: Sendable, Hashable {
  /// Tool -> absolute path.
  package var programs: [String: String] = [:]
  /// The folder of nuclei's templates, and the pin that it must have (`TemplatePin`).
  package var templates: String?
  package var pin: String?
  package init() {}
}

/// All external tools that are run: one line each. Nikto and ZAP are read from files only (`ReportFormat`).
package enum ExternalTools {
  package static func all(_ settings: ExternalSettings = .init()) -> [any ExternalTool] {
    [SSLScan(), TestSSL(), Nmap(), Nuclei(templates: settings.templates ?? "")]
  }
  package static let names = all().map(\.name)
}

/// Looks which external tools are there, and asks each for its version.
package enum ExternalEngines {
  package enum State: Sendable, Hashable {
    case ready(version: String)
    case missing
    /// A sentence: too old, no version, no templates.
    case unusable(String)
  }

  package struct Detection: Sendable {
    package var tool: any ExternalTool
    package var program: String?
    package var state: State

    package var engine: ExternalEngine? {
      guard case .ready(let version) = state, let program else { return nil }
      return ExternalEngine(tool, program: program, version: version)
    }
  }

  /// Long enough for a busy machine: telling a version takes a few milliseconds.
  private static let versionMilliseconds = 30_000
  /// Where a script has its version: testssl.sh within its first 8 KiB.
  private static let markReach = 64 << 10

  package static func detect(_ settings: ExternalSettings, only names: Set<String>? = nil) -> [Detection] {
    ExternalTools.all(settings).filter { names?.contains($0.name) ?? true }.map { detect($0, settings) }
  }

  private static func detect(_ tool: any ExternalTool, _ settings: ExternalSettings) -> Detection {
    let named = settings.programs[tool.name]
    guard let program = named ?? ProgramPath.find(tool.programs) else { return Detection(tool: tool, state: .missing) }
    guard ProgramPath.isProgram(program) else {
      return Detection(tool: tool, program: program, state: .unusable("\(program) is no program"))
    }
    return Detection(tool: tool, program: program, state: state(tool, program, settings))
  }

  private static func state(_ tool: any ExternalTool, _ program: String, _ settings: ExternalSettings) -> State {
    let told: String
    switch versionText(tool, program) {
    case .success(let text): told = text
    case .failure(let silence): return .unusable(silence.reason)
    }
    guard let version = ToolVersion(finding: withoutColours(told)) else {
      return .unusable("it does not tell its version")
    }
    guard version >= tool.oldest else {
      return .unusable("version \(version) is too old; \(tool.oldest) and later are read")
    }
    if let problem = (tool as? Nuclei).flatMap({ _ in TemplatePin.problem(settings) }) { return .unusable(problem) }
    return .ready(version: version.description)
  }

  private struct Silence: Error { var reason: String }

  private static func versionText(_ tool: any ExternalTool, _ program: String) -> Result<String, Silence> {
    if let mark = tool.versionMark {
      let line = head(of: program).split(separator: "\n").first { $0.hasPrefix(mark) }
      return line.map { .success(String($0)) } ?? .failure(Silence(reason: "no line of it begins with \(mark)"))
    }
    guard let folder = WorkFolder() else { return .failure(Silence(reason: "no folder can be made to run it in")) }
    let command = ToolCommand(program: program, arguments: tool.versionArguments, bounds: tool.bounds)
    let run = ToolProcess.run(
      command, in: folder.path, until: Deadline(milliseconds: versionMilliseconds), isStopped: { false })
    guard case .exited = run.end else {
      return .failure(Silence(reason: "it does not tell its version: \(run.reason(tool.name))"))
    }
    return .success(String(decoding: run.output + [10] + run.complaint, as: UTF8.self))
  }

  private static func head(of path: String) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: markReach)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  /// `ESC [ ... m`.
  private static func withoutColours(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var isInside = false
    for scalar in text.unicodeScalars {
      if scalar == "\u{1b}" { isInside = true }
      if !isInside { result.append(scalar) }
      if isInside, scalar == "m" { isInside = false }
    }
    return String(result)
  }
}

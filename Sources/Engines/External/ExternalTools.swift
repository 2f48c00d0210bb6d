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

  /// testssl looks for its openssl first: 1.3 s of a free processor, and 15 s were seen on a busy one.
  private static let versionMilliseconds = 30_000

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
    guard let folder = WorkFolder() else { return .unusable("no folder can be made to run it in") }
    let command = ToolCommand(program: program, arguments: tool.versionArguments, bounds: tool.bounds)
    let run = ToolProcess.run(
      command, in: folder.path, until: Deadline(milliseconds: versionMilliseconds), isStopped: { false })
    guard case .exited = run.end else { return .unusable("it does not tell its version: \(run.reason(tool.name))") }
    let text = String(decoding: run.output + [10] + run.complaint, as: UTF8.self)
    guard let version = ToolVersion(finding: withoutColours(text)) else {
      return .unusable("it does not tell its version")
    }
    guard version >= tool.oldest else {
      return .unusable("version \(version) is too old; \(tool.oldest) and later are read")
    }
    if let problem = (tool as? Nuclei).flatMap({ _ in TemplatePin.problem(settings) }) { return .unusable(problem) }
    return .ready(version: version.description)
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

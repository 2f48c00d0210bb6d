package import Detection
internal import Glibc
internal import PatternMatching
package import RuleLanguage

/// Rule files to a rule set ready to run: read, parsed, checked against variables, compiled.
///
/// A rule that is wrong, or that asks for what this version cannot inspect, is a diagnostic; the rest is loaded.
package struct RuleLoading {
  package var settings: DetectionSettings
  /// Where compiled literal sets are kept between runs; nil: nowhere.
  package var cacheFolder: String?

  package init(settings: DetectionSettings, cacheFolder: String? = nil) {
    self.settings = settings
    self.cacheFolder = cacheFolder
  }

  package struct Result: Sendable {
    /// Nil where no rule file was named.
    package var rules: CompiledRules?
    package var diagnostics: [RuleDiagnostic] = []
    package var totals = EVEWriter.RuleTotals()
    package var needs = RuleNeeds()
  }

  /// A rule file is smaller: the largest public set is 40 MB.
  private static let fileLimit = 512 << 20

  /// - Throws: `SensorError` where a file cannot be read or a variable is wrong.
  package func load(_ files: [String]) throws(SensorError) -> Result {
    var result = Result()
    guard !files.isEmpty else { return result }
    var sources: [(name: String, bytes: [UInt8])] = []
    for file in files { sources.append((file, try RuleLoading.bytes(of: file))) }
    let parsed = RuleParser().parse(sources)
    result.diagnostics = parsed.diagnostics
    let variables = try variables()
    let checked = variables.check(parsed.rules, file: files.first ?? "")
    result.diagnostics += checked.diagnostics
    let compilation = try compile(checked.rules, variables, &result.diagnostics)
    result.diagnostics += compilation.diagnostics
    result.rules = compilation.rules
    result.needs = RuleNeeds(checked.rules)
    result.totals.loaded = compilation.rules.facts.count
    result.totals.failed = result.diagnostics.count { $0.severity == .error }
    result.totals.skipped = parsed.skipped
    return result
  }

  private func variables() throws(SensorError) -> RuleVariables {
    do {
      return try RuleVariables.standard(addresses: settings.addressVariables, ports: settings.portVariables)
    } catch {
      throw SensorError(error.sentence, hint: "correct it under vars in the configuration")
    }
  }

  private func compile(
    _ rules: [Rule], _ variables: RuleVariables, _ diagnostics: inout [RuleDiagnostic]
  ) throws(SensorError) -> Compilation {
    var compiler = RuleCompiler(variables: variables)
    compiler.cacheFolder = cacheFolder
    compiler.classification = try classification(&diagnostics)
    compiler.limits = try thresholds(&diagnostics).entries
    compiler.file = settings.ruleFiles.first ?? "rules"
    do {
      return try compiler.compile(rules)
    } catch {
      throw SensorError("the rules cannot be compiled: \(error)", hint: "leave out the rule files one by one")
    }
  }

  private func classification(_ diagnostics: inout [RuleDiagnostic]) throws(SensorError) -> Classification {
    var classes = Classification()
    guard let file = settings.classificationFile else { return classes }
    diagnostics += classes.read(try RuleLoading.bytes(of: file), name: file)
    return classes
  }

  private func thresholds(_ diagnostics: inout [RuleDiagnostic]) throws(SensorError) -> ThresholdFile {
    var thresholds = ThresholdFile()
    guard let file = settings.thresholdFile else { return thresholds }
    diagnostics += thresholds.read(try RuleLoading.bytes(of: file), name: file)
    return thresholds
  }

  /// The whole of a file.
  package static func bytes(of path: String) throws(SensorError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= fileLimit else {
        throw SensorError("\(path) has more than \(fileLimit >> 20) MiB", hint: "split it")
      }
    }
  }

  private static func unreadable(_ path: String) -> SensorError {
    let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    return SensorError("cannot read \(path): \(reason.lowercased())", hint: "check the path and its permissions")
  }
}

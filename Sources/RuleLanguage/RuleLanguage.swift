/// RuleLanguage turns rule text (the Suricata rule language, version 8) into typed, validated `Rule`s with source
/// spans, and prints them back; beside it the small languages around it: variables, classification, reference and
/// threshold files.
///
/// It does not inspect traffic, compile patterns, read files or know which buffers the sensor fills: bytes in, values
/// out. Whatever is wrong with a rule becomes a `RuleDiagnostic` with file, line, column, sentence and hint, and the
/// rest of the file still loads.
///
/// Called by Detection (compiles `Rule`s), Sensor (loads files) and the command line (`vigil rules check`).
///
///     let result = RuleParser().parse(bytes, file: "local.rules")
///     result.rules          [Rule], valid and enabled
///     result.diagnostics    [RuleDiagnostic], refused rules and warnings, in file order
///     try variables.addresses(of: rule.source)     AddressSet, after $HOME_NET and its like are known
package enum RuleLanguage {
  /// The release of the Suricata documentation whose keywords and meanings this module follows.
  package static let modelledOn = "Suricata 8.0"
}

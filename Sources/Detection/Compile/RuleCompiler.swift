package import RuleLanguage

/// What compiling came to.
package struct Compilation: Sendable {
  package var rules: CompiledRules
  /// Rules left out, each with its reason, and warnings.
  package var diagnostics: [RuleDiagnostic]
}

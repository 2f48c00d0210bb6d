/// The HTTP part of the nuclei template language: text becomes a template, a template a plan of requests, and their
/// answers a verdict.
///
///     text -> TemplateReader -> WebTemplate (with its refusals) -> TemplateRun
///     TemplateRun.next() -> PlannedRequest -> (whoever asks) -> TemplateRun.received(TemplateResponse) -> verdict
///
/// It opens no socket and reads no clock: chance and time come in as arguments, so that one run is like another.
/// It does not decide whether a template may run: `refusals` say what stands against it, the engine holds them against
/// what the operator allowed.
package import Documents
package import Records

/// One template, read and understood.
package struct WebTemplate: Sendable, Hashable {
  /// `^[a-z0-9][a-z0-9_-]{2,63}$`: as written, in small letters.
  package var id: String
  package var name: BilingualText
  package var authors: [String]
  package var severity: Severity
  package var tags: [String]
  package var description: String
  package var remediation: String
  /// As written, then the CVE and CWE ids of `info.classification`.
  package var references: [String]
  /// In the order written: each may use those before it.
  package var variables: [TemplateVariable]
  package var requests: [TemplateRequest]
  /// `.probe` where it only reads paths; `.intrusive` where it carries payloads, a body or an unusual method.
  package var probeClass: ProbeClass
  /// What stands against running it; empty where nothing does.
  package var refusals: [TemplateRefusal]
  /// Where its id stands.
  package var position: SourcePosition

  /// `file:line` for messages.
  package var source: String { "\(position.file):\(position.line)" }

  /// The most requests that one run asks, redirects not counted.
  package var requestCount: Int { requests.reduce(0) { $0 + $1.requestCount } }

  /// What still stands against it where the operator allowed the templates with these ids.
  package func refusals(allowing ids: Set<String>) -> [TemplateRefusal] {
    ids.contains(id) ? refusals.filter { !$0.kind.canBeAllowed } : refusals
  }
}

/// A name with the text that it stands for.
package struct TemplateVariable: Sendable, Hashable {
  package var name: String
  package var value: TemplateText
}

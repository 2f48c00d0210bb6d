internal import Documents
internal import Records

/// `info:`, what people read of a template.
extension TemplateReader {
  private static let aboutKeys = [
    "name", "name-zh", "author", "severity", "tags", "description", "impact", "remediation", "reference",
    "classification", "metadata",
  ]
  private static let classificationKeys = [
    "cve-id", "cwe-id", "cvss-metrics", "cvss-score", "cpe", "epss-score", "epss-percentile",
  ]

  func information(_ value: DocumentValue, id: String) throws(DocumentError) -> WebTemplate {
    try TemplateKeys.check(value, known: TemplateReader.aboutKeys)
    let name = try value.required("name").string()
    return WebTemplate(
      id: id, name: BilingualText(en: name, zh: try value["name-zh"]?.string() ?? name),
      authors: try words(value["author"]), severity: try severity(value.required("severity")),
      tags: try words(value["tags"]).map { $0.lowercased() }, description: try value["description"]?.string() ?? "",
      remediation: try value["remediation"]?.string() ?? "",
      references: (try value["reference"]?.strings() ?? []) + (try classification(value["classification"])),
      variables: [], requests: [], probeClass: .intrusive, refusals: [], position: value.position)
  }

  /// A list, or a text with commas.
  private func words(_ value: DocumentValue?) throws(DocumentError) -> [String] {
    try value?.strings().flatMap { text in
      text.split(separator: ",").map { String($0.drop { $0 == " " }).trimmingSpaces }.filter { !$0.isEmpty }
    } ?? []
  }

  /// `unknown` is nuclei's for *not thought about*: the least.
  private func severity(_ value: DocumentValue) throws(DocumentError) -> Severity {
    let word = try value.string().lowercased()
    if let severity = Severity(rawValue: word) { return severity }
    if word == "unknown" { return .info }
    throw DocumentError(
      .badValue, value.position, "\(value.kind) is no severity",
      hint: DocumentError.suggestion(for: word, among: Severity.allCases.map(\.rawValue)))
  }

  /// `CVE-2021-44228`, `CWE-22`: as identifiers are written, whatever the case.
  private func classification(_ value: DocumentValue?) throws(DocumentError) -> [String] {
    guard let value else { return [] }
    try TemplateKeys.check(value, known: TemplateReader.classificationKeys)
    return try (words(value["cve-id"]) + words(value["cwe-id"])).map { $0.uppercased() }
  }
}

extension String {
  var trimmingSpaces: String {
    var rest = self[...]
    while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
    return String(rest)
  }
}

/// The same rules over a request that is about to be asked.
extension ConductRules {
  /// Origin and Referer say where one comes from; nobody calls them.
  static func isOrigin(_ name: String) -> Bool { ["origin", "referer"].contains(name.lowercased()) }

  /// Texts of expressions, and what they are when base64 or hexadecimal is undone.
  static func hidden(in texts: [String]) -> [String] {
    texts
      + texts.filter { $0.utf8.count >= 8 }.flatMap { text in
        [TemplateCoding.bytes(hex: Array(text.utf8)), try? TemplateCoding.base64Decoded(Array(text.utf8))].compactMap {
          $0.flatMap { String(validating: $0, as: UTF8.self) }
        }
      }
  }

  /// What stands against the request; `isAllowed`: what the operator may lift is lifted.
  static func objection(
    to request: PlannedRequest, of target: TemplateTarget, isAllowed: Bool
  ) -> Finding? {
    let own: Set<String> = [target.authority.lowercased(), target.host.lowercased()]
    var findings: [Finding] = method(request.method).map { [$0] } ?? []
    for line in request.headers {
      if let finding = field(line.name, line.value) { findings.append(finding) }
      if line.name.lowercased() == "host", !OutsideAddresses.isOwn(line.value, own) {
        findings.append(Finding(.callsOutside, "its Host field asks for another site"))
      }
      findings += words(in: line.value)
      if !isOrigin(line.name) { findings += outside(line.value, own) }
    }
    for text in [request.path, String(decoding: request.body, as: UTF8.self)] {
      findings += words(in: text) + outside(text, own)
    }
    return findings.first { !(isAllowed && $0.kind.canBeAllowed) }
  }

  private static func outside(_ text: String, _ own: Set<String>) -> [Finding] {
    OutsideAddresses.first(in: text, own: own) == nil
      ? [] : [Finding(.callsOutside, "it names a host that is not the target")]
  }
}

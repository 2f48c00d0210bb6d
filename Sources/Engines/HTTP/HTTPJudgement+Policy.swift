internal import Records

/// Content-Security-Policy. Several policies hold together: a weakness is there only where each of them has it.
extension HTTPJudgement {
  /// Those of the head, and those of the page's own meta elements.
  private func policies(_ page: HTTPResponse) -> [CSPolicy] {
    CSPolicy.list(page.values("content-security-policy"))
      + CSPolicy.list(resources?.policies ?? []).map { $0.inMeta() }
  }

  func policy(_ page: HTTPResponse) -> [CheckAnswer] {
    let reported = !page.values("content-security-policy-report-only").isEmpty
    let policies = policies(page)
    let weaknesses: [(String, (CSPolicy) -> String?)] = [
      ("http.csp.unsafe", { $0.unsafeScripts }), ("http.csp.object_src", { $0.missingObjects }),
      ("http.csp.base_uri", { $0.missingBase }), ("http.csp.wildcard", { $0.wildcard }),
      ("http.csp.plain_http", { $0.plainSource }),
    ]
    guard !policies.isEmpty else {
      let absent = (weaknesses.map(\.0) + ["http.csp.duplicate", "http.csp.unknown"]).map {
        CheckAnswer($0, .notDetermined(reason: "does not apply: there is no policy"))
      }
      return [
        CheckAnswer("http.csp.missing", .yes, reported ? "only Content-Security-Policy-Report-Only" : ""),
        CheckAnswer("http.csp.report_only", reported ? .yes : .no),
      ] + absent
    }
    let duplicates = Set(policies.flatMap(\.duplicates)).sorted()
    let unknown = Set(policies.flatMap(\.unknown)).sorted()
    return [CheckAnswer("http.csp.missing", .no), CheckAnswer("http.csp.report_only", .no)]
      + weaknesses.map { id, weakness in
        let seen = policies.map(weakness)
        let isWeak = seen.allSatisfy { $0 != nil }
        return CheckAnswer(id, isWeak ? .yes : .no, isWeak ? seen.compactMap(\.self).first ?? "" : "")
      } + [named("http.csp.duplicate", duplicates), named("http.csp.unknown", unknown)]
  }

  private func named(_ id: String, _ names: [String]) -> CheckAnswer {
    CheckAnswer(id, names.isEmpty ? .no : .yes, String(names.prefix(8).joined(separator: ", ").prefix(200)))
  }
}

internal import Records
package import Wire

extension HTTPEngine {
  /// What is read of one answer without asking further, from its head's lines and its body: the entrance for a fuzzer.
  package static func read(head: [[UInt8]], body: [UInt8], now: Timestamp) -> [CheckAnswer] {
    var response = HTTPResponse()
    for line in head { response.add(line: line) }
    (response.body, response.bodyBytes) = (body, body.count)
    let resources = PageResources(page: body)
    let policies = CSPolicy.list(response.values("content-security-policy") + (resources?.policies ?? []))
    for policy in policies { _ = [policy.unsafeScripts, policy.wildcard, policy.plainSource, policy.missingObjects] }
    _ = response.first("strict-transport-security").flatMap { HSTSPolicy($0) }?.preloadGaps
    for cookie in response.values("set-cookie") { _ = CookieLine(cookie)?.brokenPrefix }
    let here = Target(scheme: "https", host: "site.test", port: 443)
    for location in response.values("location") {
      _ = (RedirectTarget.resolve(location, from: here), RedirectTarget.host(of: location))
    }
    _ = PageVerdict(response)
    let words = ErrorPageWords(body)
    _ = (words.stackTrace, words.debugger, words.version, words.isListing)
    _ = ExposedFiles.all.filter { $0.matches(body) }
    return SecurityText.answers(.success(response), now: now)
      + [EndOfSupport().answer(Technologies(response, resources).found, at: now)]
  }
}

/// Heads between templates and the wire.
enum TemplateHead {
  /// Names that curl writes, by the body and the connection that it makes.
  private static let curls: Set<String> = ["content-length", "transfer-encoding", "connection"]

  /// The lines to send, or why this request is not sent as its template has it.
  static func lines(of request: PlannedRequest) -> Result<[String], SiteProbe.Refused> {
    var lines: [String] = []
    for header in request.headers {
      let name = header.name.lowercased()
      guard isName(header.name), header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
        return .failure(.init(reason: "the template's head has a line that cannot be sent"))
      }
      if name == "user-agent" {
        return .failure(.init(reason: "the template names another user agent; scans say who they are"))
      }
      if curls.contains(name) { continue }
      // curl takes `Name:` for its removal and `Name;` for one without a value.
      lines.append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }
    // Else curl waits for a server that does not know of it.
    if !request.body.isEmpty { lines.append("Expect:") }
    return .success(lines)
  }

  /// A token of RFC 9110 section 5.6.2.
  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: Array("!#$%&'*+-.^_`|~".utf8).contains(byte)
        }
      }
  }

  /// As matchers of the public templates know names: `x-powered-by` is `X-Powered-By`, however it was sent.
  static func spelled(_ name: String) -> String {
    name.split(separator: "-", omittingEmptySubsequences: false)
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
  }
}

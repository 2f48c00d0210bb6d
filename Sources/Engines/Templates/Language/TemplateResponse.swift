/// What came back, as matchers and extractors see it. Whoever asks bounds the body.
package struct TemplateResponse: Sendable, Hashable {
  package var status: Int
  /// `HTTP/1.1 200 OK`.
  package var statusLine: String
  package var headers: [HeaderLine]
  package var body: [UInt8]
  package var milliseconds: Int
  /// Why head or body is not whole; nil where it is. What is absent from a cut answer is *not determined*.
  package var cut: String?

  package init(
    status: Int, headers: [HeaderLine] = [], body: [UInt8] = [], milliseconds: Int = 0, statusLine: String? = nil,
    cut: String? = nil
  ) {
    self.status = status
    self.statusLine = statusLine ?? "HTTP/1.1 \(status)"
    self.headers = headers
    self.body = body
    self.milliseconds = milliseconds
    self.cut = cut
  }

  /// Status line and fields, as nuclei has them: CRLF behind each, an empty line at the end.
  var head: [UInt8] {
    var text = Array(statusLine.utf8) + [0x0d, 0x0a]
    for line in headers { text += Array("\(line.name): \(line.value)\r\n".utf8) }
    return text + [0x0d, 0x0a]
  }

  /// The values of one field, joined as RFC 9110 section 5.3 joins them; nil where it is not there.
  func field(_ name: String) -> String? {
    let values = headers.filter { $0.name.lowercased() == name }.map(\.value)
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }
}

/// An answer that is no JSON: the body is `text`, its type is told by the header.
package struct PlainText: Codable, Sendable, Equatable {
  package var text: String
  package var mediaType: String
  package init(text: String, mediaType: String) {
    self.text = text
    self.mediaType = mediaType
  }
}

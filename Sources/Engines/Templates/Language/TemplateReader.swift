package import Documents

/// Text of one file -> template.
package struct TemplateReader {
  /// `folder`: where files of payloads may lie; nil where none may be read.
  package static func read(
    _ text: String, file: String, folder: String? = nil
  ) throws(DocumentError) -> WebTemplate {
    throw DocumentError(.unreadable, SourcePosition(file: file), "templates cannot be read yet")
  }
}

internal import Mustache
package import Records

/// The texts of notices, through templates that a city may change: `Rules/notices/*.{en,zh}.mustache`. Read and checked
/// once, at the start. What a channel carries is filled from `NoticeMessage` alone, so that no template can put a
/// weakness, a path or evidence into it.
package struct NoticeTemplates: Sendable {
  package enum Part: String, CaseIterable, Sendable {
    /// What channels carry.
    case subject, message
    /// The whole text: on the owner's page, and to the watch.
    case page, document

    fileprivate var form: PageEscape.Form {
      switch self {
      case .subject, .message: .text
      case .page: .html
      case .document: .markdown
      }
    }
    fileprivate var names: Set<String> { self == .subject || self == .message ? MessageView.names : DocumentView.names }
  }

  /// A template that cannot be used: the file's name, and where in it.
  package struct Fault: Error, Sendable, Equatable {
    package var file: String
    package var line: Int
    package var column: Int
    package var sentence: String
  }

  private var templates: [String: MustacheTemplate] = [:]

  /// `text`: a file's text by its name, such as `message.zh.mustache`.
  package init(_ text: (_ file: String) throws -> String) throws {
    for part in Part.allCases {
      for language in TextLanguage.allCases {
        let file = NoticeTemplates.file(part, language)
        templates[file] = try NoticeTemplates.template(part, try text(file), file)
      }
    }
  }

  package static func file(_ part: Part, _ language: TextLanguage) -> String {
    "\(part.rawValue).\(language.rawValue).mustache"
  }

  private static func template(_ part: Part, _ text: String, _ file: String) throws -> MustacheTemplate {
    try TagCheck(file: file, names: part.names).check(text)
    let name = "VIGIL-NOTICE-\(part.form)".uppercased()
    MustacheContentTypes.register(PageEscape(form: part.form), named: name)
    do {
      return try MustacheTemplate(string: "{{% CONTENT_TYPE:\(name)}}\n" + text)
    } catch let error as MustacheTemplate.ParserError {
      // The line that names the escape is ours.
      let (line, column) = (max(1, error.context.lineNumber - 1), error.context.columnNumber)
      throw Fault(file: file, line: line, column: column, sentence: words(error.error))
    }
  }

  private static func words(_ error: any Error) -> String {
    switch error as? MustacheTemplate.Error {
    case .sectionCloseNameIncorrect: "a section ends with another name than it began with"
    case .unfinishedName: "a tag does not end"
    case .expectedSectionEnd: "a section does not end"
    default: "this is no template: \(error)"
    }
  }

  // MARK: rendering

  /// One line, and a few.
  package func message(_ message: NoticeMessage, _ language: TextLanguage) -> (subject: String, text: String) {
    let view = MessageView.of(message, Words(language: language, utcOffset: message.utcOffset))
    let subject = render(.subject, language, view).split(whereSeparator: \.isNewline).joined(separator: " ")
    return (subject, render(.message, language, view))
  }

  package func document(_ contents: NoticeContents, _ language: TextLanguage) -> NoticeDocument {
    let words = Words(language: language, utcOffset: contents.utcOffset)
    return NoticeDocument(
      language: language.rawValue, html: render(.page, language, DocumentView.of(contents, words)),
      markdown: render(.document, language, DocumentView.of(contents, words)))
  }

  private func render(_ part: Part, _ language: TextLanguage, _ view: [String: Any]) -> String {
    guard let template = templates[NoticeTemplates.file(part, language)] else { return "" }
    return template.render(view)
  }
}

/// Tags of a template, one by one: only names that are known, and none that goes around the escape.
private struct TagCheck {
  let file: String
  let names: Set<String>

  func check(_ text: String) throws(NoticeTemplates.Fault) {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var rest = line[...]
      while let open = rest.firstRange(of: "{{") {
        let column = line.distance(from: line.startIndex, to: open.lowerBound) + 1
        func fault(_ sentence: String) -> NoticeTemplates.Fault {
          NoticeTemplates.Fault(file: file, line: number + 1, column: column, sentence: sentence)
        }
        guard let close = rest[open.upperBound...].firstRange(of: "}}") else { throw fault("a tag does not end") }
        let tag = rest[open.upperBound..<close.lowerBound]
        if let sentence = refusal(tag) { throw fault(sentence) }
        rest = rest[close.upperBound...]
      }
    }
  }

  private func refusal(_ tag: Substring) -> String? {
    guard let sign = tag.first else { return "an empty tag" }
    switch sign {
    case "!": return nil
    case "{", "&": return "a value is not put in without its escape: write {{name}}"
    case ">", "<", "$", "%", "=": return "a tag may not begin with \(sign) here"
    default:
      let name = String("#^/".contains(sign) ? tag.dropFirst() : tag[...]).filter { $0 != " " }
      if name == "." || names.contains(name) { return nil }
      return "there is no \(name.prefix(40)) here; there are \(names.sorted().joined(separator: ", "))"
    }
  }
}

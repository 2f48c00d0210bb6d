internal import Mustache
internal import Records

/// Pages through templates: the layout is theirs, every value is escaped on its way in.
enum ReportTemplates {
  static func html(_ page: ReportPage) throws -> String {
    try make(HTMLTemplate.text, .html).render(PageView.of(page, .html))
  }

  static func markdown(_ page: ReportPage) throws -> String {
    try make(MarkdownTemplate.text, .markdown).render(PageView.of(page, .markdown))
  }

  /// The escape is named in the template's first line and known by name to the library.
  private static func make(_ text: String, _ form: PageEscape.Form) throws -> MustacheTemplate {
    let name = form == .html ? "VIGIL-HTML" : "VIGIL-MARKDOWN"
    MustacheContentTypes.register(PageEscape(form: form), named: name)
    return try MustacheTemplate(string: "{{% CONTENT_TYPE:\(name)}}\n" + text)
  }
}

/// A page as the templates look at it. A name that a template asks for is always there: else it would be looked for
/// further out. `false` is what is not shown.
enum PageView {
  /// Markup of our own making, the only values that templates put in as they are.
  typealias Markup = String

  static func of(_ page: ReportPage, _ form: PageEscape.Form) -> [String: Any] {
    [
      "language": page.language, "title": page.title, "subtitle": page.subtitle, "style": PageStyle.text,
      "styleHash": PageStyle.hash, "footer": page.footer, "colon": page.language == "en" ? ": " : "：",
      "facts": page.facts.map { ["label": $0.label, "value": $0.value, "isBad": $0.isBad] as [String: Any] },
      "sections": page.sections.map { section in
        [
          "id": section.id, "title": section.title, "blocks": section.blocks.map { block($0, form, depth: 0) },
        ] as [String: Any]
      },
    ]
  }

  private static func block(_ block: ReportPage.Block, _ form: PageEscape.Form, depth: Int) -> [String: Any] {
    var view: [String: Any] = [
      "paragraph": false, "list": false, "chart": false, "table": false, "card": false, "pairs": false,
    ]
    switch block {
    case .paragraph(let text): view["paragraph"] = text
    case .list(let lines): view["list"] = ["lines": lines]
    case .chart(let chart):
      view["chart"] = [
        "title": chart.title, "description": chart.description, "svg": chart.svg as Markup, "legend": chart.legend,
      ]
    case .table(let table): view["table"] = self.table(table, form)
    case .card(let title, let blocks):
      // Cards hold facts and tables, no cards.
      view["card"] = [
        "heading": cell(title, form, inTable: false),
        "inner": depth == 0 ? blocks.map { self.block($0, form, depth: 1) } : [],
      ]
    case .facts(let facts):
      view["pairs"] = [
        "all": facts.map { ["name": $0.name, "value": cell($0.value, form, inTable: false)] as [String: Any] }
      ]
    }
    return view
  }

  private static func table(_ table: ReportPage.Table, _ form: PageEscape.Form) -> [String: Any] {
    [
      "caption": table.caption,
      "head": table.head.map { ["name": $0.text, "isNumber": $0.isNumber] as [String: Any] },
      "rows": table.rows.map { ["cells": $0.map { cell($0, form, inTable: true) }] },
    ]
  }

  /// A part without a letter is left out, with what would stand between.
  private static func cell(_ cell: ReportPage.Cell, _ form: PageEscape.Form, inTable: Bool) -> [String: Any] {
    let shown = cell.parts.filter { part in !part.text.allSatisfy { $0.isWhitespace } }
    let parts = shown.enumerated().map { index, part -> [String: Any] in
      [
        "isNext": index > 0, "text": part.text, "isCode": part.isCode, "link": part.link?.text ?? false as Any,
        "code": form == .markdown ? MarkupText.markdownCode(part.text, inTable: inTable) as Markup : "",
      ]
    }
    return ["style": cell.style ?? false as Any, "parts": parts]
  }
}

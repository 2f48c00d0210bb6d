/// A report as a document: facts, then sections of blocks. HTML and Markdown are two ways to write the same page.
struct ReportPage {
  /// `en` or `zh-CN`.
  var language: String
  var title: String
  var subtitle: String
  var facts: [Fact]
  var sections: [Section]
  var footer: [String]

  /// A number that is read first.
  struct Fact {
    var label: String
    var value: String
    var isBad = false
  }

  struct Section {
    var id: String
    var title: String
    var blocks: [Block]
  }

  enum Block {
    case paragraph(String)
    case list([String])
    case chart(Chart)
    case table(Table)
    /// One thing with all that is known of it.
    case card(title: Cell, blocks: [Block])
    /// Names and values.
    case facts([(name: String, value: Cell)])
  }

  struct Chart {
    var title: String
    /// The same in words: what Markdown has, and what is read aloud.
    var description: String
    /// Drawn by `Charts`: the only markup that is not from a template.
    var svg: String
    /// What its shades mean, where it is drawn.
    var legend = ""
  }

  struct Table {
    var caption: String
    var head: [Head]
    var rows: [[Cell]]

    struct Head {
      var text: String
      var isNumber = false
      init(_ text: String, isNumber: Bool = false) {
        self.text = text
        self.isNumber = isNumber
      }
    }
  }

  /// Parts one below the other.
  struct Cell {
    var parts: [Part]
    /// A class of the style sheet; ours, never from outside.
    var style: String?

    init(_ parts: [Part], style: String? = nil) {
      self.parts = parts
      self.style = style
    }
    /// Our own words.
    init(_ text: String, style: String? = nil) { self.init([Part(text: text)], style: style) }
    static func number(_ number: some BinaryInteger) -> Cell { Cell("\(number)", style: "number") }
    static func number(_ text: String) -> Cell { Cell(text, style: "number") }
    /// A date or one of a few words: not broken.
    static func short(_ text: String) -> Cell { Cell(text, style: "short") }
    /// A name, an address, evidence: shown letter by letter.
    static func code(_ text: String) -> Cell { Cell(text.isEmpty ? [] : [Part(text: text, isCode: true)]) }
  }

  struct Part {
    var text: String
    var isCode = false
    var link: SafeLink?
  }
}

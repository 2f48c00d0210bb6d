internal import Records

/// Whether a page advertises what its site would not. One mention is no evidence: a word counts where machines read
/// and visitors do not (title, keywords, hidden text), or where many words of advertisers stand close together and
/// nobody reports, warns or forbids beside them.
struct WordJudgement {
  private let finder = WordFinder(.subjects)
  private let reporting = WordFinder(.reporting)

  /// Distinct strong words that shown text needs.
  private static let shownWords = 3
  /// Distinct strong words that hidden text needs: a single one may be a filter's list or a joke.
  private static let hiddenWords = 2
  /// Shown text under which a defacer's phrase is the page.
  private static let shortPage = 1500

  /// Evidence for each subject that the page carries.
  func evidence(in page: Page) -> [WordLists.Subject: String] {
    var found: [WordLists.Subject: String] = [:]
    guard let finder else { return found }
    let heads = [("title", page.title), ("keywords", page.keywords), ("description", page.description)]
    for (name, text) in heads where !isReporting(text) {
      for (word, _) in hits(finder, text) where word.isStrong && word.subject != .defacement {
        found[word.subject] = found[word.subject] ?? "\(name) has \(Shown.text(word.text))"
      }
    }
    for subject in [WordLists.Subject.gambling, .porn, .fraud] where found[subject] == nil {
      found[subject] = crowd(finder, page, subject)
    }
    if let phrase = defacement(finder, page) { found[.defacement] = phrase }
    return found
  }

  /// A strong word in an anchor's text, or a topic word where nobody reports.
  func advertised(in anchor: String, isHidden: Bool) -> String? {
    guard let finder, !anchor.isEmpty, !isReporting(anchor) else { return nil }
    return hits(finder, anchor).first { $0.0.subject != .defacement && ($0.0.isStrong || isHidden) }?.0.text
  }

  private func hits(_ finder: WordFinder, _ text: String) -> [(WordLists.Word, Int)] {
    finder.counts(in: text.lowercased()).sorted { $0.key < $1.key }.map { (WordLists.all[$0.key], $0.value) }
  }

  private func isReporting(_ text: String) -> Bool { reporting?.counts(in: text.lowercased()).isEmpty == false }

  /// Blocks of strong words, weighed against the blocks that report.
  private func crowd(_ finder: WordFinder, _ page: Page, _ subject: WordLists.Subject) -> String? {
    var shown: Set<String> = []
    var hidden: Set<String> = []
    var told = 0
    for block in page.blocks {
      let words = hits(finder, block.text).filter { $0.0.subject == subject && $0.0.isStrong }.map(\.0.text)
      guard !words.isEmpty else { continue }
      if isReporting(block.text) {
        told += 1
      } else if block.isHidden {
        hidden.formUnion(words)
      } else {
        shown.formUnion(words)
      }
    }
    if hidden.count >= WordJudgement.hiddenWords { return WordJudgement.list("hidden text", hidden) }
    // An article about the matter reports in most of its paragraphs; the rest of it quotes.
    guard shown.count >= WordJudgement.shownWords, told * 2 < shown.count else { return nil }
    return WordJudgement.list("text", shown)
  }

  private static func list(_ place: String, _ words: Set<String>) -> String {
    "\(place) has \(words.count) words: \(words.sorted().prefix(4).joined(separator: ", "))"
  }

  /// A defacer signs: in the title, at the head of a heading, or on a page that holds little else.
  private func defacement(_ finder: WordFinder, _ page: Page) -> String? {
    let phrases = { (text: String) in self.hits(finder, text).filter { $0.0.subject == .defacement }.map(\.0.text) }
    let begins = { (text: String) -> String? in
      phrases(text).first { text.lowercased().drop { !$0.isLetter && !$0.isNumber }.hasPrefix($0) }
    }
    if let phrase = begins(page.title) { return "title begins with \"\(phrase)\"" }
    let blocks = page.blocks.filter { !$0.isHidden && !isReporting($0.text) }
    for block in blocks where block.isHeading {
      if let phrase = begins(block.text) { return "a heading begins with \"\(phrase)\"" }
    }
    guard page.visibleCount < WordJudgement.shortPage else { return nil }
    return blocks.lazy.compactMap { phrases($0.text).first }.first.map { "a short page says \"\($0)\"" }
  }
}

package import Records
internal import Wire

/// What came of the last form, told above the page.
package enum OwnerPageNote: Sendable, Hashable {
  case done(BilingualText), refused(BilingualText)
  case used, expired, malformed, noName, longName, noReason, longText, noDate
}

/// What the person typed into a form that was not taken: it stands in the next one.
package struct OwnerPageDraft: Sendable, Hashable {
  package var act: OwnerAct.Kind?
  package var name: String
  package var text: String
  package var until: String
  package init(act: OwnerAct.Kind? = nil, name: String = "", text: String = "", until: String = "") {
    self.act = act
    self.name = name
    self.text = text
    self.until = until
  }
}

/// The page behind the link of a notice, as HTML without scripts, that a telephone, a screen reader and a printer can read.
/// Everything that comes from outside goes through `MarkupText.html`.
package struct OwnerPageWriter {
  let language: TextLanguage
  package init(_ language: TextLanguage) { self.language = language }

  package func page(
    _ notice: NoticePage, nonce: String, note: OwnerPageNote? = nil, draft: OwnerPageDraft = OwnerPageDraft()
  ) -> String {
    var body = ""
    if notice.isDrill { body += "<p class=\"drill\" role=\"note\">\(word(OwnerWords.drill))</p>\n" }
    if let note {
      body +=
        "<p class=\"\(note.isGood ? "good" : "bad")\" role=\"\(note.isGood ? "status" : "alert")\">\(word(note.text))</p>\n"
    }
    body += "<h1>\(word(notice.title))</h1>\n" + head(notice)
    body += document(notice.document)
    body += steps(notice.steps)
    body += notice.acts.isEmpty ? "<p>\(word(OwnerWords.nothingToSay))</p>\n" : form(notice.acts, nonce, draft)
    return shell(title: notice.number + " " + notice.title[language], body)
  }

  package func unknown() -> String {
    shell(
      title: OwnerWords.unknownTitle[language],
      "<h1>\(word(OwnerWords.unknownTitle))</h1>\n<p>\(word(OwnerWords.unknown))</p>\n")
  }

  package func busy() -> String {
    shell(
      title: OwnerWords.busyTitle[language], "<h1>\(word(OwnerWords.busyTitle))</h1>\n<p>\(word(OwnerWords.busy))</p>\n"
    )
  }

  private func head(_ notice: NoticePage) -> String {
    var facts = [
      (OwnerWords.number, notice.number), (OwnerWords.organisation, notice.organisation[language]),
      (OwnerWords.severity, notice.severity.title[language]), (OwnerWords.state, notice.state[language]),
    ]
    if let deadline = notice.deadline { facts.insert((OwnerWords.deadline, OwnerPageWriter.minute(deadline)), at: 3) }
    return "<dl>\n" + facts.map { "<div><dt>\(word($0.0))</dt><dd>\(MarkupText.html($0.1))</dd></div>\n" }.joined()
      + "</dl>\n"
  }

  private func document(_ blocks: [NoticePage.Block]) -> String {
    var result = ""
    var isInFacts = false
    for block in blocks {
      if case .fact(let name, let value) = block {
        result += (isInFacts ? "" : "<dl>\n") + "<div><dt>\(word(name))</dt><dd>\(lines(value))</dd></div>\n"
        isInFacts = true
        continue
      }
      if isInFacts { result += "</dl>\n" }
      isInFacts = false
      switch block {
      case .heading(let text): result += "<h2>\(word(text))</h2>\n"
      case .paragraph(let text): result += "<p>\(lines(text))</p>\n"
      case .list(let items): result += "<ul>\n" + items.map { "<li>\(lines($0))</li>\n" }.joined() + "</ul>\n"
      case .markup(let text): result += text[language] + "\n"
      case .fact: break
      }
    }
    return result + (isInFacts ? "</dl>\n" : "")
  }

  private func steps(_ steps: [NoticePage.Step]) -> String {
    guard !steps.isEmpty else { return "" }
    let items = steps.map {
      "<li><time datetime=\"\($0.time.text)\">\(OwnerPageWriter.minute($0.time))</time> \(word($0.text))</li>\n"
    }
    return "<h2>\(word(OwnerWords.steps))</h2>\n<ol>\n\(items.joined())</ol>\n"
  }

  private func form(_ acts: [OwnerAct.Kind], _ nonce: String, _ draft: OwnerPageDraft) -> String {
    let chosen = draft.act.flatMap { acts.contains($0) ? $0 : nil } ?? acts.first
    let choices = acts.map { act in
      "<label class=\"choice\"><input type=\"radio\" name=\"act\" value=\"\(act.rawValue)\" required"
        + (act == chosen ? " checked" : "") + "> \(word(OwnerWords.title(act)))</label>\n"
    }
    return """
      <h2>\(word(OwnerWords.answer))</h2>
      <form method="post">
      <input type="hidden" name="nonce" value="\(MarkupText.html(nonce))">
      <fieldset><legend>\(word(OwnerWords.choose))</legend>
      \(choices.joined())</fieldset>
      <p><label for="name">\(word(OwnerWords.name))</label>
      <input id="name" name="name" required minlength="2" maxlength="100" autocomplete="name" value="\(MarkupText.html(draft.name))"></p>
      <p><label for="text">\(word(OwnerWords.text))</label>
      <textarea id="text" name="text" rows="4" maxlength="2000">\n\(MarkupText.html(draft.text))</textarea></p>
      <p><label for="until">\(word(OwnerWords.until))</label>
      <input id="until" name="until" type="date" value="\(MarkupText.html(draft.until))"></p>
      <p><button type="submit">\(word(OwnerWords.send))</button></p>
      </form>

      """
  }

  private func shell(title: String, _ body: String) -> String {
    let other = language == .zh ? "en" : "zh"
    return """
      <!doctype html>
      <html lang="\(language == .zh ? "zh-CN" : "en")">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="robots" content="noindex, nofollow">
      <meta name="referrer" content="no-referrer">
      <meta name="color-scheme" content="light dark">
      <title>\(MarkupText.html(title))</title>
      <style>\(OwnerPageWriter.style)</style>
      </head>
      <body>
      <p class="language"><a href="?lang=\(other)" lang="\(other)" hreflang="\(other)" rel="nofollow">\(word(OwnerWords.otherLanguage))</a></p>
      <main>
      \(body)</main>
      </body>
      </html>

      """
  }

  private func word(_ text: BilingualText) -> String { MarkupText.html(text[language]) }
  private func lines(_ text: BilingualText) -> String { word(text).replacing("\n", with: "<br>\n") }

  /// In UTC, said so: the reader's zone is not known here.
  private static func minute(_ time: Timestamp) -> String {
    let text = time.text
    return text.prefix(10) + " " + text.dropFirst(11).prefix(5) + " UTC"
  }

  /// The one thing that the page's policy lets a browser use, by its hash.
  package static let style = """

    :root { --paper: #fff; --ink: #1b1f24; --quiet: #57606a; --line: #c9d1d9; --mark: #0a58ca; --good: #116329; --bad: #a40e26; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #14181d; --ink: #e6edf3; --quiet: #9aa5b1; --line: #3a434d; --mark: #79b8ff; --good: #56d364; --bad: #ff8b85; }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 44rem; padding: 1rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.55 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; }
    h1 { font-size: 1.4rem; line-height: 1.3; } h2 { font-size: 1.1rem; margin-top: 1.6rem; }
    a { color: var(--mark); } .language { text-align: end; margin: 0; }
    dl { margin: 1rem 0; border-top: 1px solid var(--line); }
    dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .35rem 0; border-bottom: 1px solid var(--line); }
    dt { flex: 0 0 7rem; color: var(--quiet); } dd { flex: 1 1 12rem; margin: 0; }
    ol, ul { padding-inline-start: 1.3rem; } time { color: var(--quiet); }
    fieldset { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .8rem; }
    label { display: block; } .choice { padding: .45rem 0; } legend { padding: 0 .3rem; }
    input:not([type=radio]), textarea { width: 100%; font: inherit; color: inherit; background: var(--paper);
      border: 1px solid var(--quiet); border-radius: .3rem; padding: .5rem; }
    button { font: inherit; font-weight: 600; padding: .6rem 1.4rem; border: 0; border-radius: .3rem;
      background: var(--mark); color: var(--paper); }
    input:focus-visible, textarea:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
    .drill, .good, .bad { border: 2px solid; border-radius: .4rem; padding: .5rem .8rem; font-weight: 600; }
    .good { color: var(--good); } .bad, .drill { color: var(--bad); }
    @media print { form, .language { display: none; } }

    """
}

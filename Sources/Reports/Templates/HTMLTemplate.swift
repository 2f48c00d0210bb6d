/// The layout of a page in HTML, written as XML is, so that both kinds of readers read the same. It stands in the
/// program and not in a folder of rules: it changes together with the code that fills it, and a report never waits for
/// a file (Documentation/decisions/0045-reports-as-pages.md).
enum HTMLTemplate {
  /// Three braces put in what is made and escaped here: the style sheet and drawings.
  static let text = #"""
    <!DOCTYPE html>
    <html xmlns="http://www.w3.org/1999/xhtml" lang="{{language}}" xml:lang="{{language}}">
    <head>
    <meta charset="utf-8"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{{styleHash}}'; base-uri 'none'; form-action 'none'"/>
    <meta name="referrer" content="no-referrer"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <title>{{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <header>
    <h1>{{title}}</h1>
    <p class="subtitle">{{subtitle}}</p>
    <dl class="facts">
    {{#facts}}
    <div{{#isBad}} class="bad"{{/isBad}}><dt>{{label}}</dt><dd>{{value}}</dd></div>
    {{/facts}}
    </dl>
    <nav><ul>
    {{#sections}}
    <li><a href="#{{id}}">{{title}}</a></li>
    {{/sections}}
    </ul></nav>
    </header>
    <main>
    {{#sections}}
    <section id="{{id}}">
    <h2>{{title}}</h2>
    {{#blocks}}
    \#(block)
    {{#card}}
    <article>
    <h3>{{#heading}}\#(cell){{/heading}}</h3>
    {{#inner}}
    \#(block)
    {{/inner}}
    </article>
    {{/card}}
    {{/blocks}}
    </section>
    {{/sections}}
    </main>
    <footer>
    {{#footer}}
    <p>{{.}}</p>
    {{/footer}}
    </footer>
    </body>
    </html>

    """#

  private static let cell = #"""
    {{#parts}}{{#isNext}}<br/>{{/isNext}}{{#isCode}}<code>{{/isCode}}{{#link}}<a href="{{.}}" rel="noopener noreferrer">{{text}}</a>{{/link}}{{^link}}{{text}}{{/link}}{{#isCode}}</code>{{/isCode}}{{/parts}}
    """#

  private static let block = #"""
    {{#paragraph}}
    <p>{{.}}</p>
    {{/paragraph}}
    {{#list}}
    <ul>
    {{#lines}}
    <li>{{.}}</li>
    {{/lines}}
    </ul>
    {{/list}}
    {{#chart}}
    <figure><figcaption>{{title}}</figcaption>{{{svg}}}<p class="words">{{description}} {{legend}}</p></figure>
    {{/chart}}
    {{#pairs}}
    <dl class="pairs">
    {{#all}}
    <dt>{{name}}</dt><dd{{#value}}{{#style}} class="{{.}}"{{/style}}>\#(cell){{/value}}</dd>
    {{/all}}
    </dl>
    {{/pairs}}
    {{#table}}
    <div class="wide"><table>
    <caption>{{caption}}</caption>
    <thead><tr>{{#head}}<th scope="col"{{#isNumber}} class="number"{{/isNumber}}>{{name}}</th>{{/head}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr>{{#cells}}<td{{#style}} class="{{.}}"{{/style}}>\#(cell)</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table></div>
    {{/table}}
    """#
}

/// The same page in Markdown: tables as GitHub's dialect has them, drawings in words.
enum MarkdownTemplate {
  static let text = #"""
    # {{title}}

    {{subtitle}}

    {{#facts}}
    - {{label}}{{colon}}**{{value}}**
    {{/facts}}

    {{#sections}}
    ## {{title}}

    {{#blocks}}
    \#(block)
    {{#card}}
    ### {{#heading}}\#(cell){{/heading}}

    {{#inner}}
    \#(block)
    {{/inner}}
    {{/card}}
    {{/blocks}}
    {{/sections}}
    ---

    {{#footer}}
    {{.}}

    {{/footer}}

    """#

  private static let cell = #"""
    {{#parts}}{{#isNext}} · {{/isNext}}{{#link}}[{{/link}}{{#isCode}}{{{code}}}{{/isCode}}{{^isCode}}{{text}}{{/isCode}}{{#link}}](<{{{.}}}>){{/link}}{{/parts}}
    """#

  private static let block = #"""
    {{#paragraph}}
    {{.}}

    {{/paragraph}}
    {{#list}}
    {{#lines}}
    - {{.}}
    {{/lines}}

    {{/list}}
    {{#chart}}
    **{{title}}**{{colon}}{{description}}

    {{/chart}}
    {{#pairs}}
    {{#all}}
    - {{name}}{{colon}}{{#value}}\#(cell){{/value}}
    {{/all}}

    {{/pairs}}
    {{#table}}
    {{caption}}{{colon}}

    |{{#head}} {{name}} |{{/head}}
    |{{#head}}{{#isNumber}} ---: |{{/isNumber}}{{^isNumber}} --- |{{/isNumber}}{{/head}}
    {{#rows}}
    |{{#cells}} \#(cell) |{{/cells}}
    {{/rows}}

    {{/table}}
    """#
}

internal import Records

/// The one style sheet of a report: readable in light and dark, on A4, and without colour. It stands in the page, and
/// the page's policy lets in nothing but this very text.
enum PageStyle {
  /// Has no `<` and no `&`: HTML and XML then see the same characters, whose hash the policy names.
  static let text = """

    :root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #57606a; --rule: #d0d7de;
      --track: #eceff2; --accent: #0b5cad; --bad: #b3261e; --critical: #8b1a1a; --high: #c4441c; --medium: #8a6000;
      --low: #2f7d5b; --info: #57606a; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #14181c; --soft: #a3acb5; --rule: #3a424a;
      --track: #262c32; --accent: #6cb2ff; --bad: #ff8a80; --critical: #ff6b6b; --high: #ff9a62; --medium: #e8b33c;
      --low: #6fce9e; --info: #a3acb5; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
      font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
    h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.25rem; margin: 2rem 0 .6rem; border-bottom: 1px solid var(--rule); padding-bottom: .2rem; }
    h3 { font-size: 1.05rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
    h3 code { font-size: .8em; color: var(--soft); }
    a { color: var(--accent); }
    .subtitle, .words, caption, footer { color: var(--soft); }
    .facts { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1.2rem 0; }
    .facts div { flex: 1 1 8rem; border: 1px solid var(--rule); border-radius: .4rem; padding: .5rem .7rem; }
    .facts dt { font-size: .8rem; color: var(--soft); }
    .facts dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
    .facts .bad { border-color: var(--bad); border-width: 2px; }
    nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; padding: 0; font-size: .9rem; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: .88rem; margin: .6rem 0 1rem; }
    caption { text-align: left; padding: .2rem 0; }
    th, td { text-align: left; vertical-align: top; padding: .3rem .55rem; border-bottom: 1px solid var(--rule);
      overflow-wrap: anywhere; }
    thead th { border-bottom: 2px solid var(--ink); white-space: nowrap; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .short { white-space: nowrap; }
    code { font: .9em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    .overdue { color: var(--bad); font-weight: 600; }
    .severity-critical { color: var(--critical); font-weight: 700; }
    .severity-high { color: var(--high); font-weight: 600; }
    .severity-medium { color: var(--medium); }
    .severity-low { color: var(--low); }
    .severity-info { color: var(--info); }
    article { border: 1px solid var(--rule); border-radius: .4rem; padding: .8rem 1rem; margin: .8rem 0; }
    .pairs { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 0 .6rem; }
    .pairs dt { color: var(--soft); }
    .pairs dd { margin: 0; overflow-wrap: anywhere; }
    figure { margin: 1rem 0; }
    figcaption { font-weight: 600; }
    .words { font-size: .88rem; margin: .2rem 0 0; }
    .chart { display: block; width: 100%; max-width: 48rem; height: auto; }
    .chart .grid { stroke: var(--rule); stroke-width: 1; }
    .chart .label { fill: var(--ink); font-size: 13px; }
    .chart .line { fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linejoin: round; }
    .chart .dot, .chart .score, .chart .covered { fill: var(--accent); }
    .chart .track { fill: var(--track); }
    .chart .unsure { fill: var(--accent); fill-opacity: .4; }
    .chart .stale { fill: var(--soft); fill-opacity: .45; }
    .chart .bar-critical { fill: var(--critical); }
    .chart .bar-high { fill: var(--high); }
    .chart .bar-medium { fill: var(--medium); }
    .chart .bar-low { fill: var(--low); }
    .chart .bar-info { fill: var(--info); }
    footer { margin-top: 2rem; border-top: 1px solid var(--rule); font-size: .85rem; }
    @page { size: A4; margin: 16mm 14mm; }
    @media print {
      :root { color-scheme: light; --ink: #000000; --paper: #ffffff; --soft: #444444; --rule: #b5b5b5; --track: #ededed;
        --accent: #0b4a8a; --bad: #9b1c14; --critical: #7a1212; --high: #a83a18; --medium: #8a6000; --low: #23624a;
        --info: #444444; }
      body { max-width: none; padding: 0; font-size: 10pt; }
      nav { display: none; }
      .wide { overflow: visible; }
      a { color: inherit; text-decoration: none; }
      h2, h3 { break-after: avoid; }
      tr, figure, article dl { break-inside: avoid; }
      thead { display: table-header-group; }
    }

    """

  /// Of the policy: SHA-256 of the text between the tags, as base64.
  static let hash = Base64Text.of(SHA256.digest(Array(text.utf8)))
}

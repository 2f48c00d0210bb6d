/// The keys, in both languages.
enum HelpView {
  static func draw(_ model: Model, _ body: Area, _ canvas: inout Canvas) {
    let inner = Frame.draw(
      body, title: Line(Label.help.text(canvas.look.language), .title), isFocused: true, &canvas)
    let isWide = inner.columns >= 90
    let half = (entries.count + 1) / 2
    for (index, entry) in entries.enumerated() {
      let isRight = isWide && index >= half
      let y = inner.y + (isRight ? index - half : index)
      guard y < inner.y + inner.rows else { continue }
      let x = inner.x + (isRight ? inner.columns / 2 : 0)
      let room = isWide ? inner.columns / 2 - 1 : inner.columns
      canvas.put(entry.key, .key, x: x, y: y, columns: 14)
      canvas.put(canvas.look.language == .zh ? entry.zh : entry.en, x: x + 15, y: y, columns: room - 15)
    }
  }

  static let entries: [(key: String, en: String, zh: String)] = [
    ("j k, arrows", "next, previous row", "下一行、上一行"),
    ("g G", "first, last row", "首行、末行"),
    ("ctrl-d ctrl-u", "a page down, up", "下翻、上翻"),
    ("tab", "next pane", "下一窗格"),
    ("enter", "open the row or the site", "打开"),
    ("o", "in a row: its site", "告警所属站点"),
    ("esc q", "back; q on the first screen leaves", "返回；在首屏退出"),
    ("0-5", "the screens", "切换屏幕"),
    ("[ ]", "back and forth between them", "后退、前进"),
    ("h l", "on the map of sites: left, right; in a tree: close, open", "站点图左右移动；树收起、展开"),
    ("/", "filter the pane: severity>=high site:tax* since:2h", "筛选窗格，如 severity>=high site:tax*"),
    (":", "command: close benign, shelve 2h, theme light, lang zh", "命令，如 close benign、lang en"),
    (":set", "a variable of the screen: set organisation tax*", "屏幕变量，如 set organisation tax*"),
    ("t", "freeze the feed, let it go on", "暂停或继续滚动"),
    ("y", "copy the row (OSC 52)", "复制"),
    ("a", "acknowledge: it is yours, its clock stops", "确认"),
    ("e", "escalate to the next step", "上报"),
    ("c", "close, with a verdict", "关闭并给出结论"),
    ("z", "shelve for a time, at most 24h", "搁置，至多 24 小时"),
    ("@", "assign to somebody", "指派"),
    ("m", "comment", "备注"),
    ("u", "undo the last act on the row", "撤销"),
    ("x", "mark; acts are then on all marked rows", "标记"),
    ("* 1", "mark the rows of the same rule", "标记同一规则的行"),
    ("ctrl-l ctrl-z", "draw anew, suspend", "重绘、挂起"),
  ]
}

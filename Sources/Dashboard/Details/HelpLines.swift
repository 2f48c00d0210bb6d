import Records

/// The keys of where one came from, then those that hold everywhere.
struct HelpLines {
  let model: Model
  let forms: DetailForms

  var lines: [DetailLine] { Array((here + acts + everywhere).dropFirst()) }

  /// As it was before the help was opened.
  private var before: Model {
    var before = model
    if model.place == .help { _ = before.back() }
    return before
  }

  private func keys(_ entries: [(String, String, String)]) -> [DetailLine] {
    forms.table(entries.map { .init([Run($0.0, .key), Run(forms.words($0.1, $0.2))]) })
  }

  // MARK: here

  private var here: [DetailLine] {
    guard case .screen = before.place else {
      return forms.section("in what is open", "详情页", keys(HelpLines.detail))
    }
    guard let panel = before.focusedPanel else { return [] }
    let name = panel.title?.text(forms.language) ?? panel.name
    return forms.section("in the pane: \(name)", "当前窗格：\(name)", keys(HelpLines.pane(panel)))
  }

  private static let detail = [
    ("tab", "the next link", "下一链接"), ("enter", "follow the link", "打开链接"),
    ("o", "of a row its site", "告警所属站点"), ("j k", "a line down, up", "下移、上移一行"),
    ("ctrl-d ctrl-u", "a page down, up", "下翻、上翻"), ("g G", "begin, end", "首行、末行"), ("esc q", "back", "返回"),
  ]

  static func pane(_ panel: Panel) -> [(String, String, String)] {
    let walk = [("j k, arrows", "next, previous", "下一条、上一条"), ("enter", "open it", "打开")]
    let hold = ("t", "hold the list as it is", "暂停刷新列表")
    let filter =
      panel.schema == nil
      ? [] : [("/", "leave some out: severity>=high site:tax* since:2h", "筛选，如 severity>=high site:tax*")]
    let own: [(String, String, String)] =
      switch panel.kind {
      case .sites: walk + [("h l", "the site to the left, right", "左、右站点"), hold]
      case .tree: [("j k", "next, previous", "下一条、上一条"), ("h l, enter", "close, open a branch", "收起、展开"), hold]
      case .feed: walk + [("t", "freeze it, let it go on", "暂停、继续")]
      case .table where panel.listsQueue:
        walk + [
          ("x", "mark; acts are then on all marked rows", "标记"), ("* 1", "mark the rows of the same rule", "标记同一规则的行"),
          ("* *", "mark all that are listed", "标记所列全部"), hold,
        ]
      case .table, .clocks, .roster: walk + [hold]
      case .state: [("enter", "open the shift", "打开班次")]
      case .number, .sparkline, .bars, .histogram, .gauge: []
      }
    return own + filter
  }

  // MARK: acts

  private var acts: [DetailLine] {
    let before = before
    guard let target = before.target else { return [] }
    let actions = Action.all(on: target, before).filter { before.mayDo($0) }
    let more = actions.map { (". \($0.letter)  :\($0.name)", $0.title.en, $0.title.zh) }
    var rows: [(String, String, String)] = []
    if case .rows = target { rows = HelpLines.rowActs }
    let title = target.title
    return forms.section("acts on \(title.en)", "可对\(title.zh)执行", keys(rows + more))
  }

  private static let rowActs = [
    ("a", "acknowledge: it is yours, its clock stops", "确认"), ("e", "escalate to the next step", "上报"),
    ("c", "close, with a verdict", "关闭并给出结论"), ("z", "shelve for a time, at most 24h", "搁置，至多 24 小时"),
    ("@", "assign to somebody", "指派"), ("m", "comment", "备注"), ("u", "undo the last act on the row", "撤销"),
    ("U", "undo the last act on several rows", "撤销上一批量操作"),
  ]

  // MARK: everywhere

  private var everywhere: [DetailLine] {
    forms.section("everywhere", "通用", keys(HelpLines.always))
      + forms.section("commands", "命令", keys(HelpLines.commands))
  }

  private static let always = [
    ("0-5", "the screens", "切换屏幕"), ("tab", "next pane", "下一窗格"), ("[ ]", "back and forth", "后退、前进"),
    ("esc q", "back; q on the first screen leaves", "返回；在首屏退出"),
    (".", "what else can be done to what is selected", "更多操作"),
    (":", "command; tab completes it", "命令，tab 补全"), ("y", "copy what is selected (OSC 52)", "复制"),
    ("ctrl-l ctrl-z", "draw anew, suspend", "重绘、挂起"),
  ]
  private static let commands = [
    (":open 17  :site ID", "a row, a site; so organisation, incident, notice, shift", "打开告警、站点等"),
    (":take  :handover", "take the watch, hand it over", "接班、交班"),
    (":remark  :report", "write into the duty's log, make a report", "写值班日志、生成报告"),
    (":set NAME VALUE", "a variable of the screen: set organisation tax*", "屏幕变量"),
    (":theme  :lang", "looks and language", "主题与语言"), (":screen  :quit", "a screen by its name, leave", "按名称切换屏幕、退出"),
  ]
}

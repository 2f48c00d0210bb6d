import ControlAPI
import Records

/// Every word of the screen that is not data, in both languages.
enum Label: String, CaseIterable, Sendable {
  case overdue, filter, fresh, scans, sensor, dropped, watch
  case connecting, disconnected, tryingAgain, noSensor, blind, late, gone, seeing
  case attempted, failed, succeeded, compromised, critical, high, medium, low, info
  case ack, escalate, close, shelve, assign, comment, undo, open, command, help, back, next, mark, freeze, quit
  case nothing, waiting, posture, neverTested, notAuthorised, running, due, frozen, held, hours, tooSmall, readOnly
  case scanner, scansStopped, rules, lost, noScan, screen, marked, more, site, jobs, row
  case yes, no, nobody, officer, deputy, lead, retry, selectFirst, since, handedTo, judge
  case sites, called, waits, heldByWatch, guardPeriod, notTaken, confirmedBy, noOpenRow, stuckBefore, most, lagged,
    screens, backForth, nextLink, alert, incident, notice, shift, acts

  func text(_ language: Language) -> String {
    let (en, zh) = pair
    return language == .en ? en : zh
  }

  /// Both at once, for what is said before the language is known.
  var words: BilingualText { BilingualText(en: pair.0, zh: pair.1) }

  private var pair: (String, String) {
    switch self {
    case .overdue: ("overdue", "超时")
    case .filter: ("filter", "筛选")
    case .fresh: ("fresh", "有效")
    case .scans: ("scans", "扫描")
    case .sensor: ("sensor", "探针")
    case .dropped: ("dropped", "丢弃")
    case .watch: ("watch", "值守")
    case .connecting: ("connecting to the hub", "正在连接中枢")
    case .disconnected: ("NO CONNECTION to the hub", "与中枢断开")
    case .tryingAgain: ("trying again", "正在重连")
    default: statePair
    }
  }

  private var statePair: (String, String) {
    switch self {
    case .noSensor: ("no sensor", "无探针")
    case .blind: ("BLIND", "失明")
    case .late: ("late", "迟报")
    case .gone: ("gone", "失联")
    case .seeing: ("sees", "正常")
    case .attempted: ("attempted", "企图")
    case .failed: ("failed", "失败")
    case .succeeded: ("succeeded", "成功")
    case .compromised: ("compromised", "失陷")
    case .critical: ("critical", "严重")
    case .high: ("high", "高")
    case .medium: ("medium", "中")
    case .low: ("low", "低")
    case .info: ("info", "提示")
    default: keyPair
    }
  }

  private var keyPair: (String, String) {
    switch self {
    case .ack: ("ack", "确认")
    case .escalate: ("escalate", "上报")
    case .close: ("close", "关闭")
    case .shelve: ("shelve", "搁置")
    case .assign: ("assign", "指派")
    case .comment: ("comment", "备注")
    case .undo: ("undo", "撤销")
    case .open: ("open", "打开")
    case .command: ("command", "命令")
    case .help: ("help", "帮助")
    case .back: ("back", "返回")
    case .next: ("next pane", "下一窗格")
    case .mark: ("mark", "标记")
    case .freeze: ("freeze", "暂停")
    case .quit: ("quit", "退出")
    default: otherPair
    }
  }

  private var otherPair: (String, String) {
    switch self {
    case .nothing: ("nothing here", "无")
    case .waiting: ("waiting for the hub", "等待中枢")
    case .posture: ("posture", "态势评分")
    case .neverTested: ("never tested", "未检测")
    case .notAuthorised: ("not authorised", "未授权")
    case .running: ("running", "进行中")
    case .due: ("due", "到期")
    case .frozen: ("frozen", "已暂停")
    case .held: ("held back", "待显示")
    case .hours: ("24 h", "24 小时")
    case .tooSmall: ("too small", "窗口太小")
    case .readOnly: ("read-only", "只读")
    case .scanner: ("scanner", "扫描器")
    case .scansStopped: ("STOPPED", "已停止")
    case .rules: ("rules", "条规则")
    case .lost: ("lost", "丢失")
    case .noScan: ("no scan is planned", "无扫描计划")
    case .screen: ("screen", "屏幕")
    case .marked: ("marked", "已标记")
    case .more: ("more", "更多")
    case .site: ("site", "站点")
    case .jobs: ("jobs", "次任务")
    case .row: ("row", "行")
    default: dutyPair
    }
  }

  private var dutyPair: (String, String) {
    switch self {
    case .yes: ("yes", "是")
    case .no: ("no", "否")
    case .nobody: ("NOBODY", "空岗")
    case .officer: ("officer", "值班员")
    case .deputy: ("deputy", "副班")
    case .lead: ("lead", "带班领导")
    case .retry: ("again in", "重试于")
    case .selectFirst: ("nothing is selected there", "未选择条目")
    case .since: ("since", "自")
    case .handedTo: ("to", "交")
    case .judge: ("judge", "研判")
    default: watchPair
    }
  }

  private var watchPair: (String, String) {
    switch self {
    case .sites: ("sites", "个站点")
    case .called: ("called", "呼叫顺序")
    case .waits: ("rows wait", "行待确认")
    case .heldByWatch: ("are held", "行在办")
    case .guardPeriod: ("guard period", "重保")
    case .notTaken: ("NOT TAKEN", "未接班")
    case .confirmedBy: ("confirmed by", "接班确认")
    case .noOpenRow: ("no open row", "无未结告警")
    case .stuckBefore: ("the last did not come to", "最近一次未到")
    case .most: ("most", "最长")
    case .screens: ("screens", "屏幕")
    case .backForth: ("back, forth", "后退、前进")
    case .nextLink: ("next link", "下一链接")
    case .alert: ("alert", "告警")
    case .acts: ("acts", "更多操作")
    case .incident: ("case", "事件")
    case .notice: ("notice", "通报")
    case .shift: ("shift", "班次")
    case .lagged: ("some changes were lost", "部分变更丢失")
    default: (rawValue, rawValue)
    }
  }
}

extension Label {
  init(act: ActRequest.Act) {
    self =
      switch act {
      case .acknowledge: .ack
      case .escalate: .escalate
      case .close: .close
      case .shelve: .shelve
      case .assign: .assign
      case .comment: .comment
      case .judge: .judge
      case .undo: .undo
      }
  }
}

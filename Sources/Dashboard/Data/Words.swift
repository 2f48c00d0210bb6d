import ControlAPI
import Records

/// A closed set whose names are queries' words and whose titles are shown.
protocol Titled: CaseIterable, RawRepresentable, Equatable where RawValue == String {
  var title: BilingualText { get }
}

extension Titled {
  func value(_ role: Role = .text) -> Value {
    let rank = Array(Self.allCases).firstIndex(of: self) ?? 0
    return .name(NamedValue(name: rawValue, title: title, role: role, rank: rank))
  }
}

extension IncidentState: Titled {}
extension IncidentKind: Titled {}
extension OperatorKind: Titled {}
extension IncidentClock.State: Titled {}
extension IncidentLine.Kind: Titled {}
extension NoticeState: Titled {}
extension NoticeKind: Titled {}
extension WarningColour: Titled {}
extension Intake.Source: Titled {}
extension EarlyWarning.Kind: Titled {}
extension OrganisationKind: Titled { var title: BilingualText { label } }
extension AdministrativeLevel: Titled { var title: BilingualText { label } }

extension TriageState: Titled {}

extension Verdict: Titled {
  /// In English as commands and queries have it.
  var title: BilingualText {
    switch self {
    case .truePositive: BilingualText(en: rawValue, zh: "属实")
    case .falsePositive: BilingualText(en: rawValue, zh: "误报")
    case .benign: BilingualText(en: rawValue, zh: "无害")
    case .duplicate: BilingualText(en: rawValue, zh: "重复")
    case .expected: BilingualText(en: rawValue, zh: "预期")
    case .fixed: BilingualText(en: rawValue, zh: "已修复")
    }
  }
}

extension Wing: Titled {
  var title: BilingualText {
    switch self {
    case .sensor: Label.sensor.words
    case .scanner: Label.scanner.words
    }
  }
}

extension FindingState: Titled {
  var title: BilingualText {
    switch self {
    case .open: BilingualText(en: "open", zh: "未整改")
    case .notified: BilingualText(en: "notified", zh: "已通报")
    case .received: BilingualText(en: "received", zh: "已签收")
    case .fixing: BilingualText(en: "being fixed", zh: "整改中")
    case .claimed: BilingualText(en: "said fixed", zh: "称已整改")
    case .verified: BilingualText(en: "gone", zh: "已复核")
    case .reopened: BilingualText(en: "came back", zh: "重新出现")
    case .accepted: BilingualText(en: "accepted", zh: "已接受")
    case .falsePositive: BilingualText(en: "false", zh: "误报")
    case .unverifiable: BilingualText(en: "cannot tell", zh: "无法复核")
    case .moved: BilingualText(en: "moved", zh: "已迁移")
    }
  }
}

extension NoticeAnswer.Kind: Titled {
  var title: BilingualText {
    switch self {
    case .receipt: BilingualText(en: "received", zh: "签收")
    case .fixed: BilingualText(en: "said fixed", zh: "称已整改")
    case .moreTime: BilingualText(en: "wants more time", zh: "申请延期")
    case .dispute: BilingualText(en: "disputes it", zh: "提出异议")
    case .retest: BilingualText(en: "wants a retest", zh: "申请复测")
    }
  }
}

extension CoverageEntry.Status: Titled {
  var title: BilingualText {
    switch self {
    case .tested: BilingualText(en: "tested", zh: "已检测")
    case .skipped: BilingualText(en: "skipped", zh: "已跳过")
    case .notAuthorised: BilingualText(en: "not permitted", zh: "未授权")
    case .notDetermined: BilingualText(en: "not determined", zh: "未判定")
    case .stopped: BilingualText(en: "stopped", zh: "已停止")
    }
  }
}

extension NoticeUrgency: Titled {
  var title: BilingualText {
    switch self {
    case .ordinary: BilingualText(en: "ordinary", zh: "一般")
    case .urgent: BilingualText(en: "urgent", zh: "紧急")
    }
  }
}

extension DutyTask.Kind: Titled {
  var title: BilingualText {
    switch self {
    case .approval: BilingualText(en: "approve", zh: "审批")
    case .silence: BilingualText(en: "call them", zh: "催签收")
    case .unconfirmedContact: BilingualText(en: "confirm contact", zh: "核实联系人")
    case .unreachable: BilingualText(en: "no address", zh: "无联系方式")
    case .dispute: BilingualText(en: "dispute", zh: "异议")
    case .moreTime: BilingualText(en: "more time", zh: "申请延期")
    case .undetermined: BilingualText(en: "retest unclear", zh: "复测不明")
    case .unverifiable: BilingualText(en: "cannot verify", zh: "无法复核")
    case .intake: BilingualText(en: "answer", zh: "答复")
    }
  }
}

extension Intake.State: Titled {
  var title: BilingualText {
    switch self {
    case .open: BilingualText(en: "open", zh: "待答复")
    case .answered: BilingualText(en: "answered", zh: "已答复")
    case .rated: BilingualText(en: "rated", zh: "已评价")
    }
  }
}

extension Intake.Rating: Titled {
  var title: BilingualText {
    switch self {
    case .satisfied: BilingualText(en: "satisfied", zh: "满意")
    case .mostly: BilingualText(en: "mostly", zh: "基本满意")
    case .dissatisfied: BilingualText(en: "dissatisfied", zh: "不满意")
    case .noAnswer: BilingualText(en: "no answer", zh: "未评价")
    }
  }
}

extension OutboxEntry.State: Titled {
  var title: BilingualText {
    switch self {
    case .waiting: BilingualText(en: "waiting", zh: "待发")
    case .delivered: BilingualText(en: "delivered", zh: "已送达")
    case .dead: BilingualText(en: "given up", zh: "已放弃")
    case .withheld: BilingualText(en: "withheld", zh: "演练不发")
    case .dropped: BilingualText(en: "taken out", zh: "已撤下")
    }
  }
}

extension OutboxLaneItem.State: Titled {
  var title: BilingualText {
    switch self {
    case .flowing: BilingualText(en: "at work", zh: "正常")
    case .down: BilingualText(en: "DOWN", zh: "中断")
    case .missing: BilingualText(en: "not set up", zh: "未配置")
    }
  }
}

extension Dispatch.Kind: Titled {
  var title: BilingualText {
    switch self {
    case .notice: BilingualText(en: "notice", zh: "通报")
    case .reminder: BilingualText(en: "reminder", zh: "催办")
    case .supervision: BilingualText(en: "supervision", zh: "督办")
    case .warning: BilingualText(en: "warning", zh: "预警")
    case .page: BilingualText(en: "page", zh: "呼叫")
    case .digest: BilingualText(en: "digest", zh: "汇总")
    case .report: BilingualText(en: "report", zh: "报告")
    }
  }
}

extension SensorItem.State: Titled {
  var title: BilingualText { StateLines.label(self).words }
}

extension Criticality: Titled {
  var title: BilingualText {
    switch self {
    case .ordinary: BilingualText(en: "ordinary", zh: "一般")
    case .important: BilingualText(en: "important", zh: "重要")
    case .critical: BilingualText(en: "critical", zh: "关键")
    }
  }
}

extension ProbeClass: Titled {
  var title: BilingualText {
    switch self {
    case .observe: BilingualText(en: "observe", zh: "观察")
    case .probe: BilingualText(en: "probe", zh: "探测")
    case .intrusive: BilingualText(en: "intrusive", zh: "侵入")
    }
  }
}

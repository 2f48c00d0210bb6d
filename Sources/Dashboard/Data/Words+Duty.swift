import ControlAPI
import Records

extension DutyLine.Kind: Titled {
  var title: BilingualText {
    switch self {
    case .remark: BilingualText(en: "remark", zh: "记事")
    case .shift: BilingualText(en: "shift", zh: "交接班")
    case .page: BilingualText(en: "page", zh: "呼叫")
    case .fault: BilingualText(en: "fault", zh: "故障")
    case .roster: BilingualText(en: "roster", zh: "排班")
    case .watchGap: BilingualText(en: "gap", zh: "空岗")
    case .canary: BilingualText(en: "canary", zh: "链路自检")
    case .drill: BilingualText(en: "drill", zh: "演练")
    case .report: BilingualText(en: "report", zh: "报告")
    case .guardPeriod: BilingualText(en: "guard", zh: "重保")
    }
  }
}

extension DutyReport.Kind: Titled {
  var title: BilingualText {
    switch self {
    case .daily: BilingualText(en: "daily", zh: "日报")
    case .zero: BilingualText(en: "zero", zh: "零报告")
    case .closing: BilingualText(en: "closing", zh: "总结")
    }
  }
}

extension DutyReport.Verdict: Titled {
  var title: BilingualText {
    switch self {
    case .zero: BilingualText(en: "zero", zh: "零")
    case .notZero: BilingualText(en: "not zero", zh: "非零")
    case .notDetermined: BilingualText(en: "not determined", zh: "未判定")
    }
  }
}

extension CanaryRun.Stage: Titled {
  var title: BilingualText {
    switch self {
    case .sent: BilingualText(en: "sent", zh: "发出")
    case .packet: BilingualText(en: "seen by a sensor", zh: "探针看见")
    case .stored: BilingualText(en: "stored", zh: "入库")
    case .assigned: BilingualText(en: "assigned", zh: "交办")
    case .seen: BilingualText(en: "on a screen", zh: "上屏")
    }
  }
}

internal import Records

/// The words of the owners' page, in both languages.
enum OwnerWords {
  static let unknownTitle = BilingualText(en: "This link leads nowhere", zh: "链接无效")
  static let unknown = BilingualText(
    en: "There is no notice behind this link, or the link has run out. Ask the office that sent it for a new one.",
    zh: "该链接不存在或已失效。请联系发出通报的单位重新获取。")
  static let busyTitle = BilingualText(en: "Too many requests", zh: "请求过于频繁")
  static let busy = BilingualText(en: "Please try again in a minute.", zh: "请一分钟后再试。")
  static let drill = BilingualText(en: "This is a drill.", zh: "本通报为演练。")
  static let number = BilingualText(en: "Number", zh: "编号")
  static let organisation = BilingualText(en: "To", zh: "致")
  static let severity = BilingualText(en: "Severity", zh: "级别")
  static let deadline = BilingualText(en: "Deadline", zh: "期限")
  static let state = BilingualText(en: "State", zh: "状态")
  static let steps = BilingualText(en: "What happened so far", zh: "处理经过")
  static let answer = BilingualText(en: "Your answer", zh: "反馈")
  static let choose = BilingualText(en: "What do you want to say?", zh: "请选择反馈内容")
  static let name = BilingualText(en: "Your name (it is kept with the answer)", zh: "您的姓名（将随反馈一并记录）")
  static let text = BilingualText(
    en: "What was done, or the reason (needed for more time and for a dispute)", zh: "处置情况或理由（申请延期、提出异议时必填）")
  static let until = BilingualText(en: "More time until (only for more time)", zh: "延期至（仅申请延期时填写）")
  static let send = BilingualText(en: "Send", zh: "提交")
  static let nothingToSay = BilingualText(en: "Nothing is asked of you now.", zh: "目前无需反馈。")
  static let otherLanguage = BilingualText(en: "中文", zh: "English")
  static let done = BilingualText(en: "Thank you: it is kept.", zh: "已收到，谢谢。")
  static let notDone = BilingualText(en: "It was not taken", zh: "未能受理")
  static let used = BilingualText(
    en: "This form was already sent. What is kept stands below.", zh: "该表单已提交过，当前记录见下。")
  static let expired = BilingualText(
    en: "This form is too old. Nothing was kept; please send it again.", zh: "表单已过期，未作任何记录，请重新提交。")

  static func title(_ act: OwnerAct.Kind) -> BilingualText {
    switch act {
    case .receive: BilingualText(en: "We have received this notice", zh: "确认收到本通报")
    case .fix: BilingualText(en: "It is fixed", zh: "已完成整改")
    case .extend: BilingualText(en: "We ask for more time", zh: "申请延期")
    case .dispute: BilingualText(en: "We dispute it", zh: "提出异议")
    case .retest: BilingualText(en: "Please test again", zh: "申请复测")
    }
  }
}

extension OwnerPageNote {
  var text: BilingualText {
    switch self {
    case .done(let text): BilingualText(en: OwnerWords.done.en + " " + text.en, zh: OwnerWords.done.zh + text.zh)
    case .refused(let text):
      BilingualText(en: OwnerWords.notDone.en + ": " + text.en, zh: OwnerWords.notDone.zh + "：" + text.zh)
    case .used: OwnerWords.used
    case .expired: OwnerWords.expired
    case .malformed: BilingualText(en: "The form was not complete. Nothing was kept.", zh: "表单不完整，未作任何记录。")
    case .noName: BilingualText(en: "Please type your name. Nothing was kept.", zh: "请填写姓名，未作任何记录。")
    case .longName: BilingualText(en: "The name is too long. Nothing was kept.", zh: "姓名过长，未作任何记录。")
    case .noReason: BilingualText(en: "Please give a reason. Nothing was kept.", zh: "请填写理由，未作任何记录。")
    case .longText: BilingualText(en: "The text is too long. Nothing was kept.", zh: "文字过长，未作任何记录。")
    case .noDate:
      BilingualText(en: "Please give the date until which you need time. Nothing was kept.", zh: "请填写延期日期，未作任何记录。")
    }
  }
  var isGood: Bool { if case .done = self { true } else { false } }
}

internal import Records
internal import Wire

/// The page's own words in its language; both stand side by side where they are used.
struct Words {
  let language: TextLanguage
  let utcOffset: Int64

  func callAsFunction(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }
  func callAsFunction(_ text: BilingualText) -> String { text[language] }

  var notDetermined: String { self("not determined", "尚不确定") }
  func score(_ score: Int?) -> String { score.map(String.init) ?? notDetermined }

  // MARK: times

  func day(_ time: Timestamp) -> String { ReportPeriod.civil(ReportPeriod.day(of: time, utcOffset)) }

  /// `2026-10-05 14:03`, at the hub.
  func moment(_ time: Timestamp) -> String {
    let (sum, isOver) = time.nanoseconds.addingReportingOverflow(utcOffset * 1_000_000_000)
    let text = (isOver ? time : Timestamp(nanoseconds: sum)).secondText
    return text.prefix(10) + " " + text.dropFirst(11).prefix(5)
  }

  /// `UTC+08:00`.
  var zone: String {
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let size = abs(utcOffset) / 60
    return utcOffset == 0 ? "UTC" : "UTC\(utcOffset < 0 ? "-" : "+")\(two(size / 60)):\(two(size % 60))"
  }

  // MARK: names

  func name(_ severity: Severity) -> String { self(severity.title) }

  func name(_ outcome: Outcome) -> String {
    switch outcome {
    case .failed: self("failed", "失败")
    case .notDetermined: notDetermined
    case .attempted: self("attempted", "企图")
    case .succeeded: self("succeeded", "成功")
    case .compromised: self("compromised", "失陷")
    }
  }

  func name(_ criticality: Criticality) -> String {
    switch criticality {
    case .ordinary: self("ordinary", "一般")
    case .important: self("important", "重要")
    case .critical: self("critical", "关键")
    }
  }

  func name(_ state: TriageState) -> String {
    switch state {
    case .new: self("new", "新增")
    case .acknowledged: self("acknowledged", "已确认")
    case .escalated: self("escalated", "已升级")
    case .shelved: self("shelved", "已搁置")
    case .closed: self("closed", "已关闭")
    }
  }

  func name(_ state: FindingState) -> String {
    switch state {
    case .open: self("open", "未整改")
    case .notified: self("notified", "已通报")
    case .received: self("received", "已签收")
    case .fixing: self("being fixed", "整改中")
    case .claimed: self("claimed fixed", "声称已整改")
    case .verified: self("verified gone", "已核验消除")
    case .reopened: self("back again", "复现")
    case .accepted: self("accepted", "已接受风险")
    case .falsePositive: self("false positive", "误报")
    case .unverifiable: self("cannot be verified", "无法核验")
    case .moved: self("told by another finding", "已并入其他问题")
    }
  }

  func name(_ status: ReportContents.FindingLine.Status) -> String {
    switch status {
    case .open: self("open", "未消除")
    case .gone: self("gone", "已消除")
    case .settled: self("settled", "已处置")
    }
  }

  func name(_ status: CoverageEntry.Status) -> String {
    switch status {
    case .tested: self("tested", "已检测")
    case .skipped: self("skipped", "已跳过")
    case .notAuthorised: self("not authorised", "未授权")
    case .notDetermined: notDetermined
    case .stopped: self("stopped", "已停止")
    }
  }

  func name(_ answer: ReportContents.EngineWord.Answer) -> String {
    switch answer {
    case .yes: self("yes", "存在")
    case .no: self("no", "不存在")
    case .notDetermined: notDetermined
    }
  }

  func name(_ probe: ProbeClass) -> String {
    switch probe {
    case .observe: self("observe", "观察")
    case .probe: self("probe", "探测")
    case .intrusive: self("intrusive", "侵入性")
    }
  }
}

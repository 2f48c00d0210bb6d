import Records
import Wire

@testable import Hub

/// Notices in memory, for the page's tests: what the real desk promises, in its simplest form.
actor MemoryDesk: NoticeDesk {
  struct Kept: Sendable, Equatable {
    var token: String
    var act: OwnerAct
    var name: String
    var from: String
  }
  static let token = "abcdefghijklmnopqrstuvwxyz012345"
  private(set) var kept: [Kept] = []
  private(set) var looks = 0
  var notice: NoticePage
  private var isGone = false

  init(_ notice: NoticePage = MemoryDesk.sample) { self.notice = notice }

  func runOut() { isGone = true }

  func show(_ token: String) async -> NoticePage? {
    looks += 1
    return token == MemoryDesk.token && !isGone ? notice : nil
  }

  func act(_ token: String, _ act: OwnerAct, name: String, from: String) async -> OwnerAnswer {
    guard token == MemoryDesk.token, !isGone else { return .unknown }
    if case .extend(let until, _) = act, until > "2027-01-01" {
      return .refused(BilingualText(en: "2027-01-01 is the last day.", zh: "最晚可延至2027-01-01。"))
    }
    kept.append(Kept(token: token, act: act, name: name, from: from))
    notice.steps.append(
      .init(time: Timestamp(seconds: 1_795_100_000), text: BilingualText("\(act.kind.rawValue): \(name)")))
    return .done(BilingualText(en: "The office sees it at once.", zh: "监测中心已同步获悉。"))
  }

  static let sample = NoticePage(
    number: "2026-017", title: BilingualText(en: "Outdated component on tax.example.gov", zh: "关于税务局网站组件版本过低的通报"),
    organisation: BilingualText(en: "City tax office", zh: "市税务局"), severity: .high,
    state: BilingualText(en: "sent", zh: "已发出"), deadline: Timestamp(seconds: 1_796_000_000),
    document: [
      .heading(BilingualText(en: "What was found", zh: "发现的问题")),
      .paragraph(
        BilingualText(
          en: "A scan on 25 November found a component with known weaknesses.\nIt answers to everybody.",
          zh: "11月25日检测发现网站所用组件存在已知漏洞，\n任何人均可访问。")),
      .fact(BilingualText(en: "Site", zh: "网站"), BilingualText("https://tax.example.gov/")),
      .fact(BilingualText(en: "Version", zh: "版本"), BilingualText("1.2.3 <b>&amp;</b> \"quoted\"")),
      .list([
        BilingualText(en: "Update to 1.4.0 or later.", zh: "升级至1.4.0或更高版本。"),
        BilingualText(en: "Tell us by this page.", zh: "通过本页面反馈整改情况。"),
      ]),
    ],
    steps: [.init(time: Timestamp(seconds: 1_795_000_000), text: BilingualText(en: "sent", zh: "已发出"))])
}

import ArgumentParser
import ControlAPI
import Records

extension SitesCommand {
  struct Notice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "notice-of-scanning",
      abstract: "A letter for the owners of sites: who scans, from which addresses, how, and whom to call.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "en, zh or both.") var language = "both"

    func validate() throws {
      guard ["en", "zh", "both"].contains(language) else { throw ValidationError("--language is en, zh or both") }
    }

    func run() async throws {
      let notice = try await hub.client().call(API.scanningNotice, Nothing())
      if look.json { return try look.objects([notice]) }
      if language != "zh" { Console.out.line(ScanningLetter(notice).english) }
      if language == "both" { Console.out.line("") }
      if language != "en" { Console.out.line(ScanningLetter(notice).chinese) }
    }
  }
}

/// The notice as a letter. What is not configured is said to be missing, so that no owner gets a letter that seems
/// whole.
struct ScanningLetter {
  let notice: ScanningNotice
  private let addresses: String
  private let day: String

  init(_ notice: ScanningNotice) {
    self.notice = notice
    addresses = (notice.configured + notice.seen.filter { !notice.configured.contains($0) })
      .map { "  " + Table.harmless($0) }.joined(separator: "\n")
    day = String(notice.date.secondText.prefix(10))
  }

  var english: String {
    let noted = notice.configured.isEmpty ? "\n  (as the scanners' machines have them; scan.addresses is not set)" : ""
    let from = addresses.isEmpty ? "  not known: set scan.addresses, or start a scanner" : addresses + noted
    return """
      NOTICE OF SECURITY SCANNING                                        \(day)

      \(Table.harmless(notice.city)) looks after \(notice.sites) web sites of \(notice.organisations) organisations. \
      As far as their owners have permitted
      it in writing, they are scanned around the clock, from these addresses only:

      \(from)

      Requests name themselves: User-Agent: \(Table.harmless(notice.userAgent))

      What is done depends on the class that your permission names:
        observe    what any visitor does: a page is opened, a certificate and a name are read
        probe      besides: versions, open ports, files that should not be public
        intrusive  besides: tests for known flaws (ROBOT, Heartbleed, renegotiation), zone transfer,
                   templates with payloads that only read
      Nothing is written, no password is tried, nothing is overloaded: at most two connections are open to
      one address at a time. Without a valid permission no packet is sent.

      Please do not block these addresses: a site that blocks them is not watched, and is said to be so.
      If something of ours disturbs you, call at any hour; a scan of your site is stopped at once:
        \(contact("not named yet (scan.contact)"))
      """
  }

  var chinese: String {
    let noted = notice.configured.isEmpty ? "\n  （以上为扫描主机自身地址，尚未配置 scan.addresses）" : ""
    let from = addresses.isEmpty ? "  尚不确定：请配置 scan.addresses，或先启动扫描器" : addresses + noted
    return """
      安全扫描告知书                                                     \(day)

      \(Table.harmless(notice.city)) 负责 \(notice.organisations) 家单位 \(notice.sites) 个网站的安全监测。\
      在网站主办单位书面授权范围内，
      全天候进行扫描，扫描仅来自下列地址：

      \(from)

      请求自带标识：User-Agent: \(Table.harmless(notice.userAgent))

      扫描内容取决于授权书载明的级别：
        observe    观察：与普通访客相同，打开页面、读取证书和域名
        probe      探测：另查版本、开放端口、不应公开的文件
        intrusive  侵入性：另测已知缺陷（ROBOT、Heartbleed、重协商）、区域传送、只读载荷的模板
      不写入数据，不尝试口令，不造成过载：对同一地址同时最多保持两个连接。无有效授权时不发送任何数据包。

      请勿封禁上述地址：被封禁的网站无法监测，并将如实标注为“未覆盖”。
      如有影响，请随时致电，我们将立即停止对贵单位网站的扫描：
        \(contact("尚未登记（scan.contact）"))
      """
  }

  private func contact(_ none: String) -> String {
    notice.contact.isEmpty ? none : Table.harmless(notice.contact)
  }
}

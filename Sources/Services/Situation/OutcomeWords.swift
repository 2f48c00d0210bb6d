internal import Records
internal import Wire

/// The reasons of judgements in the two languages of the watch.
enum OutcomeWords {
  static func reason(_ rule: OutcomeJudgement.Rule, _ c: OutcomeCase) -> BilingualText {
    let status = c.alert.context.status.map(String.init) ?? "-"
    let row = c.site.weakness.map(String.init) ?? "-"
    let tested = c.site.testedClean?.secondText ?? "-"
    return switch rule {
    case .blocked: BilingualText(en: "a device in the way blocked it", zh: "被沿途设备阻断")
    case .refused: BilingualText(en: "the server refused the connection", zh: "服务器拒绝了连接")
    case .onlyOpening:
      BilingualText(
        en: "only opening packets, no answer seen when the rule matched", zh: "仅见连接请求，规则命中时未见应答")
    case .encrypted: BilingualText(en: "the traffic is encrypted: its answer cannot be read", zh: "流量已加密，无法读取应答")
    case .oneSided: BilingualText(en: "only the client's side was seen", zh: "仅见客户端一侧流量")
    case .noAnswer: BilingualText(en: "the answer had not come when the rule matched", zh: "规则命中时应答尚未到达")
    case .clientError: BilingualText(en: "the server refused it: \(status)", zh: "服务器已拒绝：\(status)")
    case .serverError:
      BilingualText(
        en: "the server failed over it: \(status); whether it worked is not seen", zh: "服务器出错：\(status)，是否得手未见")
    case .redirected: BilingualText(en: "the server sent it elsewhere: \(status)", zh: "服务器重定向：\(status)")
    case .headOnly:
      BilingualText(en: "answered \(status), by a method whose answer shows nothing", zh: "应答 \(status)，但该方法的应答不含内容")
    case .answered:
      BilingualText(
        en: "answered \(status); nothing shows that it worked", zh: "应答 \(status)，但无证据表明得手")
    case .clientTarget:
      BilingualText(en: "answered \(status); the rule is about attacks on clients", zh: "应答 \(status)，但该规则针对客户端攻击")
    case .infectionCall:
      BilingualText(en: "the protected host itself calls out as malware does", zh: "受保护主机自身发起恶意软件外联")
    case .infectionName:
      c.site.site == nil
        ? BilingualText(en: "a name of malware was asked for, perhaps for another host", zh: "查询了恶意域名，可能代其他主机查询")
        : BilingualText(
          en: "the site's own server asked for a name of malware; no connection seen", zh: "网站服务器自身查询恶意域名，未见连接")
    case .infectionAnswer:
      BilingualText(en: "the server's own answer is that of malware or a web shell", zh: "服务器应答呈现恶意软件或网页后门特征")
    case .successClass:
      BilingualText(
        en: "the rule tells of success, and the server answered", zh: "规则类别表明得手，且服务器已应答")
    case .failureClass: BilingualText(en: "the rule tells of a failed try", zh: "规则类别表明尝试失败")
    case .weaknessAnswered:
      BilingualText(
        en: "the site shows this very weakness (row \(row)) and answered \(status)",
        zh: "网站存在该弱点（第 \(row) 行），且应答 \(status)")
    case .weaknessBehind:
      BilingualText(
        en: "the site shows this very weakness (row \(row)); the answer was not seen", zh: "网站存在该弱点（第 \(row) 行），未见应答")
    case .testedClean:
      BilingualText(
        en: "the site was tested on \(tested) and has not this weakness", zh: "网站于 \(tested) 检测，无此弱点")
    default: BilingualText(en: "nothing in the traffic says what came of it", zh: "流量中无从判断结果")
    }
  }
}

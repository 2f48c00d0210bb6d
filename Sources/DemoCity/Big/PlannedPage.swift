/// The pages of a planned site: what stays, what changes by itself at every look, and what its traits put there.
struct PlannedPage {
  let site: PlannedSite
  let traits: Set<SiteTrait>
  let body: PlannedOrganisation
  let ports: CityPorts
  /// Counts looks at the city: dates, counters and headlines follow it.
  let look: UInt64

  func html(_ path: String) -> String? {
    switch path {
    case "/", "/index.html": traits.contains(.defaced) ? defaced : traits.contains(.parked) ? parked : home
    case "/news": page("要闻", news + menu)
    case "/about": page("机构概况", about + menu)
    case "/contact": page("联系我们", "<p>办公地址：新城市中心路\(site.number % 90 + 1)号，工作日上午九点至下午五点对外办公。</p>" + menu)
    default: nil
    }
  }

  private func page(_ title: String, _ content: String, head: String = "") -> String {
    """
    <!doctype html>
    <html lang="zh"><head><meta charset="utf-8"><title>\(body.chinese) \(title)</title>\(head)</head>
    <body><h1>\(body.chinese) · \(body.english)</h1>
    \(content)
    </body></html>

    """
  }

  private var menu: String {
    "<ul><li><a href=\"/\">首页</a></li><li><a href=\"/news\">要闻</a></li><li><a href=\"/about\">机构概况</a></li>"
      + "<li><a href=\"/contact\">联系我们</a></li></ul>"
  }

  private var about: String {
    var random = CityRandom(seed: site.entropy, part: 1)
    let duties = ["组织实施年度工作计划", "受理群众来信来访", "发布权威信息", "指导基层单位工作", "承担日常值班任务", "开展业务培训"]
    let lines = duties.indices.map { _ in
      "<p>\(body.chinese)负责\(duties[random.below(duties.count)])，编号\(random.below(9000))。</p>"
    }
    return "<h2>机构概况</h2>" + lines.joined(separator: "\n")
  }

  /// Harmless, and another one at every look.
  private var news: String {
    var random = CityRandom(seed: site.entropy ^ look, part: 2)
    let lines = (0..<4).map { _ in "<li>\(CityNames.headlines[random.below(CityNames.headlines.count)])</li>" }
    return "<h2>最新动态</h2><p class=\"date\">第\(look)期 访问量 \(random.below(100_000))</p><ul>"
      + lines.joined(separator: "\n") + "</ul>"
  }

  private var defaced: String {
    "<html><head><title>Hacked by NobodyAtAll</title></head><body><h1>Hacked by NobodyAtAll</h1>"
      + "<p>your security is a joke, we were here and looked at everything you have</p></body></html>"
  }
  private var parked: String {
    "<!doctype html><html><head><title>\(site.host)</title></head><body><h1>\(site.host)</h1>"
      + "<p>This domain is for sale. Buy this domain today.</p></body></html>"
  }

  private var home: String {
    var random = CityRandom(seed: site.entropy, part: 3)
    var parts = [menu, news, about]
    for trait in traits.sorted() { if let part = part(trait, &random) { parts.append(part) } }
    return page("首页", parts.joined(separator: "\n"), head: "<link rel=\"stylesheet\" href=\"/static/site.css\">")
  }

  // MARK: what traits put on the home page

  private func part(_ trait: SiteTrait, _ random: inout CityRandom) -> String? {
    switch trait {
    case .mixedActive: "<script src=\"http://\(site.host):\(ports.plain)/static/old.js\"></script>"
    case .mixedPassive: "<img src=\"http://\(site.host):\(ports.plain)/images/old.png\" alt=\"\">"
    case .plainForm: "<form action=\"http://\(site.host):\(ports.plain)/search\"><input name=\"q\"></form>"
    case .plainPassword: "<form action=\"/login\" method=\"post\"><input type=\"password\" name=\"p\"></form>"
    case .foreignScript: "<script src=\"https://cdn.elsewhere-scripts.com/library.js\"></script>"
    case .gambling: "<p>澳门新葡京 真人百家乐 博彩平台 注册送彩金 开户送金 彩票平台注册</p>"
    case .pornography: "<p>成人视频 色情网站 免费黄片 无码视频 同城约炮 国产自拍视频</p>"
    case .fraud: "<p>办假证 办证刻章 代办毕业证 信用卡套现 无抵押秒下款 代考替考</p>"
    case .darkLinks:
      "<div style=\"position:absolute;left:-9999px\"><a href=\"https://www.planted-one.com/\">one</a>"
        + "<a href=\"https://www.planted-two.com/\">two</a><a href=\"https://www.planted-three.com/\">three</a></div>"
    case .hiddenFrame: "<iframe src=\"https://frames.strange-visitors.com/\" width=\"0\" height=\"0\"></iframe>"
    case .miner: "<script>var m = new CoinHive.Anonymous('nobody'); m.start();</script>"
    default: personal(trait, &random) ?? secret(trait, &random)
    }
  }

  private func personal(_ trait: SiteTrait, _ random: inout CityRandom) -> String? {
    func lines(_ count: Int, _ make: (inout CityRandom) -> String) -> String {
      (0..<count).map { _ in "<p>\(make(&random))</p>" }.joined(separator: "\n")
    }
    switch trait {
    case .identityNumber: return lines(1) { "证件号码：\(PersonNumbers.identity(&$0))" }
    case .personRow: return lines(1) { "张三，\(PersonNumbers.identity(&$0))，\(PersonNumbers.mobile(&$0))" }
    case .fewPersons: return lines(12) { "证件号码：\(PersonNumbers.identity(&$0))" }
    case .manyPersons: return lines(120) { "证件号码：\(PersonNumbers.identity(&$0))" }
    case .massPersons: return lines(1100) { "证件号码：\(PersonNumbers.identity(&$0))" }
    case .mobileNumbers: return lines(12) { "联系手机：\(PersonNumbers.mobile(&$0))" }
    case .bankCards: return lines(4) { "银行卡号：\(PersonNumbers.card(&$0))" }
    case .passport: return "<p>护照号：E\(10_000_000 + random.below(80_000_000))</p>"
    default: return nil
    }
  }

  private func secret(_ trait: SiteTrait, _ random: inout CityRandom) -> String? {
    func word(_ count: Int, _ letters: String) -> String {
      let all = Array(letters)
      return String((0..<count).map { _ in all[random.below(all.count)] })
    }
    let letters = "abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789"
    switch trait {
    case .secretKey:
      return "<script>var store = {id: \"AKIA\(word(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))\"};</script>"
    case .secretConnection:
      return "<script>/* mysql://site:\(word(10, letters))@db.inner.\(CityNames.domain)/site */ var ready = 1;</script>"
    case .secretPassword: return "<script>var settings = {adminPassword: \"Q7!\(word(9, letters))\"};</script>"
    case .secretToken:
      return "<script>var ticket = \"eyJhbGciOiJIUzI1NiJ9.eyJ\(word(30, letters)).\(word(40, letters))\";</script>"
    default: return nil
    }
  }
}

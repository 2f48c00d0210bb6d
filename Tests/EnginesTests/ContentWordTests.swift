import Records
import Testing

@testable import Engines

/// Pages that have the weakness, and pages that nearly have it.
@Suite struct ContentWordTests {
  static let filler = String(repeating: "全市各级部门认真落实年度工作部署，持续推进民生实事项目建设。", count: 80)

  static let table: [(String, String, [String])] = [
    ("gambling title", "<title>澳门新葡京娱乐场_真人百家乐开户</title><p>欢迎</p>", ["content.words.gambling"]),
    ("gambling keywords", "<title>学校</title><meta name=keywords content='六合彩开奖,平特一肖'>", ["content.words.gambling"]),
    (
      "gambling text", "<title>x</title><p>在线博彩 真人娱乐</p><p>百家乐开户 注册送彩金</p><p>bet365</p>", ["content.words.gambling"]
    ),
    (
      "hidden gambling words", "<title>学校</title><div style='display:none'>时时彩平台 北京赛车pk10</div><p>欢迎来到学校</p>",
      ["content.words.gambling"]
    ),
    (
      "hidden by a class", "<style>.z{position:absolute;left:-9999px}</style><div class=z>时时彩平台 北京赛车pk10</div>",
      ["content.words.gambling"]
    ),
    ("one mention in a warning", "<title>警方提醒</title><p>警方提醒：网上赌场都是骗局，远离赌博。</p>", []),
    (
      "a news text of a case",
      "<title>我市公安机关打击跨境网上赌场</title><p>警方查处一起网上博彩案件，犯罪嫌疑人通过博彩平台、真人百家乐等非法获利。</p><p>涉案平台自称澳门威尼斯人。</p><p>民警提醒市民警惕在线赌场。</p>",
      []
    ),
    ("one word on a long page", "<title>论坛</title><p>有人发了在线博彩的广告</p><p>\(filler)</p>", []),
    (
      "English words inside words", "<title>casinoville</title><p>The bet365x and myhacked bylaws of onlinecasinos</p>",
      []
    ),
    ("porn title", "<title>亚洲无码 成人视频</title>", ["content.words.porn"]),
    ("porn in a notice", "<title>扫黄打非</title><p>严禁传播色情网站、成人视频、黄色视频、无码视频</p>", []),
    ("forged papers", "<title>办假证-代办毕业证</title>", ["content.words.fraud"]),
    ("a tax office on invoices", "<title>税务局代开发票办理指南</title><p>纳税人代开发票流程</p>", []),
    ("defaced title", "<title>Hacked By Team X</title><p>lol</p>", ["content.defacement"]),
    ("defaced heading", "<title>site</title><h1>~ Hacked by X ~</h1><p>\(filler)</p>", ["content.defacement"]),
    ("defaced in Chinese", "<title>首页</title><p>本站已被黑，管理员快修漏洞</p>", ["content.defacement"]),
    ("a news headline", "<title>Hospital hacked by gang</title><h1>Hospital hacked by gang</h1><p>\(filler)</p>", []),
    ("a report", "<title>t</title><p>Police: the school site was hacked by a pupil</p>", []),
    ("dark link", "<title>t</title><a href='http://d.bet.top/' style='display:none'>百家乐开户</a>", ["content.dark_links"]),
    ("visible dark link", "<title>t</title><a href='http://d.bet.top/'>真人百家乐</a>", ["content.dark_links"]),
    (
      "topic word in a hidden link", "<title>t</title><span hidden><a href='//d.bet.top'>casino</a></span>",
      ["content.dark_links"]
    ),
    ("topic word in a shown link", "<title>t</title><a href='//news.com/'>casino</a>", []),
    ("link to the police", "<title>t</title><a href='http://police.gov.cn/'>网上赌场举报</a>", []),
    (
      "links off the screen",
      "<title>t</title><div style='position:absolute;top:-9999px'><a href=//a.top>1</a><a href=//b.top>2</a><a href=//c.top>3</a></div>",
      ["content.dark_links"]
    ),
    (
      "marquee of no size",
      "<title>t</title><marquee width=1 height=1><a href=//a.top>1</a><a href=//b.top>2</a><a href=//c.top>3</a></marquee>",
      ["content.dark_links"]
    ),
    (
      "a folded list of friends' sites",
      "<title>t</title><ul style='display:none'><li><a href=//a.com>人民网</a><li><a href=//b.com>新华网</a><li><a href=//c.com>央视网</a><li><a href=//d.com>光明网</a></ul>",
      []
    ),
    ("off-screen skip link", "<title>t</title><a href='#main' style='position:absolute;left:-9999px'>跳到正文</a>", []),
    (
      "hidden frame", "<title>t</title><iframe src='http://x.evil.top/' width=0 height=0></iframe>",
      ["content.frame.hidden"]
    ),
    ("shown frame", "<title>t</title><iframe src='http://map.com/' width=600 height=400></iframe>", []),
    (
      "counting frame",
      "<title>t</title><iframe src='https://www.googletagmanager.com/ns.html' height=0 width=0 style='display:none'></iframe>",
      []
    ),
    ("own hidden frame", "<title>t</title><iframe src='//static.city.gov.cn/x' style='display:none'></iframe>", []),
    ("miner", "<title>t</title><script src='https://coinhive.com/lib/coinhive.min.js'></script>", ["content.miner"]),
    ("miner called", "<title>t</title><script>var m=new CoinHive.Anonymous('k');m.start()</script>", ["content.miner"]),
    ("a text on miners", "<title>t</title><p>coinhive.min.js was a miner</p>", []),
    ("parked", "<title>city.com</title><p>This domain is for sale!</p>", ["content.parked"]),
    ("parked by script", "<title>x</title><script src='//img.sedoparking.com/js.js'></script>", ["content.parked"]),
    ("a text on domains", "<title>x</title><p>域名转让 办事指南 \(filler)\(filler)</p>", []),
  ]

  @Test("a page with the weakness has it, and one that nearly has it has not", arguments: table)
  func judged(name: String, html: String, expected: [String]) throws {
    let found = look([try visited("<html>\(html)<p>\(name.count > 0 ? "欢迎访问本网站，这里是网站的一段普通文字" : "")</p></html>")]).found
    #expect(found == expected, "\(name)")
  }

  @Test("pages that scripts draw are not called free of words") func bare() throws {
    let seen = look([try visited("<html><title>t</title><div id=app></div><script src=/a.js></script></html>")])
    guard case .notDetermined = seen.answer("content.words.gambling") else {
      Issue.record("answered without a text")
      return
    }
  }

  @Test("each list compiles, and no word is listed twice") func lists() throws {
    let texts = WordLists.all.map { $0.text.lowercased() }
    #expect(WordFinder(.subjects) != nil && WordFinder(.reporting) != nil && WordFinder(.miners) != nil)
    #expect(Set(texts).count == texts.count)
    #expect(SecretForms.isWhole)
  }
}

import Records
import Testing

@testable import Engines

@Suite struct ContentBaselineTests {
  /// A city's home page: its frame stays, the news, the weather, the counter and the clock do not.
  static func home(hour: Int) -> String {
    let news = (0..<12).map { index in
      let number = hour * 3 - index
      let subject = ["教育", "交通", "医疗", "环境", "文化", "消防", "税务"][abs(number) % 7]
      return
        "<li><a href='/news/\(number).html'>第\(number)号要闻：\(subject)部门第\(number)次召开工作会议并部署下一阶段任务\(abs(number &* 7919))</a></li>"
    }.joined()
    let weather = ["晴", "多云", "小雨", "阴", "大风"][hour % 5]
    let banner = hour % 6 == 0 ? "<div class='banner'>今日专题：\(weather)天气出行提示</div>" : ""
    return """
      <!DOCTYPE html><html><head><title>某市人民政府门户网站</title>
      <meta name="keywords" content="某市,政府,政务公开"><meta name="description" content="某市人民政府官方网站">
      </head><body><div id="top"><h1>某市人民政府</h1><p>今天是第\(hour)天 \(hour % 24):00</p></div>
      <ul class="menu"><li>首页</li><li>政务公开</li><li>办事服务</li><li>互动交流</li><li>走进某市</li><li>数据开放</li></ul>
      <div class="weather">天气：\(weather)</div>\(banner)<ul class="news">\(news)</ul>
      <div class="service"><p>个人办事：社会保障、住房公积金、出入境、户籍管理、婚姻登记、医疗卫生</p>
      <p>法人办事：企业开办、项目审批、纳税缴费、知识产权、招标投标、年度报告公示</p></div>
      <div class="foot"><p>主办单位：某市人民政府办公室　承办单位：某市政务服务和数据管理局</p>
      <p>网站标识码：1234567890　地址：某市中心大道一号市民之家主楼</p><p>访问量：\(hour * 977)</p></div></body></html>
      """
  }

  @Test("a news site looked at every hour for a day, and again after a week, invents nothing") func news() throws {
    var known: String?
    for hour in Array(100..<124) + [124 + 168, 124 + 169] {
      let seen = look([try visited(Self.home(hour: hour))], known: known)
      #expect(!seen.found.contains { $0 != "content.changed" }, "hour \(hour): \(seen.found)")
      // The banner that was there at the third look is missed until it comes back; from then on it comes and goes.
      if hour > 108 { #expect(seen.answer("content.changed") == .no, "hour \(hour)") }
      known = seen.memory
    }
  }

  @Test("a first look has no baseline, and the next ones are still learning what changes") func first() throws {
    let one = look([try visited(Self.home(hour: 1))])
    for check in ContentChecks.compared {
      #expect(one.answer(check) == .notDetermined(reason: "no baseline yet"), "\(check)")
    }
    let two = look([try visited(Self.home(hour: 2))], known: one.memory)
    #expect(two.answer("content.tampered") == .no)
    #expect(two.answer("content.changed") == .notDetermined(reason: "learning what changes by itself: 1 of 3 looks"))
  }

  static func replaced(_ html: String, _ from: String, _ to: String) -> String {
    html.split(separator: from, omittingEmptySubsequences: false).joined(separator: to)
  }

  /// Each done to the home page after some looks at the ordinary one.
  static let tampered: [(String, @Sendable (String) -> String)] = [
    (
      "defaced",
      { _ in
        "<html><head><title>hacked by nobody</title></head><body><center><h1>Hacked by nobody</h1></center></body></html>"
      }
    ),
    (
      "another site",
      { _ in
        "<html><head><title>Index</title></head><body><table><tr><td>"
          + String(repeating: "lorem ipsum dolor sit amet consectetur ", count: 30) + "</td></tr></table></body></html>"
      }
    ),
    (
      "title and keywords swapped",
      {
        replaced(replaced($0, "某市人民政府门户网站", "澳门新葡京官网-真人百家乐"), "某市,政府,政务公开", "澳门新葡京,百家乐开户")
      }
    ),
  ]

  @Test(
    "a replaced page is found at the second look and at the tenth, and stays found until it is back", arguments: [1, 9])
  func tamper(looks: Int) throws {
    var known: String?
    for hour in 0..<looks { known = look([try visited(Self.home(hour: hour))], known: known).memory }
    for (name, change) in Self.tampered {
      let bad = look([try visited(change(Self.home(hour: looks)))], known: known)
      #expect(bad.found.contains("content.tampered"), "\(name)")
      let still = look([try visited(change(Self.home(hour: looks + 1)))], known: bad.memory)
      #expect(still.found.contains("content.tampered"), "\(name)")
      let back = look([try visited(Self.home(hour: looks + 2))], known: still.memory)
      #expect(back.answer("content.tampered") == .no, "\(name)")
    }
  }

  /// What is done to sites every day and is no tampering.
  static let ordinary: [(String, @Sendable (String) -> String)] = [
    ("a new menu entry", { replaced($0, "<li>首页</li>", "<li>首页</li><li>专题专栏</li>") }),
    ("another address", { replaced($0, "某市中心大道一号市民之家主楼", "某市滨江路八号政务中心") }),
    (
      "a new design round the same text",
      {
        replaced(replaced($0, "class=\"", "class=\"new-"), "<ul class=\"new-menu\">", "<ul class=\"bar\">")
      }
    ),
    (
      "a mourning day's notice",
      { replaced($0, "<div id=\"top\">", "<div class='notice'>沉痛悼念，全市降半旗</div><div id=\"top\">") }
    ),
  ]

  @Test("an ordinary change is a change and no tampering") func ordinary() throws {
    var known: String?
    for hour in 0..<8 { known = look([try visited(Self.home(hour: hour))], known: known).memory }
    for (name, change) in Self.ordinary {
      let seen = look([try visited(change(Self.home(hour: 8)))], known: known)
      #expect(seen.answer("content.tampered") == .no, "\(name)")
      #expect(seen.answer("content.changed") == .yes, "\(name)")
    }
  }

  @Test("a page that ends early is not a page whose text is gone") func cut() throws {
    var known: String?
    for hour in 0..<4 { known = look([try visited(Self.home(hour: hour))], known: known).memory }
    let whole = Self.home(hour: 4)
    let half = look([try visited(String(whole.prefix(whole.count / 2)))], known: known)
    #expect(half.answer("content.tampered") == .notDetermined(reason: "the page came incomplete"))
    let next = look([try visited(Self.home(hour: 5))], known: half.memory)
    #expect(next.answer("content.tampered") == .no)
  }

  @Test("an ordinary change is told at every look until it is accepted, and is forgotten when it is taken back")
  func accepted() throws {
    var known: String?
    for hour in 0..<8 { known = look([try visited(Self.home(hour: hour))], known: known).memory }
    let change = Self.ordinary[1].1
    for hour in 8..<12 {
      let seen = look([try visited(change(Self.home(hour: hour)))], known: known)
      #expect(seen.answer("content.changed") == .yes, "look \(hour)")
      known = seen.memory
    }
    let back = look([try visited(Self.home(hour: 12))], known: known)
    #expect(back.answer("content.changed") == .no)
    let accepted = look([try visited(change(Self.home(hour: 12)))], known: known, accepts: true)
    #expect(accepted.answer("content.changed") == .no)
    #expect(accepted.evidence("content.changed").hasPrefix("accepted: /"))
    let next = look([try visited(change(Self.home(hour: 13)))], known: accepted.memory)
    #expect(next.answer("content.changed") == .no)
    let undone = look([try visited(Self.home(hour: 14))], known: next.memory)
    #expect(undone.answer("content.changed") == .yes, "what was taken over is what counts")
  }

  @Test("a replaced page that is accepted is the page from then on") func acceptedReplacement() throws {
    var known: String?
    for hour in 0..<4 { known = look([try visited(Self.home(hour: hour))], known: known).memory }
    let other = Self.tampered[1].1("")
    let accepted = look([try visited(other)], known: known, accepts: true)
    #expect(accepted.answer("content.tampered") == .no && accepted.evidence("content.tampered").hasPrefix("accepted: "))
    #expect(look([try visited(other)], known: accepted.memory).answer("content.tampered") == .no)
    let old = look([try visited(Self.home(hour: 5))], known: accepted.memory)
    #expect(old.answer("content.tampered") == .yes)
  }

  @Test("a new script of another site is told until it is accepted; the site's own and known ones are not")
  func scripts() throws {
    func html(_ sources: [String]) -> String {
      "<html><title>t</title><body><p>text</p>" + sources.map { "<script src='\($0)'></script>" }.joined()
        + "</body></html>"
    }
    let first = look([try visited(html(["https://cdn.known.com/a.js", "/own.js"]))])
    let same = look(
      [try visited(html(["https://js.known.com/b.js", "//static.city.gov.cn/own.js"]))], known: first.memory)
    #expect(same.answer("content.script.offsite_new") == .no)
    let new = look([try visited(html(["https://cdn.known.com/a.js", "https://x.evil.top/j.js"]))], known: same.memory)
    #expect(new.answers.first { $0.check == "content.script.offsite_new" }?.evidence == "1 new: evil.top")
    let again = look([try visited(html(["https://x.evil.top/j.js"]))], known: new.memory)
    #expect(again.answer("content.script.offsite_new") == .yes)
    let accepted = look([try visited(html(["https://x.evil.top/j.js"]))], known: again.memory, accepts: true)
    #expect(accepted.evidence("content.script.offsite_new") == "accepted: 1 new: evil.top")
    let quiet = look([try visited(html(["https://x.evil.top/j.js"]))], known: accepted.memory)
    #expect(quiet.answer("content.script.offsite_new") == .no)
  }

  @Test("fifty pages of many blocks stay under the memory's limit, and what comes back is what went in") func memory()
    throws
  {
    let pages = try (0..<50).map { number in
      let blocks = (0..<450).map {
        "<p class='c\(["a", "b", "c"][$0 % 3])'>block \($0) of page \(number) with words of its own</p>"
      }
      return try visited("<html><title>page</title>" + blocks.joined() + "</html>", path: "/\(number).html")
    }
    let memory = try #require(look(pages).memory)
    #expect(memory.utf8.count < EngineMemory.bodyLimit)
    let read = try #require(Baseline(json: memory))
    #expect(read.pages.count == 50)
    #expect(read.json == memory)
    let next = look(pages, known: memory)
    #expect(next.answer("content.tampered") == .no)
    #expect(try #require(next.memory).utf8.count < EngineMemory.bodyLimit)
  }

  @Test("a memory that is none is a first look", arguments: ["", "{", "null", "{\"version\":2}", "[1,2]"]) func broken(
    json: String
  ) throws {
    #expect(
      look([try visited(Self.home(hour: 1))], known: json).answer("content.tampered")
        == .notDetermined(reason: "no baseline yet"))
  }
}

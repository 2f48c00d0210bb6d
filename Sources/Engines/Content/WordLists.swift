/// The words that the engine looks for, as data. A *strong* word is an advertiser's: no news text has it but as a
/// quotation. A *topic* word names the matter, as police and press do too.
enum WordLists {
  enum Subject: Int, CaseIterable { case gambling, porn, fraud, defacement }

  struct Word: Hashable {
    var text: String
    var subject: Subject
    var isStrong: Bool
  }

  static let all: [Word] =
    words(
      .gambling, true,
      """
      澳门新葡京 澳门威尼斯人 澳门金沙 澳门银河 澳门皇冠 澳门永利 澳门巴黎人 澳门太阳城 新葡京娱乐 葡京娱乐 威尼斯人娱乐 金沙娱乐 \
      银河娱乐 永利娱乐 皇冠体育 皇冠足球 皇冠投注 皇冠现金 太阳城娱乐 申博太阳城 百家乐开户 百家乐平台 真人百家乐 网上百家乐 \
      真人娱乐 真人荷官 娱乐城开户 娱乐城注册 博彩网 博彩公司 博彩平台 博彩大全 在线博彩 网上博彩 时时彩平台 时时彩计划 \
      重庆时时彩 北京赛车pk10 pk10开奖 pk10计划 六合彩开奖 六合彩资料 香港六合彩 六合彩特码 特码资料 一码中特 一肖中特 \
      六肖中特 三肖中特 平特一肖 香港马会资料 马会开奖 曾道人 白小姐 幸运飞艇 极速赛车 快三平台 彩票平台注册 \
      线上赌场 网上赌场 在线赌场 赌场开户 棋牌娱乐平台 现金棋牌 真钱棋牌 真钱游戏 老虎机平台 电子老虎机 捕鱼平台 体育投注平台 \
      足球投注平台 滚球盘 外围投注 注册送彩金 首存优惠 开户送金 送体验金 亚博体育 开云体育 华体会 万博体育 乐鱼体育 必威体育 \
      爱游戏体育 九游娱乐 bet365 betway 188bet 12bet
      """)
    + words(.gambling, false, "赌博 博彩 赌场 百家乐 六合彩 时时彩 老虎机 投注 彩金 赌球 娱乐城 轮盘赌")
    + phrases(
      .gambling, true,
      [
        "online casino", "casino bonus", "slot gacor", "judi online", "situs judi", "togel online", "sbobet",
        "no deposit bonus", "live casino", "bandar togel", "slot online", "free spins bonus",
      ])
    + phrases(.gambling, false, ["casino", "gambling", "poker", "jackpot", "betting"])
    + words(
      .porn, true,
      """
      成人视频 成人电影 成人网站 成人影院 色情网站 黄色网站 黄色视频 免费黄片 无码视频 无码av 亚洲无码 日韩无码 国产自拍视频 \
      国产av 日韩av 欧美av av在线 av天堂 亚洲av 激情视频 激情小说网 情色小说 偷拍自拍 一夜情交友 裸聊 同城约炮 上门服务小姐 \
      楼凤 伦理片在线 三级片在线 丝袜诱惑 制服诱惑 肉番 啪啪视频 久久精品国产 一本道不卡 人妻熟女
      """)
    + words(.porn, false, "色情 淫秽 黄片 卖淫 嫖娼 约炮")
    + phrases(
      .porn, true,
      ["free porn", "porn videos", "xxx videos", "hardcore porn", "porn tube", "live sex cams", "escort girls"])
    + phrases(.porn, false, ["porn", "xxx"])
    + words(
      .fraud, true,
      """
      办假证 办证刻章 刻章办证 代办毕业证 办理毕业证 购买学历 假学历办理 代考替考 答案出售 办理银行卡四件套 \
      信用卡套现 花呗套现 网贷口子 黑户贷款 无抵押秒下款 私家侦探 婚外情调查 手机定位找人 监听器材 迷药购买 催情药 出售枪支 \
      仿真枪专卖 代孕包成功 刷单兼职日结 兼职刷单
      """)
    + words(.fraud, false, "代开发票 假证 套现 刷单 代孕 迷药")
    + phrases(
      .defacement, true,
      [
        "hacked by", "h4cked by", "hack3d by", "haxored by", "defaced by", "pwned by", "0wned by",
        "this site has been hacked", "your site has been hacked", "本站已被黑", "此站已被黑",
        "网站已被黑", "该网站已被黑客", "黑客到此一游", "到此一黑", "你的网站被黑了", "您的网站已被入侵", "黑掉了你的网站",
      ])

  /// Words of those who report, forbid or warn: a block that has one of them tells of the matter.
  static let reporting: [String] = [
    "打击", "防范", "警方", "公安", "民警", "查处", "整治", "举报", "严禁", "禁止", "违法", "犯罪", "抓获", "破获", "案件", "嫌疑人",
    "法院", "判处", "警惕", "提醒", "治理", "涉嫌", "取缔", "拒绝", "远离", "危害", "骗局", "诈骗", "反诈", "通报", "曝光", "网警",
    "告破", "跨境", "涉赌", "扫黄", "打非", "禁赌", "赌资", "落网",
    "police", "arrest", "illegal", "crackdown", "warning", "law", "court", "prohibit", "report", "ban",
  ]

  /// Hosts and names that only miners' scripts have, as `cryptocurrency mining` pages never use them in a script.
  static let miners: [String] = [
    "coinhive.min.js", "coin-hive.com", "coinhive.com/lib", "authedmine.com", "crypto-loot.com", "cryptaloot.pro",
    "cryptoloot.pro", "coinimp.com", "hashing.win", "webminepool.com", "jsecoin.com", "minero.cc", "deepminer.js",
    "monerominer.rocks", "coinpot.co/mine", "webmine.cz", "cryptonight.wasm", "cryptonight-worker",
    "coinhive.anonymous(", "coinhive.user(", "client.anonymous(", "new deepminer.", "crlt.anonymous(",
    "startmining(\"", "monero-miner", "wasmminer", "ppoi.org/lib", "coinnebula.com/lib", "minr.pw", "papoto.com/lib",
  ]

  static let parkingHosts: [String] = [
    "sedoparking.com", "parkingcrew.net", "bodis.com", "parklogic.com", "above.com", "afternic.com", "dan.com",
    "uniregistry.com", "parkingpage.namecheap.com",
  ]

  /// Frames that count visitors or load tags, small and hidden by their makers' own instructions.
  static let countingHosts: Set<String> = [
    "googletagmanager.com", "doubleclick.net", "google.com", "facebook.com", "baidu.com", "cnzz.com", "umeng.com",
    "qq.com", "51.la", "aliyun.com", "youtube.com", "bing.com", "adobedtm.com", "demdex.net", "gov.cn",
  ]

  private static func words(_ subject: Subject, _ isStrong: Bool, _ text: String) -> [Word] {
    text.split(whereSeparator: \.isWhitespace).map { Word(text: String($0), subject: subject, isStrong: isStrong) }
  }
  private static func phrases(_ subject: Subject, _ isStrong: Bool, _ texts: [String]) -> [Word] {
    texts.map { Word(text: $0, subject: subject, isStrong: isStrong) }
  }
}

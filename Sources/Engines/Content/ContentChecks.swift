internal import Records

/// Every question of the engine, in the order shown.
enum ContentChecks {
  static let all: [Check] = [
    Check("content.tampered", .high, "a page was replaced or its title was swapped", "网页内容被篡改"),
    Check("content.changed", .info, "a page changed where it does not change by itself", "网页固定内容发生变化"),
    Check("content.defacement", .critical, "a page carries a defacer's message", "网页出现黑客留言"),
    Check("content.words.gambling", .high, "a page advertises gambling", "网页含赌博内容"),
    Check("content.words.porn", .high, "a page advertises pornography", "网页含色情内容"),
    Check("content.words.fraud", .high, "a page advertises forged papers or fraud", "网页含诈骗、办证等违法广告"),
    Check("content.dark_links", .high, "links planted for search engines lead to other sites", "网页被植入暗链"),
    Check("content.dark_links.new", .medium, "new hidden links lead to other sites", "网页新增隐藏外链"),
    Check("content.frame.hidden", .high, "a hidden frame shows another site", "网页含隐藏框架"),
    Check("content.miner", .high, "a page makes its visitors mine", "网页含挖矿脚本"),
    Check("content.script.offsite_new", .medium, "a script of another site is new", "网页新增外站脚本"),
    Check(
      "content.cloaking", .high, "search engines are shown another page than visitors", "对搜索引擎展示不同内容", .intrusive),
    Check("content.parked", .medium, "a parking page stands in the site's place", "域名停放页面"),
    Check("content.personal.id_number", .medium, "a whole identity number stands on a page", "网页公开完整身份证号"),
    Check("content.personal.row", .high, "name, identity number and phone stand together", "姓名、身份证号与手机号同列公开"),
    Check("content.personal.few", .medium, "personal numbers of 10 persons or more", "公开 10 人以上个人信息"),
    Check("content.personal.many", .high, "personal numbers of 100 persons or more", "公开 100 人以上个人信息"),
    Check("content.personal.mass", .critical, "personal numbers of 1,000 persons or more", "公开 1000 人以上个人信息"),
    Check("content.personal.mobile", .low, "mobile numbers of 10 persons or more", "公开 10 个以上手机号"),
    Check("content.personal.card", .high, "bank card numbers stand on a page", "网页公开银行卡号"),
    Check("content.personal.passport", .medium, "passport numbers stand on a page", "网页公开护照号"),
    Check("content.secret.key", .critical, "a private or cloud access key stands in a page", "网页泄露私钥或云访问密钥"),
    Check("content.secret.connection", .high, "a connection string with its password stands in a page", "网页泄露数据库连接串"),
    Check("content.secret.password", .medium, "a password stands in a page's script", "网页脚本中写有口令"),
    Check("content.secret.token", .low, "a web token stands in a page", "网页中写有访问令牌（JWT）"),
  ]

  static let compared = ["content.tampered", "content.changed", "content.dark_links.new", "content.script.offsite_new"]
}

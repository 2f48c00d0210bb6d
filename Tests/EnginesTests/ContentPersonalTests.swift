import Records
import Testing

@testable import Engines

@Suite struct ContentPersonalTests {
  /// A number with a right check character: region, birth date and sequence from `number`.
  static func identity(_ number: Int) -> String {
    let sequence = String(1000 + number % 1000).suffix(3)
    let day = String(110 + number / 1000 % 19).suffix(2)
    let digits = "420106199003" + day + sequence
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(digits, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
    return digits + ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum % 11]
  }
  static func mobile(_ number: Int) -> String { "138" + String(10_000_000 + number).suffix(8) }

  static func list(_ count: Int, _ item: (Int) -> String) -> String {
    (0..<count).map { "<p>\(item($0))</p>" }.joined()
  }

  static let table: [(String, String, [String])] = [
    ("one identity", "<p>\(identity(1))</p>", ["content.personal.id_number"]),
    ("in a script", "<script>var p={'id':'\(identity(1))'}</script>", ["content.personal.id_number"]),
    ("nine persons", list(9, identity), ["content.personal.id_number"]),
    ("ten persons", list(10, identity), ["content.personal.few", "content.personal.id_number"]),
    ("one person ten times", list(10) { _ in identity(3) }, ["content.personal.id_number"]),
    (
      "a hundred", list(100, identity), ["content.personal.few", "content.personal.id_number", "content.personal.many"]
    ),
    (
      "a thousand", list(1000, identity),
      ["content.personal.few", "content.personal.id_number", "content.personal.many", "content.personal.mass"]
    ),
    (
      "a row", "<table><tr><td>张三丰</td><td>\(identity(1))</td><td>\(mobile(1))</td></tr></table>",
      ["content.personal.id_number", "content.personal.row"]
    ),
    ("name and number apart", "<p>张三丰</p><p>\(identity(1))</p><p>\(mobile(1))</p>", ["content.personal.id_number"]),
    ("masked", "<p>420106********1234 138****0001</p>", []),
    ("a wrong check character", "<p>\(identity(1).dropLast())\(identity(1).last == "5" ? "6" : "5")</p>", []),
    ("inside a longer number", "<p>9\(identity(1))7 a\(identity(2))</p>", []),
    ("duty phones", list(9, mobile), []),
    ("a list of phones", list(10, mobile), ["content.personal.mobile"]),
    (
      "phones in groups", list(10) { "138-\(mobile($0).dropFirst(3).prefix(4))-\(mobile($0).suffix(4))" },
      ["content.personal.mobile"]
    ),
    ("timestamps in a script", "<script>\((0..<30).map { "t=\(13_800_000_000 + $0);" }.joined())</script>", []),
    ("a named card", "<p>银行卡号：6222021234567894</p>", ["content.personal.card"]),
    ("a number that passes Luhn", "<p>订单6222021234567894</p>", []),
    ("a passport", "<p>护照号码 E12345678</p>", ["content.personal.passport"]),
    ("a document's number", "<p>文件 E12345678</p>", []),
    ("an organisation", "<p>统一社会信用代码 91350100M000100Y43</p>", []),
  ]

  @Test("personal numbers are found by their check digits and counted by person", arguments: table)
  func found(name: String, html: String, expected: [String]) throws {
    let seen = look([try visited("<html><title>t</title>\(html)</html>")])
    #expect(Set(seen.found) == Set(expected), "\(name)")
    for number in (0..<5).flatMap({ [Self.identity($0), Self.mobile($0)] }) + ["6222021234567894", "E12345678"] {
      #expect(
        !seen.answers.contains { $0.evidence.contains(number) } && seen.memory?.contains(number) != true, "\(name)")
    }
  }

  @Test("evidence shows what GB 11643 lets one find again, and no more") func masked() throws {
    let seen = look([try visited("<p>\(Self.identity(1))</p>")])
    let evidence = seen.answers.first { $0.check == "content.personal.id_number" }?.evidence
    #expect(evidence == "1 distinct ID number, first 4201**********\(Self.identity(1).dropFirst(14).prefix(2))**")
    let code = look([try visited("<p>统一社会信用代码 91350100M000100Y43</p>")])
    #expect(code.facts.contains(Fact("credit codes of organisations", "1")))
  }

  // Built from pieces, so that no scanner of this repository takes them for somebody's.
  static let aws = "AKIA" + "QWERTYUIOP234567"
  static let aliyun = "LTAI" + "5tQwErTyUiOpAsDfGhJkLz12"
  static let token = "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9"

  static let secrets: [(String, String, [String])] = [
    ("AWS", "<script>k='\(aws)'</script>", ["content.secret.key"]),
    ("the example of the manual", "<script>k='AKIAIOSFODNN7EXAMPLE'</script>", []),
    ("inside a longer word", "<script>k='x\(aws)9'</script>", []),
    ("Aliyun in a comment", "<!-- \(aliyun) -->", ["content.secret.key"]),
    (
      "private key", "<p>-----BEGIN RSA PRIVATE KEY-----\n\(String(repeating: "MIIEow", count: 12))</p>",
      ["content.secret.key"]
    ),
    ("a text on private keys", "<p>The file begins with -----BEGIN RSA PRIVATE KEY----- and ends so.</p>", []),
    ("connection", "<script>c='mysql://root:Pa55w0rd@10.0.0.5/db'</script>", ["content.secret.connection"]),
    (
      "connection string", "<!-- Data Source=db1;Initial Catalog=x;User ID=sa;Password=Pa55w0rd! -->",
      ["content.secret.connection"]
    ),
    ("address without password", "<script>c='mysql://10.0.0.5/db';d='http://a:8080/x'</script>", []),
    ("password", "<script>var cfg={user:'app',dbPassword:'Zx9$kfla22'}</script>", ["content.secret.password"]),
    (
      "a form's messages",
      "<script>m={password:'请输入密码',pwd:'#password',passwd:\"input[type=p1]\",password:'Password1!'}</script>", []
    ),
    ("a visitor's token", "<script>csrf_token='a8f7d6e5c4b3a291';sessionid='Zx9kfla22Q'</script>", []),
    ("a map's key", "<script>apiKey='Zx9kfla22QaBcD'</script>", []),
    ("JWT", "<script>t='\(token)'</script>", ["content.secret.token"]),
  ]

  @Test("keys and passwords are found by strict forms, and never shown", arguments: secrets)
  func secret(name: String, html: String, expected: [String]) throws {
    let seen = look([try visited("<html><title>t</title>\(html)</html>")])
    #expect(seen.found == expected, "\(name)")
    for secret in [Self.aws, Self.aliyun, Self.token, "Pa55w0rd", "Zx9$kfla22"] {
      #expect(!seen.answers.contains { $0.evidence.contains(secret) } && seen.memory?.contains(secret) != true)
    }
  }
}

/// Names whose value is a secret: of parameters, JSON members and headers. Compared in lower case without `-`
/// and `_`.
enum SecretNames {
  /// Longer names are cut at their front: what counts is how they end.
  static let lengthLimit = 40

  /// `password=...`, `"access_token": "..."`. `strict`: the separator was `=` or a JSON member, where short names
  /// such as `sid` mean a session; behind a colon in free text they mean other things (a rule's `sid:`).
  static func isSecret(_ name: ByteText, strict: Bool) -> Bool {
    guard name.count >= 3 else { return false }
    let bare = normalised(name)
    return exact.contains(bare) || (strict && exactWhenStrict.contains(bare))
      || endings.contains { bare.hasSuffix($0) } || bare.hasPrefix("aspsessionid")
  }

  /// Headers whose whole value is a secret.
  static func isHeader(_ name: ByteText) -> Bool {
    guard name.count >= 6, name.count <= lengthLimit else { return false }
    return headers.contains(normalised(name))
  }

  private static let exact: Set<String> = [
    "password", "passwd", "pwd", "pass", "passphrase", "passcode", "secret", "token", "auth", "authorization",
    "proxyauthorization", "cookie", "setcookie", "cookies", "session", "jsessionid", "credential", "credentials",
    "otp", "cvv", "csrf", "xsrf", "密码", "口令", "idcard", "idnumber", "身份证", "身份证号", "mobile", "phonenumber",
  ]
  private static let exactWhenStrict: Set<String> = [
    "sid", "sig", "pin", "ticket", "signature", "xamzsignature", "jwt",
  ]
  private static let endings = [
    "password", "passwd", "pwd", "secret", "token", "apikey", "accesskey", "secretkey", "privatekey", "sessionid",
    "sessid", "passphrase",
  ]
  private static let headers: Set<String> = [
    "authorization", "proxyauthorization", "cookie", "setcookie", "cookie2", "setcookie2", "xapikey", "xauthtoken",
    "xcsrftoken", "xxsrftoken", "xaccesstoken", "xamzsecuritytoken", "authenticationinfo",
  ]

  private static func normalised(_ name: ByteText) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(name.count)
    for place in 0..<name.count where name[place] != UInt8(ascii: "-") && name[place] != UInt8(ascii: "_") {
      let byte = name[place]
      bytes.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

internal import Foundation
internal import Records
internal import Services
internal import Wire

/// How the robots of three chats are spoken to: address, body, signature and answer, as their makers document them.
enum ChatForm: Sendable {
  case dingtalk, wecom, feishu

  init?(_ channel: ContactChannel) {
    switch channel {
    case .dingtalk: self = .dingtalk
    case .wecom: self = .wecom
    case .feishu: self = .feishu
    case .mail, .webhook, .syslog, .file: return nil
    }
  }

  /// Bytes of text in a message: WeCom takes 2,048 of a text, DingTalk and Feishu 20,000 of a whole body, in which JSON may
  /// double a sign.
  var longestText: Int { self == .wecom ? 2048 : 9000 }

  /// `secret` nil: the robot is guarded by a keyword or by our address, not by a signature.
  func request(_ dispatch: Dispatch, url: String, secret: String?, now: Timestamp) throws -> (
    url: String, body: [UInt8]
  ) {
    let text = DispatchText.short(dispatch, bytes: longestText)
    switch self {
    case .dingtalk:
      return (ChatForm.signedURL(url, secret: secret, now: now), try RecordJSON.encode(TypedText(text)))
    case .wecom: return (url, try RecordJSON.encode(TypedText(text)))
    case .feishu:
      var message = FeishuText(text)
      if let secret {
        message.timestamp = String(now.seconds)
        message.sign = ChatForm.code("", key: "\(now.seconds)\n\(secret)")
      }
      return (url, try RecordJSON.encode(message))
    }
  }

  /// DingTalk: time in milliseconds and an HMAC under the secret, behind the token.
  static func signedURL(_ url: String, secret: String?, now: Timestamp) -> String {
    guard let secret else { return url }
    let time = now.seconds * 1000
    let sign = code("\(time)\n\(secret)", key: secret)
      .replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
    return url + (url.contains("?") ? "&" : "?") + "timestamp=\(time)&sign=\(sign)"
  }

  /// HMAC-SHA-256 in base64.
  static func code(_ text: String, key: String) -> String {
    let code = unsafe Array(text.utf8).withUnsafeBytes { unsafe SHA256.authenticate($0, key: Array(key.utf8)) }
    return Data(code).base64EncodedString()
  }

  /// DingTalk and WeCom share a form.
  struct TypedText: Codable, Sendable {
    struct Content: Codable, Sendable { var content: String }
    var msgtype = "text"
    var text: Content
    init(_ text: String) { self.text = Content(content: text) }
  }

  struct FeishuText: Codable, Sendable {
    struct Content: Codable, Sendable { var text: String }
    var timestamp: String?
    var sign: String?
    var messageType = "text"
    var content: Content
    init(_ text: String) { content = Content(text: text) }

    private enum CodingKeys: String, CodingKey {
      case timestamp, sign, content
      case messageType = "msg_type"
    }
  }
}

/// What the robots say within an HTTP 200.
struct ChatAnswer: Codable, Sendable {
  var errcode: Int?
  var errmsg: String?
  var code: Int?
  var msg: String?
  /// Feishu's older answers.
  var statusCode: Int?

  private enum CodingKeys: String, CodingKey {
    case errcode, errmsg, code, msg
    case statusCode = "StatusCode"
  }

  /// Too many messages: DingTalk 130101, 410100 and 90030, WeCom 45009 and 45033, Feishu 11232 and 230020. A robot that was
  /// too fast is shut out for some minutes. A code that is missing here costs the message a try, no more.
  private static let tooFast: Set<Int> = [130_101, 410_100, 90_030, 45_009, 45_033, 11_232, 230_020]
  private static let pause = 60.0
  /// The text itself is refused: too long (DingTalk 460101, WeCom 40058) or its words (DingTalk 430101 to 430104).
  private static let never: Set<Int> = [460_101, 40_058, 430_101, 430_102, 430_103, 430_104]

  static func outcome(_ reply: Exchange.Reply) -> DeliveryOutcome {
    let byStatus = HTTPVerdict.outcome(reply)
    guard case .accepted = byStatus else { return byStatus }
    guard let answer = try? RecordJSON.decode(ChatAnswer.self, from: reply.body),
      let code = answer.errcode ?? answer.code ?? answer.statusCode
    else { return .failed("the robot's answer holds no code", after: nil) }
    if code == 0 { return .accepted }
    let message = DispatchText.clean(String((answer.errmsg ?? answer.msg ?? "").prefix(200)), keepsLines: false)
    let words = "the robot said \(code) \(message)"
    if tooFast.contains(code) { return .unavailable(words, after: pause) }
    if code == -1 { return .unavailable(words, after: nil) }
    return never.contains(code) ? .refused(words) : .failed(words, after: nil)
  }
}
